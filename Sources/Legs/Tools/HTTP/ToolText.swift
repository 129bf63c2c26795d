import Actors

/// An answer cut to what a model is given.
enum ToolText {
    /// - Parameter limit: bytes of the value's JSON text.
    static func bounded(_ value: JSON, upTo limit: Int) -> JSON {
        let text = value.serialized
        guard text.utf8.count > limit else { return value }
        return ["truncated": true, "beginning": .text(prefix(value.text ?? text, upTo: limit))]
    }

    /// Whole characters within so many bytes.
    static func prefix(_ text: String, upTo limit: Int) -> String {
        var bytes = 0
        return String(
            text.prefix { character in
                bytes += character.utf8.count
                return bytes <= limit
            }
        )
    }

    /// - Returns: nil for what is no UTF-8.
    static func text(_ bytes: some Sequence<UInt8>) -> String? {
        String(validating: bytes, as: UTF8.self)
    }
}
