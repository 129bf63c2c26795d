import NIOCore

/// Cuts what a server sends into WebSocket frames (RFC 6455 section 5.2) without copying whole ones.
package struct LoadFrameReader {
    package enum Step: Equatable {
        /// A whole frame: where its payload stands in the bytes given, and where the next frame begins.
        case frame(LoadFrames.Opcode, isFinal: Bool, payload: Range<Int>)
        case more
        case broken
    }

    /// Longest payload taken.
    static let limit = 1 << 20

    package static func next(_ bytes: Span<UInt8>, at start: Int) -> Step {
        guard bytes.count - start >= 2 else { return .more }
        let first = bytes[start]
        let second = bytes[start + 1]
        // No extension was agreed on, and a server's frames are not masked.
        guard first & 0x70 == 0, second & 0x80 == 0, let opcode = LoadFrames.Opcode(rawValue: first & 0x0F) else {
            return .broken
        }
        var header = 2
        var length = Int(second)
        if length == 126 {
            header = 4
            guard bytes.count - start >= header else { return .more }
            length = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
        } else if length == 127 {
            header = 10
            guard bytes.count - start >= header else { return .more }
            var long: UInt64 = 0
            for index in 2..<10 { long = long << 8 | UInt64(bytes[start + index]) }
            guard long <= UInt64(limit) else { return .broken }
            length = Int(long)
        }
        guard length <= limit, opcode.rawValue < 8 || (length < 126 && first & 0x80 != 0) else { return .broken }
        let payload = start + header
        guard bytes.count - payload >= length else { return .more }
        return .frame(opcode, isFinal: first & 0x80 != 0, payload: payload..<payload + length)
    }
}
