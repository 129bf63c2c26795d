/// A word as it stands in a text, and what is left of it when only letters and digits count.
package struct WrittenWord: Sendable, Equatable {
    /// UTF-8 offsets in the text.
    package var utf8Range: Range<Int>
    /// Lower case, letters and digits; the word itself where it has none but is spoken (`&`, `%`).
    package var key: String

    /// The words of a text: what white space divides, less what is only punctuation.
    package static func words(of text: String) -> [WrittenWord] {
        text.split(whereSeparator: \.isWhitespace).compactMap { word in
            guard let key = key(of: word) else { return nil }
            let start = text.utf8.distance(from: text.startIndex, to: word.startIndex)
            return WrittenWord(utf8Range: start..<start + word.utf8.count, key: key)
        }
    }

    /// - Returns: nil for what is not spoken.
    static func key(of word: some StringProtocol) -> String? {
        let letters = word.filter { $0.isLetter || $0.isNumber }
        if !letters.isEmpty { return String(letters).lowercased() }
        return word.contains(where: isSpoken) ? String(word) : nil
    }

    /// A character that a voice says. Unicode counts some signs with names of their own as punctuation.
    static func isSpoken(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character.isSymbol || "&%#@".contains(character)
    }
}
