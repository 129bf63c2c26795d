/// One language's emergency phrases, found by their first word so that the work for a transcript grows with its length only.
struct EmergencyVocabulary: Sendable {
    struct Phrase: Sendable {
        /// As the profile writes it.
        let word: String
        let tokens: [String]
        /// It says no itself (`not breathing`): nothing before or after it is read as its denial.
        let saysNo: Bool
    }

    /// A phrase in the words of a text: ranges of indices into the words.
    struct Sighting: Sendable {
        var word: String
        var phrase: Range<Int>
        /// With the denial where there is one.
        var whole: Range<Int>
        var isDenied: Bool
        /// The text ends with the phrase, and this language may still deny it.
        var mayBeDenied: Bool
    }

    private let grammar: DenialGrammar
    private let byFirst: [String: [Phrase]]
    /// Folded phrases of scripts without spaces, with the words they stand for.
    private let closed: [(text: String, word: String)]

    init(_ words: [String], language: String) {
        let grammar = DenialGrammar.of(language)
        let denials = grammar.denials
        self.grammar = grammar
        let phrases = words.filter { !ClosedScript.contains($0) }
            .map { word in
                let tokens = FoldedWords(word).tokens.filter { !grammar.articles.contains($0) }
                return Phrase(word: word, tokens: tokens, saysNo: tokens.contains(where: denials.contains))
            }
            .filter { !$0.tokens.isEmpty }
            .sorted { ($0.tokens.count, $1.word) > ($1.tokens.count, $0.word) }  // the longest phrase wins
        byFirst = Dictionary(grouping: phrases) { $0.tokens[0] }
        closed = words.filter(ClosedScript.contains).map { (Self.joined(FoldedWords($0).tokens), $0) }
            .filter { !$0.text.isEmpty }
    }

    var isEmpty: Bool { byFirst.isEmpty && closed.isEmpty }

    func sightings(in words: FoldedWords) -> [Sighting] {
        // Most of what callers say begins no phrase at all.
        guard words.tokens.contains(where: { byFirst[$0] != nil }) else { return closedSightings(in: words) }
        let kept = words.tokens.indices.filter { !grammar.articles.contains(words.tokens[$0]) }
        let tokens = kept.map { words.tokens[$0] }
        let places = kept.map { words.places[$0] }
        var found: [Sighting] = []
        var position = 0
        while position < tokens.count {
            let rest = tokens[position...]
            guard let phrase = byFirst[tokens[position]]?.first(where: { rest.starts(with: $0.tokens) }) else {
                position += 1
                continue
            }
            let end = position + phrase.tokens.count
            found.append(sighting(phrase, position..<end, tokens: tokens, places: places))
            position = end
        }
        return found + closedSightings(in: words)
    }

    private func sighting(_ phrase: Phrase, _ range: Range<Int>, tokens: [String], places: [Int]) -> Sighting {
        var whole = range
        var isDenied = false
        if !phrase.saysNo {
            if let denial = grammar.denial(in: tokens, before: range.lowerBound) {
                whole = denial..<range.upperBound
                isDenied = true
            } else if let denial = grammar.denial(in: tokens, after: range.upperBound, start: range.lowerBound) {
                whole = range.lowerBound..<denial + 1
                isDenied = true
            }
        }
        func words(_ range: Range<Int>) -> Range<Int> {
            places[range.lowerBound]..<places[range.upperBound - 1] + 1
        }
        return Sighting(
            word: phrase.word,
            phrase: words(range),
            whole: words(whole),
            isDenied: isDenied,
            mayBeDenied: !isDenied && !phrase.saysNo && !grammar.after.isEmpty && range.upperBound == tokens.count
        )
    }

    private func closedSightings(in words: FoldedWords) -> [Sighting] {
        guard !closed.isEmpty, !words.tokens.isEmpty else { return [] }
        let text = Self.joined(words.tokens)
        let all = 0..<(words.places[words.places.count - 1] + 1)
        return closed.filter { text.contains($0.text) }.map {
            Sighting(word: $0.word, phrase: all, whole: all, isDenied: false, mayBeDenied: false)
        }
    }

    private static func joined(_ tokens: [String]) -> String { tokens.joined() }
}
