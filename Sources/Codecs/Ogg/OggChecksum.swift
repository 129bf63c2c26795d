/// The checksum of an Ogg page.
///
/// - Source: RFC 3533 section 6: polynomial 0x04C11DB7, not reflected, starting at 0, no final inversion.
enum OggChecksum {
    // Made once, on first use: files are not written or read on a media path.
    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index) << 24
        for _ in 0..<8 { value = value << 1 ^ (value & 0x8000_0000 == 0 ? 0 : 0x04C1_1DB7) }
        return value
    }

    /// - Parameter checksumAt: the page's own checksum field, four bytes that count as zero.
    static func of(_ bytes: [UInt8], _ range: Range<Int>, checksumAt field: Int) -> UInt32 {
        var value: UInt32 = 0
        let table = Self.table
        for index in range {
            let byte = field..<(field + 4) ~= index ? 0 : bytes[index]
            value = value << 8 ^ table[Int(value >> 24) ^ Int(byte)]
        }
        return value
    }
}
