/// Decoded `application/x-www-form-urlencoded` parameters in the order they came (WHATWG URL, section 5).
package struct FormParameters: Equatable, Sendable {
    package struct Pair: Equatable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
    package enum Fault: Error, Equatable {
        case tooMany(limit: Int)
        case notUTF8
        /// `%` without two hexadecimal digits after it.
        case badEscape(offset: Int)
    }

    package var pairs: [Pair] = []

    package init(pairs: [Pair] = []) { self.pairs = pairs }

    /// - Parameter limit: parameters accepted; a voice webhook has about 25.
    package init(parsing body: [UInt8], limit: Int = 256) throws(Fault) {
        pairs.reserveCapacity(32)
        // One buffer for every field, because most of the cost of a small form is allocation.
        var field: [UInt8] = []
        field.reserveCapacity(128)
        let bytes = body.span
        var at = 0
        while at < bytes.count {
            let start = at
            let name = try Self.field(bytes, &at, endsAtEquals: true, &field)
            var value = ""
            if at < bytes.count, bytes[at] == UInt8(ascii: "=") {
                at += 1
                value = try Self.field(bytes, &at, endsAtEquals: false, &field)
            }
            // Two ampersands in a row have nothing between them.
            if at > start {
                guard pairs.count < limit else { throw .tooMany(limit: limit) }
                pairs.append(Pair(name: name, value: value))
            }
            at += 1
        }
    }

    /// Decodes up to the next mark and stays in front of it.
    private static func field(
        _ bytes: Span<UInt8>,
        _ at: inout Int,
        endsAtEquals: Bool,
        _ field: inout [UInt8]
    ) throws(Fault) -> String {
        let start = at
        // Most fields are as they were written: they are taken whole.
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "&") || (endsAtEquals && byte == UInt8(ascii: "=")) {
                return try text(bytes, start..<at)
            }
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "%") { break }
            at += 1
        }
        guard at < bytes.count else { return try text(bytes, start..<at) }
        field.removeAll(keepingCapacity: true)
        for index in start..<at { field.append(bytes[index]) }
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "&"): return try text(field.span, field.indices)
            case UInt8(ascii: "=") where endsAtEquals: return try text(field.span, field.indices)
            case UInt8(ascii: "+"): field.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard at + 2 < bytes.count, let high = digit(bytes[at + 1]), let low = digit(bytes[at + 2]) else {
                    throw .badEscape(offset: at)
                }
                field.append(high << 4 | low)
                at += 2
            default: field.append(byte)
            }
            at += 1
        }
        return try text(field.span, field.indices)
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(Fault) -> String {
        var bits: UInt8 = 0
        for index in range { bits |= bytes[index] }
        // Nearly every field is ASCII, and the library's validation, being generic, costs more than all the rest of a field.
        if bits < 0x80 {
            return String(unsafeUninitializedCapacity: range.count) { text in
                for (offset, index) in range.enumerated() { text[offset] = bytes[index] }
                return range.count
            }
        }
        let text = bytes.extracting(range).withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
        guard let text else { throw .notUTF8 }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The first value of a name.
    package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }
}
