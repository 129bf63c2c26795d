import Foundation

/// Decoding of one event's JSON, forgiving where a server cut a text inside a character.
package enum EventJSON {
    /// - Throws: `ChatFault.malformed`; what was received is not part of it.
    package static func decode<Message: Decodable>(
        _ type: Message.Type,
        _ text: String
    ) throws(ChatFault) -> Message {
        if let message = try? JSONDecoder().decode(type, from: Data(text.utf8)) { return message }
        if let repaired = withoutHalfCharacters(text),
            let message = try? JSONDecoder().decode(type, from: Data(repaired.utf8))
        {
            return message
        }
        throw .malformed("an event that is not the JSON it should be")
    }

    /// JSON writes a character beyond U+FFFF as two escapes (RFC 8259 section 7), and a server that cuts its text between them
    /// sends half a character, which no decoder takes.
    /// - Returns: the text with `\ufffd` in the place of each half; nil when there is none.
    package static func withoutHalfCharacters(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var kept = 0
        var at = 0
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "\\") else {
                at += 1
                continue
            }
            guard let unit = escapedUnit(bytes, at), (0xD800...0xDFFF).contains(unit) else {
                at += 2
                continue
            }
            if unit < 0xDC00, let second = escapedUnit(bytes, at + 6), (0xDC00...0xDFFF).contains(second) {
                at += 12
                continue
            }
            result += bytes[kept..<at]
            result += Array("\\ufffd".utf8)
            at += 6
            kept = at
        }
        return kept == 0 ? nil : String(decoding: result + bytes[kept...], as: UTF8.self)
    }

    /// The value of `\uXXXX` at `start`; nil when something else stands there.
    private static func escapedUnit(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return Int(String(decoding: bytes[start + 2..<start + 6], as: UTF8.self), radix: 16)
    }
}
