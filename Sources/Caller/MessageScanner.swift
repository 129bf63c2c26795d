/// Reads one small JSON document (RFC 8259) into objects and strings; numbers, arrays and literals are checked for
/// their end only.
///
/// A call receives fifty messages a second, most of them one long base64 string, and hundreds of calls share a
/// process: a general decoder would cost more than the rest of the call.
struct MessageScanner {
    enum Value {
        case string([UInt8])
        case object([Field])
        case other
    }

    struct Field {
        let name: String
        let value: Value
    }

    private let text: [UInt8]
    private var index = 0
    /// Deeper documents are refused: no message of the protocol nests more than three times.
    private static let deepest = 8

    private init(_ text: [UInt8]) { self.text = text }

    /// - Returns: nil when the text is not JSON.
    static func scan(_ text: [UInt8]) -> Value? {
        var scanner = MessageScanner(text)
        guard let value = scanner.value(depth: 0) else { return nil }
        scanner.skipSpace()
        return scanner.index == text.count ? value : nil
    }

    private var current: UInt8? { index < text.count ? text[index] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard current == byte else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) -> Value? {
        guard depth <= Self.deepest else { return nil }
        skipSpace()
        switch current {
        case UInt8(ascii: "{")?: return object(depth: depth)
        case UInt8(ascii: "[")?: return array(depth: depth)
        case UInt8(ascii: "\"")?: return string().map(Value.string)
        default: return scalar()
        }
    }

    private mutating func object(depth: Int) -> Value? {
        index += 1
        var fields: [Field] = []
        if take(UInt8(ascii: "}")) { return .object(fields) }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\""), let name = string(), take(UInt8(ascii: ":")),
                let value = value(depth: depth + 1)
            else { return nil }
            fields.append(Field(name: String(decoding: name, as: UTF8.self), value: value))
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? .object(fields) : nil
    }

    private mutating func array(depth: Int) -> Value? {
        index += 1
        if take(UInt8(ascii: "]")) { return .other }
        repeat {
            guard value(depth: depth + 1) != nil else { return nil }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]")) ? .other : nil
    }

    private mutating func scalar() -> Value? {
        let start = index
        while let byte = current, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "]"),
            byte > 0x20
        { index += 1 }
        let word = String(decoding: text[start..<index], as: UTF8.self)
        if ["true", "false", "null"].contains(word) { return .other }
        // `Double` also reads names such as `nan`, which JSON does not have.
        let isNumber = word.first.map { $0 == "-" || $0.isNumber } == true && Double(word)?.isFinite == true
        return isNumber ? .other : nil
    }

    private mutating func string() -> [UInt8]? {
        index += 1
        let start = index
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
        guard let stop = current, stop >= 0x20 else { return nil }
        var result = Array(text[start..<index])
        while let byte = current {
            index += 1
            if byte == UInt8(ascii: "\"") { return result }
            if byte < 0x20 { return nil }
            if byte != UInt8(ascii: "\\") {
                result.append(byte)
            } else if let scalar = escape() {
                result.append(contentsOf: Array(String(Character(scalar)).utf8))
            } else {
                return nil
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard let byte = current else { return nil }
        index += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let high = codeUnit() else { return nil }
            guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
            guard text[index...].starts(with: Array("\\u".utf8)) else { return nil }
            index += 2
            guard let low = codeUnit(), (0xDC00..<0xE000).contains(low) else { return nil }
            return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        default: return nil
        }
    }

    private mutating func codeUnit() -> UInt32? {
        guard index + 4 <= text.count else { return nil }
        let digits = text[index..<index + 4]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        index += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
