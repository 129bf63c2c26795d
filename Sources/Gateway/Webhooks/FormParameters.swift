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
    package init(parsing body: some Sequence<UInt8>, limit: Int = 256) throws(Fault) {
        var name: [UInt8]?
        var field: [UInt8] = []
        var escape: [UInt8] = []
        var isEscaping = false
        var offset = 0

        func text(_ bytes: [UInt8]) throws(Fault) -> String {
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
            return text
        }
        func endPair() throws(Fault) {
            defer {
                name = nil
                field = []
            }
            guard name != nil || !field.isEmpty else { return }
            guard pairs.count < limit else { throw .tooMany(limit: limit) }
            pairs.append(Pair(name: try text(name ?? field), value: name == nil ? "" : try text(field)))
        }

        for byte in body {
            defer { offset += 1 }
            if isEscaping {
                escape.append(byte)
                guard escape.count == 2 else { continue }
                guard let value = UInt8(String(decoding: escape, as: UTF8.self), radix: 16), escape[0] != 0x2B else {
                    throw .badEscape(offset: offset - 2)
                }
                field.append(value)
                escape = []
                isEscaping = false
                continue
            }
            switch byte {
            case UInt8(ascii: "&"): try endPair()
            case UInt8(ascii: "=") where name == nil:
                name = field
                field = []
            case UInt8(ascii: "+"): field.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"): isEscaping = true
            default: field.append(byte)
            }
        }
        guard !isEscaping else { throw .badEscape(offset: offset - escape.count - 1) }
        try endPair()
    }

    /// The first value of a name.
    package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }
}
