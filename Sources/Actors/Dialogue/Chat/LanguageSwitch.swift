/// When the agent changes to the language it hears.
public struct LanguageSwitchSettings: Sendable, Equatable {
    /// Turns in a row in another language before the agent changes to it.
    public var turns: Int
    /// One turn is enough when the recogniser is this sure of its words ...
    public var certainConfidence: Double
    /// ... and there are this many of them: "okay" and "ciao" are said in many languages.
    public var certainWords: Int

    public init(turns: Int = 2, certainConfidence: Double = 0.9, certainWords: Int = 4) {
        self.turns = turns
        self.certainConfidence = certainConfidence
        self.certainWords = certainWords
    }
}

/// Which language the agent speaks: the tenant's own, until the caller is heard in another one the tenant offers.
struct LanguageSwitch: Sendable {
    private(set) var language: String
    private let offered: [String]
    private let settings: LanguageSwitchSettings
    private var candidate: (tag: String, turns: Int)?
    /// Where in the conversation the newest counted turn stands: a turn that comes again with more words is the same one.
    private var newest = -1

    /// - Parameter offered: BCP 47, the tenant's own first.
    init(offered: [String], settings: LanguageSwitchSettings) {
        language = offered.first ?? "en-US"
        self.offered = offered
        self.settings = settings
    }

    /// - Parameter position: the length of the history before this turn.
    mutating func hear(_ transcript: Transcript, at position: Int) {
        guard let tag = transcript.language.flatMap(match), !transcript.isRejected, !transcript.text.isEmpty else {
            return
        }
        guard tag != language else {
            candidate = nil
            return
        }
        if position > newest || candidate?.tag != tag {
            candidate = (tag, candidate?.tag == tag ? (candidate?.turns ?? 0) + 1 : 1)
            newest = position
        }
        let isCertain =
            transcript.confidence >= settings.certainConfidence
            && SpokenWords.words(transcript.text).count >= settings.certainWords
        guard isCertain || (candidate?.turns ?? 0) >= settings.turns else { return }
        language = tag
        candidate = nil
    }

    /// The tenant's tag for a recogniser's: the same one, else the first with the same language (`fr` and `fr-CA`).
    /// The language that is spoken comes first, so that `en` is no change from `en-GB`.
    private func match(_ tag: String) -> String? {
        let wanted = tag.lowercased()
        let all = [language] + offered
        return all.first { $0.lowercased() == wanted } ?? all.first { Self.base($0) == Self.base(wanted) }
    }

    private static func base(_ tag: String) -> String { String(tag.lowercased().prefix { $0 != "-" && $0 != "_" }) }
}
