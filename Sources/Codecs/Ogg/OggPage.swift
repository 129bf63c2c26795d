/// One page of an Ogg stream, as found in a file.
///
/// - Source: RFC 3533 section 6.
struct OggPage {
    static let headerBytes = 27
    static let checksumOffset = 22

    struct Flags: OptionSet {
        let rawValue: UInt8
        static let continued = Flags(rawValue: 1)
        static let first = Flags(rawValue: 2)
        static let last = Flags(rawValue: 4)
    }

    var offset: Int
    var flags: Flags
    /// Time stamp at the end of the last packet that ends here; -1 if none does.
    var granule: Int64
    var serial: UInt32
    var sequence: UInt32
    /// Length of each lacing segment: below 255 ends a packet.
    var segments: Range<Int>
    var body: Range<Int>

    init(_ bytes: [UInt8], at offset: Int) throws(OggError) {
        let reader = ByteReader(bytes: bytes)
        guard reader.has("OggS", at: offset) else {
            // The first bytes of a page may be all that is left of it.
            let isCut =
                bytes.count - offset < 4 && bytes[offset...].elementsEqual("OggS".utf8.prefix(bytes.count - offset))
            throw isCut ? .truncated(offset: offset) : .noPage(offset: offset)
        }
        guard bytes.count - offset >= Self.headerBytes else { throw .truncated(offset: offset) }
        guard bytes[offset + 4] == 0 else { throw .unsupportedVersion(Int(bytes[offset + 4]), offset: offset) }
        let segments = (offset + Self.headerBytes)..<(offset + Self.headerBytes + Int(bytes[offset + 26]))
        guard segments.upperBound <= bytes.count else { throw .truncated(offset: offset) }
        let length = bytes[segments].reduce(0) { $0 + Int($1) }
        guard length <= bytes.count - segments.upperBound else { throw .truncated(offset: offset) }
        self.offset = offset
        self.segments = segments
        body = segments.upperBound..<(segments.upperBound + length)
        flags = Flags(rawValue: bytes[offset + 5])
        // All inside the header, whose length was checked.
        let word = { UInt32(truncatingIfNeeded: reader.uint32(at: offset + $0) ?? 0) }
        granule = Int64(truncatingIfNeeded: UInt64(word(6)) | UInt64(word(10)) << 32)
        serial = word(14)
        sequence = word(18)
        let checksum = OggChecksum.of(bytes, offset..<body.upperBound, checksumAt: offset + Self.checksumOffset)
        guard word(Self.checksumOffset) == checksum else { throw .badChecksum(offset: offset) }
    }
}
