/// Reads a written text from left to right and says what of it is spoken differently.
///
/// Each rule looks at the token it is given and a few behind it, so the cost is linear.
struct SpokenReader {
    /// What a rule made of the tokens that begin at one place.
    struct Reading {
        var replacements: [SpokenReplacement]
        /// Tokens that are done with.
        var count: Int

        init(_ replacements: [SpokenReplacement], count: Int = 1) {
            self.replacements = replacements
            self.count = count
        }
    }

    let tokens: [SpokenToken]
    let language: any SpokenLanguage
    let vocabulary: SpokenVocabulary
    let style: SpeechStyle
    let pronunciations: Pronunciations
    /// Not all of it is in capitals.
    let hasSmallLetters: Bool

    /// - Parameter language: nil leaves all but the pronunciations as it is written.
    init(_ written: String, language: (any SpokenLanguage)?, style: SpeechStyle, pronunciations: Pronunciations) {
        tokens = SpokenToken.tokens(of: written)
        self.language = language ?? EnglishSpeech(isAmerican: true)
        vocabulary = self.language.vocabulary
        self.style = language == nil ? .written : style
        self.pronunciations = pronunciations
        hasSmallLetters = written.contains { $0.isLowercase }
    }

    /// In order, never overlapping.
    mutating func read() -> [SpokenReplacement] {
        var replacements: [SpokenReplacement] = []
        var index = 0
        while index < tokens.count {
            if let match = pronunciations.match(tokens, at: index) {
                replacements.append(match.replacement)
                index += match.count
            } else if let reading = reading(at: index) {
                replacements += reading.replacements
                index += max(1, reading.count)
            } else {
                index += 1
            }
        }
        return replacements
    }

    private func reading(at index: Int) -> Reading? {
        guard !style.isEmpty, !tokens[index].text.isEmpty else { return nil }
        if tokens[index].isPlain { return style.contains(.abbreviations) ? abbreviation(at: index) : nil }
        let rules: [(SpeechStyle, (Int) -> Reading?)] = [
            (.addresses, address), (.dates, date), (.telephone, telephone), (.times, time), (.money, money),
            (.units, measure), (.abbreviations, abbreviation), (.numbers, number), (.acronyms, acronym),
            (.abbreviations, sign),
        ]
        for (kind, rule) in rules where style.contains(kind) {
            if let reading = rule(index) { return reading }
        }
        return nil
    }

    // MARK: What rules share

    func token(_ index: Int) -> SpokenToken? { tokens.indices.contains(index) ? tokens[index] : nil }

    func previousWord(_ index: Int) -> String { token(index - 1)?.text.lowercased() ?? "" }

    /// The token behind, if nothing parts the two.
    func next(_ index: Int) -> SpokenToken? { tokens[index].isOpenEnded ? token(index + 1) : nil }

    /// Replaces a token's word, its punctuation stays.
    func replace(_ index: Int, _ text: String) -> SpokenReplacement {
        SpokenReplacement(range: tokens[index].core, text: text)
    }

    /// Replaces an abbreviation with its full stop, which stays where it ends the piece too.
    func replaceWithStop(_ index: Int, _ text: String) -> SpokenReplacement {
        let token = tokens[index]
        let takesStop = token.hasStop && index + 1 < tokens.count
        return SpokenReplacement(range: token.core.lowerBound..<token.core.upperBound + (takesStop ? 1 : 0), text: text)
    }

    /// Replaces what stands from one token's word to another's.
    func replace(from first: Int, to last: Int, _ text: String) -> SpokenReplacement {
        SpokenReplacement(range: tokens[first].core.lowerBound..<tokens[last].core.upperBound, text: text)
    }
}
