/// Whether what a caller has said so far wants to go on.
public enum SentenceState: Sendable, Equatable {
    case finished, unfinished, unknown
}

/// Judges the words before a pause. Replaceable: a model can take the place of the rules.
public protocol SentenceJudge: Sendable {
    /// - Parameters:
    ///   - text: everything the caller has said in this turn.
    ///   - question: what the agent's last question takes as an answer.
    ///   - hasEndpoint: the recogniser itself takes the caller to have finished.
    func judge(_ text: String, answering question: Expectation?, hasEndpoint: Bool) -> SentenceState
}

/// The rules: how the text ends, in the tenant's language.
///
/// A wrong "unfinished" costs the caller a longer wait, a wrong "finished" cuts them off: words that end sentences as often as
/// they stand inside them ("in", "on", German "an") are no sign of either.
public struct WordListJudge: SentenceJudge {
    private let endings: SentenceEndings

    /// - Parameter language: BCP 47. In a language without rules only punctuation and the recogniser's own sign count.
    public init(language: String) { endings = SentenceEndings.of(language) }

    public func judge(_ text: String, answering question: Expectation?, hasEndpoint: Bool) -> SentenceState {
        let words = SpokenWords.words(text)
        guard let last = words.last else { return .unknown }
        // A recogniser puts a full stop behind whatever comes before a pause: the last word knows better.
        if question != .name, wantsMore(words, last: last) { return .unfinished }
        switch answer(words, text: text, to: question) {
        case .unknown: break
        case let known: return known
        }
        let ending = text.reversed().first { !$0.isWhitespace }
        switch ending {
        case ",", "-", "\u{2013}", "\u{2014}", ":", "\u{2026}": return .unfinished
        case "." where text.hasSuffix("..."): return .unfinished
        case ".", "!", "?", "\u{3002}", "\u{FF1F}", "\u{FF01}": return .finished
        default: return hasEndpoint ? .finished : .unknown
        }
    }

    /// "No thank you, that is all."
    private static let longestAnswer = 6

    private func wantsMore(_ words: [String], last: String) -> Bool {
        if endings.open.contains(last) { return true }
        // "my name is", but "yes it is".
        guard endings.linking.contains(last), words.count > 1 else { return false }
        return !endings.pronouns.contains(words[words.count - 2])
    }

    private func answer(_ words: [String], text: String, to question: Expectation?) -> SentenceState {
        switch question {
        case .yesNo:
            return words.count <= Self.longestAnswer && ConsentAnswer(text) != .other ? .finished : .unknown
        case .digits:
            // People pause between the groups of a number.
            let digits = words.reduce(0) { $0 + (endings.digits.contains($1) ? 1 : $1.count(where: \.isNumber)) }
            return digits == 0 ? .unknown : digits < 3 ? .unfinished : digits < 7 ? .unknown : .finished
        case .choice(let options):
            return options.contains { SpokenWords.words($0) == words } ? .finished : .unknown
        case .intents, .dayTime, .name, .anything, nil:
            return .unknown
        }
    }
}
