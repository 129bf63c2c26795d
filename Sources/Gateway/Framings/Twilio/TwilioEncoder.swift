import Codecs
import Engine
import NIOCore

/// Writes messages to Twilio, each as a whole WebSocket text frame: exactly the fields the vendor documents, because any
/// other makes it warn (31951).
package struct TwilioEncoder: Sendable {
    private let mediaHead: [UInt8]
    private let markHead: [UInt8]
    private let clearMessage: [UInt8]

    /// - Parameter streamSid: as the provider wrote it in `start`.
    package init(streamSid: String) {
        let sid = Self.quoted(streamSid)
        let media = Array(#"{"event":"media","streamSid":\#(sid),"media":{"payload":""#.utf8)
        mediaHead = TextFrame.header(payloadBytes: media.count + Self.frameText + 3) + media
        markHead = Array(#"{"event":"mark","streamSid":\#(sid),"mark":{"name":""#.utf8)
        let clear = Array(#"{"event":"clear","streamSid":\#(sid)}"#.utf8)
        clearMessage = TextFrame.header(payloadBytes: clear.count) + clear
    }

    /// Characters of one frame's base64.
    private static let frameText = Base64.encodedCount(for: Frame.samples)

    package func writeMedia(_ bytes: FrameBytes, to buffer: inout ByteBuffer) {
        buffer.writeBytes(mediaHead)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.frameText) { space in
            Self.base64(bytes, into: space)
            return Self.frameText
        }
        buffer.writeStaticString("\"}}")
    }

    package func writeMark(_ number: Int64, to buffer: inout ByteBuffer) {
        let name = MarkName.text(number)
        buffer.writeBytes(TextFrame.header(payloadBytes: markHead.count + name.utf8.count + 3))
        buffer.writeBytes(markHead)
        buffer.writeString(name)
        buffer.writeStaticString("\"}}")
    }

    package func writeClear(to buffer: inout ByteBuffer) { buffer.writeBytes(clearMessage) }

    private static func base64(_ bytes: FrameBytes, into space: UnsafeMutableRawBufferPointer) {
        var output = MutableSpan(_unsafeElements: space.bindMemory(to: UInt8.self))
        _ = try? Base64.encode(bytes.span, into: &output)
    }

    /// A JSON string with its quotes.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<"\u{20}":
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Our mark names: `p` and a number.
package enum MarkName {
    package static func text(_ number: Int64) -> String { "p\(number)" }

    /// - Returns: nil for a name that is not ours.
    package static func number(_ text: Span<UInt8>, in range: Range<Int>) -> Int64? {
        guard range.count > 1, text[range.lowerBound] == UInt8(ascii: "p") else { return nil }
        return JSONText.integer(text, in: range.dropFirst())
    }
}
