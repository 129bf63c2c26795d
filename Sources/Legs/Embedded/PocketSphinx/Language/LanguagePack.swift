import Actors

/// Everything a decoder must load to understand one tenant's callers.
struct LanguagePack: Sendable {
    let vocabulary: CallerVocabulary
    /// How each of the words sounds, in the recogniser's dictionary format.
    let dictionary: String
    /// Words of the tenant's sentences and of the phrasebook; the other words only catch speech about something else.
    let ownWords: Set<String>
    /// ARPA text of each model.
    let models: [LanguageKind: String]

    init(_ vocabulary: CallerVocabulary, pronunciations: PronunciationDictionary) {
        self.vocabulary = vocabulary
        let groups = Groups(vocabulary)
        var models: [LanguageKind: String] = [:]
        var own: Set<String> = []
        for kind in LanguageKind.allCases {
            let counts = groups.counts(kind.shares)
            own.formUnion(counts.single.keys.flatMap { WordClass.members($0[0]) })
            models[kind] = TrigramModel(counts, background: CommonWords.ranked).arpa
        }
        own.subtract([SentenceCounts.end])
        ownWords = own
        dictionary = pronunciations.excerpt(for: own.union(CommonWords.ranked).sorted())
        self.models = models
    }

    /// The counts of each kind of sentence, made once and mixed for each model.
    private struct Groups {
        let phrases: SentenceCounts
        let keywords: SentenceCounts
        let emergencies: SentenceCounts
        let choices: SentenceCounts
        let dayTimes: SentenceCounts
        let digits = SentenceCounts(Phrasebook.digits)
        let names = SentenceCounts(Phrasebook.names)
        let introductions = SentenceCounts(Phrasebook.introductions)
        let answers = SentenceCounts(Phrasebook.answers)
        let courtesy = SentenceCounts(Phrasebook.courtesy)

        init(_ vocabulary: CallerVocabulary) {
            // Counted apart: there are 2 000 ways to say both, which would hide the few ways to say one.
            var moments = SentenceCounts(Phrasebook.dayTimes)
            moments.add(SentenceCounts(Phrasebook.days), times: 0.7)
            moments.add(SentenceCounts(Phrasebook.times), times: 0.6)
            dayTimes = moments
            var mixed = SentenceCounts(vocabulary.phrases)
            mixed.add(SentenceCounts(Self.product(Phrasebook.before, vocabulary.phrases)), times: 0.3)
            mixed.add(SentenceCounts(Self.product(vocabulary.phrases, Phrasebook.tails)), times: 0.7)
            phrases = mixed
            var terms = SentenceCounts(vocabulary.keywords)
            terms.add(SentenceCounts(Self.product(Phrasebook.wishes, vocabulary.keywords)), times: 1)
            terms.add(SentenceCounts(vocabulary.keywords.map { $0 + ["please"] }), times: 0.2)
            keywords = terms
            var dangers = SentenceCounts(vocabulary.emergencies)
            dangers.add(SentenceCounts(Self.product(Phrasebook.alarms, vocabulary.emergencies)), times: 1)
            emergencies = dangers
            var options = SentenceCounts(vocabulary.choices)
            options.add(SentenceCounts(Self.product(Phrasebook.wishes, vocabulary.choices)), times: 0.5)
            options.add(SentenceCounts(vocabulary.choices.map { $0 + ["please"] }), times: 0.3)
            choices = options
        }

        func counts(_ shares: LanguageKind.Shares) -> SentenceCounts {
            var counts = SentenceCounts()
            counts.add(phrases, times: shares.phrases / 2)
            counts.add(keywords, times: shares.keywords / 2.2)
            counts.add(emergencies, times: shares.emergencies / 2)
            counts.add(choices, times: shares.choices / 1.8)
            counts.add(dayTimes, times: shares.dayTimes / 2.3)
            counts.add(digits, times: shares.digits)
            counts.add(names, times: shares.names)
            counts.add(introductions, times: 0.2)
            counts.add(answers, times: shares.answers)
            counts.add(courtesy, times: shares.courtesy)
            return counts
        }

        private static func product(_ first: [[String]], _ second: [[String]]) -> [[String]] {
            first.flatMap { head in second.map { head + $0 } }
        }
    }
}
