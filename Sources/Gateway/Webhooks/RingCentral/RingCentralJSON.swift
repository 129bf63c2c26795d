/// A JSON value (RFC 8259) as RingCentral writes it, read tolerantly: numbers as text, text as numbers, null anywhere.
///
/// A pure function over bytes: bounded by the body's size and by `JSONText.maximumDepth`, and it survives any input.
package enum RingCentralJSON: Equatable, Sendable {
    package struct Member: Equatable, Sendable {
        package var name: String
        package var value: RingCentralJSON
    }

    /// In the order they came: the few members of a notification are found faster than they are hashed.
    case object([Member])
    case list([RingCentralJSON])
    case text(String)
    /// As it is written: a 63-bit id must not go through a floating-point number.
    case number(String)
    case flag(Bool)
    case null

    /// - Throws: `JSONText.Fault` for what is not one JSON value, and for strings that are not UTF-8.
    package init(parsing bytes: [UInt8]) throws(JSONText.Fault) {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .syntax(offset: 0) }
        let text = bytes.span
        var at = 0
        self = try Self.value(text, bytes, &at, depth: 0)
        JSONText.skipSpace(text, &at)
        guard at == text.count else { throw .syntax(offset: at) }
    }

    /// nil for a missing member, for null, and on anything but an object.
    package subscript(_ key: String) -> RingCentralJSON? {
        guard case .object(let members) = self, let value = members.last(where: { $0.name == key })?.value else {
            return nil
        }
        if case .null = value { return nil }
        return value
    }

    /// Text, or a whole number's digits. Empty text is none.
    package var string: String? {
        switch self {
        case .text(let text): text.isEmpty ? nil : text
        case .number(let digits): Int64(digits) == nil ? nil : digits
        case .object, .list, .flag, .null: nil
        }
    }

    package var integer: Int64? {
        switch self {
        case .number(let digits), .text(let digits): Int64(digits)
        case .object, .list, .flag, .null: nil
        }
    }

    package var bool: Bool? {
        switch self {
        case .flag(let flag): flag
        case .text(let text): ["true": true, "false": false][text.lowercased()]
        case .object, .list, .number, .null: nil
        }
    }

    /// A list's items; none for anything else.
    package var items: [RingCentralJSON] {
        if case .list(let items) = self { items } else { [] }
    }

    private static func value(_ text: Span<UInt8>, _ bytes: [UInt8], _ at: inout Int, depth: Int) throws(JSONText.Fault)
        -> RingCentralJSON
    {
        guard depth < JSONText.maximumDepth else { throw .tooDeep }
        JSONText.skipSpace(text, &at)
        guard at < text.count else { throw .syntax(offset: at) }
        switch text[at] {
        case UInt8(ascii: "{"):
            at += 1
            var members: [Member] = []
            if JSONText.take(UInt8(ascii: "}"), text, &at) { return .object(members) }
            repeat {
                let name = try string(text, bytes, &at)
                try JSONText.expect(UInt8(ascii: ":"), text, &at)
                members.append(Member(name: name, value: try value(text, bytes, &at, depth: depth + 1)))
            } while JSONText.take(UInt8(ascii: ","), text, &at)
            try JSONText.expect(UInt8(ascii: "}"), text, &at)
            return .object(members)
        case UInt8(ascii: "["):
            at += 1
            var items: [RingCentralJSON] = []
            if JSONText.take(UInt8(ascii: "]"), text, &at) { return .list(items) }
            repeat {
                items.append(try value(text, bytes, &at, depth: depth + 1))
            } while JSONText.take(UInt8(ascii: ","), text, &at)
            try JSONText.expect(UInt8(ascii: "]"), text, &at)
            return .list(items)
        case UInt8(ascii: "\""): return .text(try string(text, bytes, &at))
        case let first:
            let start = at
            try JSONText.skip(text, &at)
            switch first {
            case UInt8(ascii: "t"): return .flag(true)
            case UInt8(ascii: "f"): return .flag(false)
            case UInt8(ascii: "n"): return .null
            default:
                return .number(String(decoding: bytes[start..<at], as: UTF8.self))
            }
        }
    }

    private static func string(_ text: Span<UInt8>, _ bytes: [UInt8], _ at: inout Int) throws(JSONText.Fault)
        -> String
    {
        let found = try JSONText.string(text, &at)
        // The body as a whole is UTF-8 already, and an escape stands for whole characters.
        return found.hasEscapes
            ? String(decoding: unescaped(text, found.range), as: UTF8.self)
            : String(decoding: bytes[found.range], as: UTF8.self)
    }

    private static func unescaped(_ text: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if text[index] == UInt8(ascii: "\\") {
                index = unescape(text, index + 1, into: &bytes)
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        return bytes
    }

    /// - Parameter index: of the character after the backslash; the scanner has checked that the escape is whole.
    /// - Returns: the index after the escape.
    private static func unescape(_ text: Span<UInt8>, _ index: Int, into bytes: inout [UInt8]) -> Int {
        switch text[index] {
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            let high = unit(text, index + 1)
            var next = index + 5
            var scalar = Unicode.Scalar(high)
            if (0xD800..<0xDC00).contains(high), next + 5 < text.count, text[next] == UInt8(ascii: "\\"),
                text[next + 1] == UInt8(ascii: "u")
            {
                let low = unit(text, next + 2)
                if (0xDC00..<0xE000).contains(low) {
                    scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
                    next += 6
                }
            }
            // Half a pair is no character.
            bytes.append(contentsOf: Array(String(Character(scalar ?? "\u{FFFD}")).utf8))
            return next
        case let plain: bytes.append(plain)
        }
        return index + 1
    }

    private static func unit(_ text: Span<UInt8>, _ start: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in start..<start + 4 {
            let byte = text[index]
            value = value << 4 | UInt32(byte < 0x3A ? byte - 0x30 : (byte | 0x20) - 0x57)
        }
        return value
    }
}
