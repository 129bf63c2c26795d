/// Little-endian reads at checked positions of a byte array.
struct ByteReader {
    let bytes: [UInt8]

    /// `nil` beyond the end.
    func uint16(at offset: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - 2 else { return nil }
        return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
    }

    func uint32(at offset: Int) -> Int? {
        guard let low = uint16(at: offset), let high = uint16(at: offset + 2) else { return nil }
        return low | high << 16
    }

    /// Four characters, compared as bytes.
    func has(_ tag: StaticString, at offset: Int) -> Bool {
        guard offset >= 0, offset <= bytes.count - tag.utf8CodeUnitCount else { return false }
        return bytes[offset..<(offset + tag.utf8CodeUnitCount)].elementsEqual(tag.description.utf8)
    }
}
