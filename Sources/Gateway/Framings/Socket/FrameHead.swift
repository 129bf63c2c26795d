/// The head of a client's frame (RFC 6455 section 5.2).
struct FrameHead: Equatable {
    let opcode: UInt8
    let isFinal: Bool
    /// Of the payload, in bytes.
    let length: Int
    /// The mask, its first byte lowest.
    let key: UInt32
    /// Its own length.
    let bytes: Int

    /// - Returns: nil when more bytes are needed.
    /// - Throws: `MessageReader.Fault.broken`, as soon as a byte shows that the frame is none of ours: no extension was agreed on, so the
    ///   reserved bits are zero; an opcode that nobody has defined; a control frame in parts or longer than 125 bytes; no mask
    ///   (section 5.1).
    init?(_ bytes: Span<UInt8>) throws(MessageReader.Fault) {
        guard bytes.count > 0 else { return nil }
        opcode = bytes[0] & 0x0F
        isFinal = bytes[0] & 0x80 != 0
        let isControl = opcode & 0x8 != 0
        guard bytes[0] & 0x70 == 0, isControl ? (0x8...0xA).contains(opcode) && isFinal : opcode <= 0x2 else {
            throw .broken
        }
        guard bytes.count > 1 else { return nil }
        let short = bytes[1] & 0x7F
        guard bytes[1] & 0x80 != 0, !isControl || short <= 125 else { throw .broken }
        let more = short == 127 ? 8 : short == 126 ? 2 : 0
        guard bytes.count >= 2 + more else { return nil }
        var long: UInt64 = 0
        for index in 2..<(2 + more) { long = long << 8 | UInt64(bytes[index]) }
        // Above what can be counted is above what any limit allows.
        length = more == 0 ? Int(short) : Int(clamping: long)
        self.bytes = 2 + more + 4
        guard bytes.count >= self.bytes else { return nil }
        var key: UInt32 = 0
        for index in 0..<4 { key |= UInt32(bytes[2 + more + index]) << (8 * UInt32(index)) }
        self.key = key
    }
}
