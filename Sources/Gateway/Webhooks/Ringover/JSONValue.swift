/// A JSON document as values, with its numbers as they were written: no id passes through a floating-point number.
///
/// Bounded by `JSONText.maximumDepth` and by the size of the text. A name that comes twice in an object is a fault, because
/// two readers could then see two different documents behind one signature.
package enum JSONValue: Equatable, Sendable {
    case null
    case flag(Bool)
    case number(JSONNumber)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    package enum Fault: Error, Equatable {
        case json(JSONText.Fault)
        case notUTF8
        case twice(name: String)
    }

    package init(parsing text: [UInt8]) throws(Fault) { try self.init(parsing: text.span) }

    package init(parsing text: Span<UInt8>) throws(Fault) {
        var at = 0
        self = try Self.value(text, &at, depth: 0)
        JSONText.skipSpace(text, &at)
        guard at == text.count else { throw .json(.syntax(offset: at)) }
    }

    /// A member of an object; nil for every other kind of value, and for `null`.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self, let value = members[name], value != .null else { return nil }
        return value
    }

    /// A text, or a number as its digits: ids and telephone numbers come as both.
    package var word: String? {
        switch self {
        case .text(let text): text
        case .number(let number): number.digits
        case .null, .flag, .list, .object: nil
        }
    }

    package var isObject: Bool { if case .object = self { true } else { false } }

    // MARK: Reading

    private static func value(_ text: Span<UInt8>, _ at: inout Int, depth: Int) throws(Fault) -> JSONValue {
        guard depth < JSONText.maximumDepth else { throw .json(.tooDeep) }
        JSONText.skipSpace(text, &at)
        guard at < text.count else { throw .json(.syntax(offset: at)) }
        switch text[at] {
        case UInt8(ascii: "{"): return try object(text, &at, depth: depth)
        case UInt8(ascii: "["): return try list(text, &at, depth: depth)
        case UInt8(ascii: "\""): return .text(try string(text, &at))
        default: break
        }
        let start = at
        do throws(JSONText.Fault) { try JSONText.skip(text, &at) } catch { throw .json(error) }
        switch text[start] {
        case UInt8(ascii: "t"): return .flag(true)
        case UInt8(ascii: "f"): return .flag(false)
        case UInt8(ascii: "n"): return .null
        default: return .number(JSONNumber(written: characters(text, start..<at)))
        }
    }

    private static func object(_ text: Span<UInt8>, _ at: inout Int, depth: Int) throws(Fault) -> JSONValue {
        at += 1
        var members: [String: JSONValue] = [:]
        if JSONText.take(UInt8(ascii: "}"), text, &at) { return .object(members) }
        repeat {
            let name = try string(text, &at)
            do throws(JSONText.Fault) { try JSONText.expect(UInt8(ascii: ":"), text, &at) } catch { throw .json(error) }
            let value = try value(text, &at, depth: depth + 1)
            guard members.updateValue(value, forKey: name) == nil else { throw .twice(name: name) }
        } while JSONText.take(UInt8(ascii: ","), text, &at)
        do throws(JSONText.Fault) { try JSONText.expect(UInt8(ascii: "}"), text, &at) } catch { throw .json(error) }
        return .object(members)
    }

    private static func list(_ text: Span<UInt8>, _ at: inout Int, depth: Int) throws(Fault) -> JSONValue {
        at += 1
        var items: [JSONValue] = []
        if JSONText.take(UInt8(ascii: "]"), text, &at) { return .list(items) }
        repeat {
            items.append(try value(text, &at, depth: depth + 1))
        } while JSONText.take(UInt8(ascii: ","), text, &at)
        do throws(JSONText.Fault) { try JSONText.expect(UInt8(ascii: "]"), text, &at) } catch { throw .json(error) }
        return .list(items)
    }

    private static func string(_ text: Span<UInt8>, _ at: inout Int) throws(Fault) -> String {
        let found: JSONText.Text
        do throws(JSONText.Fault) { found = try JSONText.string(text, &at) } catch { throw .json(error) }
        guard found.hasEscapes else {
            let result = text.extracting(found.range).withUnsafeBufferPointer {
                String(validating: $0, as: UTF8.self)
            }
            guard let result else { throw .notUTF8 }
            return result
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(found.range.count)
        var index = found.range.lowerBound
        while index < found.range.upperBound {
            guard text[index] == UInt8(ascii: "\\") else {
                bytes.append(text[index])
                index += 1
                continue
            }
            unescape(text, &index, before: found.range.upperBound, into: &bytes)
        }
        guard let result = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        return result
    }

    /// One escape; its syntax was checked. Half a surrogate pair becomes U+FFFD.
    private static func unescape(_ text: Span<UInt8>, _ index: inout Int, before end: Int, into bytes: inout [UInt8]) {
        let kind = text[index + 1]
        guard kind == UInt8(ascii: "u") else {
            index += 2
            switch kind {
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            default: bytes.append(kind)
            }
            return
        }
        var scalar = codeUnit(text, index + 2)
        index += 6
        if 0xD800..<0xDC00 ~= scalar, index + 6 <= end, text[index] == UInt8(ascii: "\\"),
            text[index + 1] == UInt8(ascii: "u")
        {
            let low = codeUnit(text, index + 2)
            if 0xDC00..<0xE000 ~= low {
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
                index += 6
            }
        }
        bytes += Array(String(Character(Unicode.Scalar(scalar) ?? "\u{FFFD}")).utf8)
    }

    private static func codeUnit(_ text: Span<UInt8>, _ start: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in start..<start + 4 {
            let byte = text[index]
            let digit = byte < 0x3A ? byte - 0x30 : (byte | 0x20) - 0x61 + 10
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private static func characters(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
        String(unsafeUninitializedCapacity: range.count) { space in
            for (offset, index) in range.enumerated() { space[offset] = text[index] }
            return range.count
        }
    }
}

/// A JSON number as it was written. Equal numbers are equal however they are written: `1.0`, `1` and `10e-1`.
package struct JSONNumber: Equatable, Sendable {
    package let written: String

    package init(written: String) { self.written = written }

    package static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        if left.written == right.written { return true }
        guard let left = left.decimal, let right = right.decimal else { return false }
        return left == right
    }

    /// A whole number's decimal digits, exact at any length; nil for every other number.
    package var digits: String? {
        if written.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) { return written }
        guard let decimal, 0...18 ~= decimal.exponent else { return nil }
        return (decimal.isNegative ? "-" : "") + (decimal.digits.isEmpty ? "0" : decimal.digits)
            + String(repeating: "0", count: decimal.exponent)
    }

    /// For times and durations.
    package var double: Double { Double(written) ?? 0 }

    private struct Decimal: Equatable {
        var isNegative: Bool
        /// Without zeros at either end; empty for zero.
        var digits: String
        /// Of ten, behind the digits.
        var exponent: Int
    }

    /// nil when the exponent is absurd.
    private var decimal: Decimal? {
        let isNegative = written.hasPrefix("-")
        let parts = written.lowercased().drop { $0 == "-" }.split(separator: "e", omittingEmptySubsequences: false)
        guard let mantissa = parts.first, let power = parts.count > 1 ? Int(parts[1]) : 0, power.magnitude < 100_000
        else { return nil }
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = halves.count > 1 ? halves[1] : ""
        var digits = (halves[0] + fraction).drop { $0 == "0" }
        var exponent = power - fraction.count
        while digits.last == "0" {
            digits.removeLast()
            exponent += 1
        }
        guard !digits.isEmpty else { return Decimal(isNegative: false, digits: "", exponent: 0) }
        return Decimal(isNegative: isNegative, digits: String(digits), exponent: exponent)
    }
}
