public enum TranscriptEvent: Sendable, Equatable {
    /// The words so far, unstable: may change with the next partial.
    case partial(String, turn: Int)
    /// Everything said up to a pause, as good as final: words that follow come after these.
    case provisional(Transcript, turn: Int)
    /// The provider itself takes the caller to have finished (Deepgram's `speech_final`).
    case endpoint(turn: Int)
    case final(Transcript, turn: Int)
    /// Another provider hears the caller now; the turn that was under way is not lost.
    case replaced(LegReplacement)
    /// The session is over.
    case failed(LegError)
}

/// What a recogniser made of one utterance.
public struct Transcript: Sendable, Equatable {
    /// The words, lower case where the recogniser knows no better. Empty when nothing was understood.
    public var text: String
    /// 0...1; 1 where the provider gives none.
    public var confidence: Double
    public var provider: String
    /// BCP 47, where the provider tells which language it heard.
    public var language: String?
    /// True when there were words, but the recogniser itself does not believe them.
    public var isRejected: Bool

    public init(
        text: String,
        confidence: Double = 1,
        provider: String,
        language: String? = nil,
        isRejected: Bool = false
    ) {
        self.language = language
        self.text = text
        self.confidence = confidence
        self.provider = provider
        self.isRejected = isRejected
    }
}
