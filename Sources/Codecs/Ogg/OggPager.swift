/// Lays packets out on Ogg pages. Holds at most one page: 255 segments, about 64 KiB.
struct OggPager: Sendable {
    private let serial: UInt32
    private var sequence: UInt32 = 0
    private var segments: [UInt8] = []
    private var body: [UInt8] = []
    private var isContinued = false
    /// Of the last packet that ended on the pending page.
    private var granule: Int64 = -1

    var isEmpty: Bool { segments.isEmpty }

    init(serial: UInt32) {
        self.serial = serial
        segments.reserveCapacity(255)
    }

    /// Full pages go to `output` on the way: a packet may be longer than a page.
    mutating func add(_ packet: Span<UInt8>, granule: Int64, flags: OggPage.Flags, to output: inout [UInt8]) {
        var place = 0
        while true {
            if segments.count == 255 { flush(flags: flags, isInsidePacket: place > 0, to: &output) }
            let length = min(255, packet.count - place)
            segments.append(UInt8(length))
            for index in place..<(place + length) { body.append(packet[index]) }
            place += length
            if length < 255 { break }
        }
        self.granule = granule
    }

    /// Ends the pending page.
    mutating func flush(
        flags: OggPage.Flags,
        isInsidePacket: Bool = false,
        granule: Int64? = nil,
        to output: inout [UInt8]
    ) {
        let start = output.count
        var flags = flags
        if isContinued { flags.insert(.continued) }
        output += Array("OggS".utf8) + [0, flags.rawValue]
        output += LittleEndian.little(Int(granule ?? self.granule), 8) + LittleEndian.little(Int(serial), 4)
        output += LittleEndian.little(Int(sequence), 4) + [0, 0, 0, 0, UInt8(segments.count)]
        output += segments
        output += body
        let field = start + OggPage.checksumOffset
        let checksum = OggChecksum.of(output, start..<output.count, checksumAt: field)
        for (index, byte) in LittleEndian.little(Int(checksum), 4).enumerated() { output[field + index] = byte }
        segments.removeAll(keepingCapacity: true)
        body.removeAll(keepingCapacity: true)
        sequence &+= 1
        isContinued = isInsidePacket
        self.granule = -1
    }
}
