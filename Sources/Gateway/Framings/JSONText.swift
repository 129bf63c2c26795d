/// A scanner for JSON text (RFC 8259) that allocates nothing: it validates as it goes and hands out byte ranges.
///
/// Functions take the text and a position and move the position; a `Span` cannot be stored in a plain struct.
package enum JSONText {
    package enum Fault: Error, Equatable {
        /// Not JSON at this byte offset.
        case syntax(offset: Int)
        /// Nested deeper than `maximumDepth`.
        case tooDeep
    }

    package static let maximumDepth = 16

    /// A string's bytes without its quotes; escapes are left as they are.
    package struct Text: Equatable {
        package var range: Range<Int>
        package var hasEscapes: Bool
    }

    package static func skipSpace(_ text: Span<UInt8>, _ at: inout Int) {
        while at < text.count {
            switch text[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    static func expect(_ byte: UInt8, _ text: Span<UInt8>, _ at: inout Int) throws(Fault) {
        skipSpace(text, &at)
        guard at < text.count, text[at] == byte else { throw .syntax(offset: at) }
        at += 1
    }

    /// Consumes `byte` if it is next.
    static func take(_ byte: UInt8, _ text: Span<UInt8>, _ at: inout Int) -> Bool {
        skipSpace(text, &at)
        guard at < text.count, text[at] == byte else { return false }
        at += 1
        return true
    }

    package static func string(_ text: Span<UInt8>, _ at: inout Int) throws(Fault) -> Text {
        try expect(UInt8(ascii: "\""), text, &at)
        let start = at
        var hasEscapes = false
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "\""):
                at += 1
                return Text(range: start..<at - 1, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape(text, &at)
            case 0..<0x20:
                throw .syntax(offset: at)
            default:
                at += 1
            }
        }
        throw .syntax(offset: at)
    }

    private static func escape(_ text: Span<UInt8>, _ at: inout Int) throws(Fault) {
        guard at + 1 < text.count else { throw .syntax(offset: at) }
        switch text[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 2
        case UInt8(ascii: "u"):
            guard at + 5 < text.count else { throw .syntax(offset: at) }
            for digit in at + 2..<at + 6 where !isHexDigit(text[digit]) { throw .syntax(offset: digit) }
            at += 6
        default:
            throw .syntax(offset: at + 1)
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    /// An integer written as a number or as a string; nil for any other value, which is skipped.
    package static func integer(_ text: Span<UInt8>, _ at: inout Int) throws(Fault) -> Int64? {
        skipSpace(text, &at)
        guard at < text.count else { throw .syntax(offset: at) }
        let range: Range<Int>
        switch text[at] {
        case UInt8(ascii: "\""):
            range = try string(text, &at).range
        case UInt8(ascii: "-"), 0x30...0x39:
            let start = at
            try skip(text, &at)
            range = start..<at
        default:
            try skip(text, &at)
            return nil
        }
        return integer(text, in: range)
    }

    package static func integer(_ text: Span<UInt8>, in range: Range<Int>) -> Int64? {
        guard !range.isEmpty, range.count <= 19 else { return nil }
        var value: Int64 = 0
        for index in range {
            guard case 0x30...0x39 = text[index] else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(text[index] - 0x30))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// Skips one value of any kind, checking its syntax.
    package static func skip(_ text: Span<UInt8>, _ at: inout Int, depth: Int = 0) throws(Fault) {
        guard depth < maximumDepth else { throw .tooDeep }
        skipSpace(text, &at)
        guard at < text.count else { throw .syntax(offset: at) }
        switch text[at] {
        case UInt8(ascii: "\""):
            _ = try string(text, &at)
        case UInt8(ascii: "{"):
            at += 1
            if take(UInt8(ascii: "}"), text, &at) { return }
            repeat {
                _ = try string(text, &at)
                try expect(UInt8(ascii: ":"), text, &at)
                try skip(text, &at, depth: depth + 1)
            } while take(UInt8(ascii: ","), text, &at)
            try expect(UInt8(ascii: "}"), text, &at)
        case UInt8(ascii: "["):
            at += 1
            if take(UInt8(ascii: "]"), text, &at) { return }
            repeat { try skip(text, &at, depth: depth + 1) } while take(UInt8(ascii: ","), text, &at)
            try expect(UInt8(ascii: "]"), text, &at)
        case UInt8(ascii: "t"): try word("true", text, &at)
        case UInt8(ascii: "f"): try word("false", text, &at)
        case UInt8(ascii: "n"): try word("null", text, &at)
        default: try number(text, &at)
        }
    }

    private static func word(_ word: StaticString, _ text: Span<UInt8>, _ at: inout Int) throws(Fault) {
        guard equals(text, at..<min(text.count, at + word.utf8CodeUnitCount), word) else { throw .syntax(offset: at) }
        at += word.utf8CodeUnitCount
    }

    private static func number(_ text: Span<UInt8>, _ at: inout Int) throws(Fault) {
        let start = at
        if at < text.count, text[at] == UInt8(ascii: "-") { at += 1 }
        let whole = at
        try digits(text, &at)
        // No leading zeros: "01" is not JSON.
        if at - whole > 1, text[whole] == UInt8(ascii: "0") { throw .syntax(offset: start) }
        if at < text.count, text[at] == UInt8(ascii: ".") {
            at += 1
            try digits(text, &at)
        }
        if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
            try digits(text, &at)
        }
    }

    private static func digits(_ text: Span<UInt8>, _ at: inout Int) throws(Fault) {
        let start = at
        while at < text.count, case 0x30...0x39 = text[at] { at += 1 }
        guard at > start else { throw .syntax(offset: at) }
    }

    package static func equals(_ text: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { bytes in
            for index in 0..<bytes.count where text[range.lowerBound + index] != bytes[index] { return false }
            return true
        }
    }
}
