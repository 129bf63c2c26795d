/// A text cut into words and numbers, with the marks between them.
struct TextTokens: Sendable {
    struct Token: Sendable {
        var range: Range<String.Index>
        /// Lower case without diacritics; the ASCII digits of a number.
        var folded: String
        var isNumber: Bool
        /// What stands between the token before and this one.
        var gap: Substring
    }

    let text: String
    private(set) var tokens: [Token] = []

    init(_ text: String) {
        self.text = text
        var index = text.startIndex
        var end = text.startIndex
        while index < text.endIndex {
            guard let kind = Self.kind(text[index]) else {
                index = text.index(after: index)
                continue
            }
            let start = index
            while index < text.endIndex, Self.kind(text[index]) == kind { index = text.index(after: index) }
            let word = text[start..<index]
            let folded =
                kind
                ? String(word.compactMap { $0.wholeNumberValue.map(String.init) }.joined())
                : FoldedWords.folded(String(word))
            tokens.append(Token(range: start..<index, folded: folded, isNumber: kind, gap: text[end..<start]))
            end = index
        }
    }

    var count: Int { tokens.count }
    subscript(index: Int) -> Token { tokens[index] }

    /// What stands behind a token, up to the next one.
    func gap(after index: Int) -> Substring {
        index + 1 < tokens.count ? tokens[index + 1].gap : text[tokens[index].range.upperBound...]
    }

    /// true: a decimal digit of any script. false: a letter. nil: a mark.
    private static func kind(_ character: Character) -> Bool? {
        if character.isASCII {
            return character.isNumber ? true : character.isLetter ? false : nil
        }
        guard let scalar = character.unicodeScalars.first else { return nil }
        if scalar.properties.numericType == .decimal { return true }
        return character.isLetter ? false : nil
    }
}
