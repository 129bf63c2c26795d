import NIOCore

/// The head of a server's WebSocket text frame: final, not masked (RFC 6455 section 5.2).
package enum TextFrame {
    package static func header(payloadBytes count: Int) -> [UInt8] {
        var buffer = ByteBuffer()
        write(payloadBytes: count, to: &buffer)
        return Array(buffer.readableBytesView)
    }

    /// Writes the head in front of a payload that follows; allocates nothing where the buffer has room.
    package static func write(payloadBytes count: Int, to buffer: inout ByteBuffer) {
        let text: UInt8 = 0x81
        switch count {
        case ..<126: buffer.writeMultipleIntegers(text, UInt8(count))
        case ..<65_536: buffer.writeMultipleIntegers(text, UInt8(126), UInt16(count))
        default: buffer.writeMultipleIntegers(text, UInt8(127), UInt64(count))
        }
    }
}
