/// Hears a tenant's emergency words in what a caller says. A pure value, cheap enough for every partial transcript.
///
/// - A phrase matches whole words only (`fire` is not in `fireplace`); articles are ignored on both sides, because a
///   recogniser often gets them wrong (`hit by the car`), and contractions are opened (`isn't breathing` matches
///   `not breathing`).
/// - A phrase that is denied does not fire: `not an emergency`, `there is no bleeding`. The denial must stand right
///   before the phrase, with nothing but filler words between: `no, he is bleeding` fires, and so does
///   `I don't know if it is an emergency`. In doubt it fires.
/// - A phrase that itself begins with `not` or `no` is never read as denied.
public struct EmergencySpotter: Sendable {
    /// One place where an emergency phrase was said.
    public struct Mention: Sendable, Equatable {
        /// The phrase as the profile writes it.
        public var word: String
        /// Denied by the caller: this is not an emergency.
        public var isDenied: Bool
        /// Indices into the words of the text (`SpokenWords.words`), with the denial where there is one.
        public var words: Range<Int>
    }

    private struct Phrase: Sendable {
        let word: String
        let tokens: [String]
        var saysNo: Bool { tokens.first.map(EmergencySpotter.denials.contains) ?? false }
    }

    private let phrases: [Phrase]

    /// - Parameter words: the profile's `emergency.words`, in any spelling; those without a word in them are dropped.
    public init(words: [String]) {
        phrases =
            words
            .map { word in
                Phrase(word: word, tokens: SpokenWords.words(word).filter { !Self.articles.contains($0) })
            }
            .filter { !$0.tokens.isEmpty }
            .sorted { ($0.tokens.count, $1.word) > ($1.tokens.count, $0.word) }  // the longest phrase wins
    }

    /// The profile's word for the first danger the caller named and did not deny; nil when there is none.
    public func spot(_ text: String) -> String? {
        let found = mentions(in: SpokenWords.words(text))
        if let open = found.first(where: { !$0.isDenied }) { return open.word }
        // "No, emergency!": a denial does not reach across the comma, where the recogniser writes one.
        guard !found.isEmpty else { return nil }
        return text.split(whereSeparator: Self.clauseMarks.contains).lazy
            .flatMap { self.mentions(in: SpokenWords.words(String($0))) }
            .first { !$0.isDenied }?.word
    }

    /// Every mention, denied or not, in order and without overlap.
    /// - Parameter words: as `SpokenWords.words` gives them.
    public func mentions(in words: [String]) -> [Mention] {
        guard !phrases.isEmpty else { return [] }
        let kept = words.indices.filter { !Self.articles.contains(words[$0]) }
        let tokens = kept.map { words[$0] }
        var mentions: [Mention] = []
        var position = 0
        while position < tokens.count {
            guard let phrase = phrases.first(where: { tokens[position...].starts(with: $0.tokens) }) else {
                position += 1
                continue
            }
            let end = position + phrase.tokens.count
            let denial = phrase.saysNo ? nil : Self.denial(in: tokens, before: position)
            mentions.append(
                Mention(
                    word: phrase.word,
                    isDenied: denial != nil,
                    words: kept[denial ?? position]..<(kept[end - 1] + 1)
                )
            )
            position = end
        }
        return mentions
    }

    /// Where the denial of what begins at `position` stands, if it is denied.
    private static func denial(in tokens: [String], before position: Int) -> Int? {
        var index = position - 1
        var fillers = 0
        while index >= 0, fillers <= maximumFillers {
            if denials.contains(tokens[index]) { return index }
            guard denialFillers.contains(tokens[index]) else { return nil }
            fillers += 1
            index -= 1
        }
        return nil
    }

    private static let maximumFillers = 3
    private static let articles: Set<String> = ["a", "an", "the"]
    private static let denials: Set<String> = ["not", "no", "never", "without", "nobody", "nothing"]
    /// What may stand between a denial and what it denies: `not really an`, `no longer`, `no sign of`, `do not have any`.
    private static let denialFillers: Set<String> = [
        "any", "really", "actually", "longer", "have", "having", "had", "been", "being", "sign", "signs", "of", "kind",
        "real", "life", "medical",
    ]
    private static let clauseMarks: Set<Character> = [",", ".", ";", "!", "?"]
}
