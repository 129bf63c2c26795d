/// Hears a tenant's emergency words in what a caller says, in every language the tenant lists, all at once. A pure value,
/// cheap enough for every partial transcript: the work grows with the newest 2 000 characters of the text at most.
///
/// - A phrase matches whole words only (`fire` is not in `fireplace`), without case and diacritics; articles are ignored
///   on both sides, because a recogniser often gets them wrong (`hit by the car`), and contractions are opened
///   (`isn't breathing` matches `not breathing`, `d'urgence` matches `urgence`).
/// - A phrase that is denied does not fire: `not an emergency`, `c'est pas une urgence`, `kein Notfall`, `no es una
///   emergencia`. The denial must stand right beside the phrase, with nothing but filler words between: `no, he is
///   bleeding` fires, and so does `I don't know if it is an emergency`. In doubt it fires.
/// - A phrase that itself says `not` or `no` is never read as denied.
/// - Denials are known in English, French, German and Spanish. In other languages phrases are matched plainly; where words are
///   written without spaces, anywhere in the text.
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

    /// What a transcript says of danger.
    public enum Alarm: Sendable, Equatable {
        case none
        /// The profile's word for it ends an unfinished text in a language whose next word may still deny it.
        case likely(String)
        case certain(String)
    }

    private let vocabularies: [EmergencyVocabulary]

    /// - Parameters:
    ///   - words: in `language`, in any spelling; those without a word in them are dropped.
    ///   - wordsByLanguage: more, by BCP 47 tag.
    public init(words: [String], language: String = "en", wordsByLanguage: [String: [String]] = [:]) {
        let others = wordsByLanguage.sorted { $0.key < $1.key }
        vocabularies =
            ([(language, words)] + others.map { ($0.key, $0.value) })
            .map { EmergencyVocabulary($0.1, language: $0.0) }.filter { !$0.isEmpty }
    }

    public init(_ profile: TenantProfile) {
        self.init(
            words: profile.emergency.words,
            language: profile.language,
            wordsByLanguage: profile.emergency.wordsByLanguage
        )
    }

    /// The profile's word for the first danger the caller named and did not deny; nil when there is none.
    public func spot(_ text: String) -> String? {
        if case .certain(let word) = alarm(in: text, isFinal: true) { word } else { nil }
    }

    /// - Parameter isFinal: no more words will come for this text.
    public func alarm(in text: String, isFinal: Bool) -> Alarm {
        guard !vocabularies.isEmpty else { return .none }
        let found = sightings(in: SpokenWords.newest(text))
        guard !found.isEmpty else { return .none }
        if let open = found.first(where: { !$0.isDenied && (isFinal || !$0.mayBeDenied) }) {
            return .certain(open.word)
        }
        if let open = found.first(where: { !$0.isDenied }) { return .likely(open.word) }
        // "No, emergency!": a denial does not reach across the comma, where the recogniser writes one.
        let clauses = text.suffix(SpokenWords.maximumCharacters).split(whereSeparator: Self.clauseMarks.contains)
        guard clauses.count > 1 else { return .none }
        for clause in clauses {
            if let open = sightings(in: SpokenWords.newest(String(clause))).first(where: { !$0.isDenied }) {
                return .certain(open.word)
            }
        }
        return .none
    }

    /// Every mention, denied or not, in order.
    /// - Parameter words: as `SpokenWords.words` gives them.
    public func mentions(in words: [String]) -> [Mention] {
        var end = 0
        return sightings(in: words).compactMap { sighting in
            // Two languages may know the same words: they are one mention.
            guard sighting.whole.upperBound > end else { return nil }
            let range = max(end, sighting.whole.lowerBound)..<sighting.whole.upperBound
            end = range.upperBound
            return Mention(word: sighting.word, isDenied: sighting.isDenied, words: range)
        }
    }

    /// In the order of the text; of the same words in two languages, the denial counts.
    private func sightings(in words: [String]) -> [EmergencyVocabulary.Sighting] {
        guard !vocabularies.isEmpty else { return [] }
        let folded = FoldedWords(words)
        let all = vocabularies.flatMap { $0.sightings(in: folded) }
        guard vocabularies.count > 1 else { return all }
        return all.filter { one in one.isDenied || !all.contains { $0.isDenied && $0.phrase == one.phrase } }
            .sorted { ($0.phrase.lowerBound, $1.phrase.upperBound) < ($1.phrase.lowerBound, $0.phrase.upperBound) }
    }

    private static let clauseMarks: Set<Character> = [",", ".", ";", "!", "?"]
}
