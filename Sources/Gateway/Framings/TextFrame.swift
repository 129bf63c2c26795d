/// The head of a server's WebSocket text frame: final, not masked (RFC 6455 section 5.2).
package enum TextFrame {
    package static func header(payloadBytes count: Int) -> [UInt8] {
        let text: UInt8 = 0x81
        switch count {
        case ..<126: return [text, UInt8(count)]
        case ..<65536: return [text, 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        default: return [text, 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        }
    }
}
