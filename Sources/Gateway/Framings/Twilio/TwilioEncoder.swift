import Codecs
import Engine
import NIOCore

/// Writes messages to Twilio: exactly the fields the vendor documents, because any other makes it warn (31951).
package struct TwilioEncoder: Sendable {
    private let mediaHead: [UInt8]
    private let markHead: [UInt8]
    private let clearMessage: [UInt8]

    /// - Parameter streamSid: as the provider wrote it in `start`.
    package init(streamSid: String) {
        let sid = Self.quoted(streamSid)
        mediaHead = Array(#"{"event":"media","streamSid":\#(sid),"media":{"payload":""#.utf8)
        markHead = Array(#"{"event":"mark","streamSid":\#(sid),"mark":{"name":""#.utf8)
        clearMessage = Array(#"{"event":"clear","streamSid":\#(sid)}"#.utf8)
    }

    /// Bytes of a media message of one frame.
    package var mediaBytes: Int { mediaHead.count + 216 + 3 }

    package func writeMedia(_ bytes: FrameBytes, to buffer: inout ByteBuffer) {
        buffer.writeBytes(mediaHead)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 216) { space in
            Self.base64(bytes, into: space)
            return 216
        }
        buffer.writeStaticString("\"}}")
    }

    package func writeMark(_ number: Int64, to buffer: inout ByteBuffer) {
        buffer.writeBytes(markHead)
        buffer.writeString(MarkName.text(number))
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
