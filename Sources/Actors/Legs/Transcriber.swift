/// Speech to text: opens one recognition session per call.
public protocol Transcriber: Sendable {
    /// The provider's short name, a metric label: `embedded`, `deepgram`.
    var provider: String { get }

    /// Opens a session for one call.
    ///
    /// May take long (a model is loaded, a socket is opened) and therefore never runs on a media worker.
    /// - Parameter events: receives everything the session finds, on any thread, in order.
    /// - Throws: `LegError`.
    func open(
        _ request: TranscriptionRequest,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) async throws -> any TranscriptionSession
}

/// One call's recogniser.
///
/// Called by one actor at a time (the call's STT leg), on a leg worker's thread: a call may use a few milliseconds of
/// CPU, but never waits for a network. Conforming classes are `Sendable` by that confinement and say so.
public protocol TranscriptionSession: AnyObject, Sendable {
    /// What the dialogue waits for. Takes effect with the next utterance.
    func expect(_ expectation: Expectation)
    /// An utterance begins; the audio that follows includes its pre-roll.
    func begin(turn: Int)
    /// - Shape: mono Int16 at `TranscriptionRequest.sampleRate`, any count.
    func feed(_ samples: [Int16])
    /// The utterance is over: a `.final` event for this turn must follow, also when nothing was understood.
    func end(turn: Int)
    /// Drops the utterance: nothing about it is reported any more.
    func cancel()
    /// Ends the session and gives back what it holds. Called once, last.
    func close()
}

public struct TranscriptionRequest: Sendable {
    public let profile: TenantProfile
    /// Samples per second of what is fed; 8 000 on a telephone line.
    public let sampleRate: Int

    public init(profile: TenantProfile, sampleRate: Int = 8000) {
        self.profile = profile
        self.sampleRate = sampleRate
    }
}

public enum TranscriptEvent: Sendable, Equatable {
    /// The words so far, unstable: may change with the next partial.
    case partial(String, turn: Int)
    case final(Transcript, turn: Int)
    case failed(LegError)
}

/// What a recogniser made of one utterance.
public struct Transcript: Sendable, Equatable {
    /// The words, lower case where the recogniser knows no better. Empty when nothing was understood.
    public var text: String
    /// 0...1; 1 where the provider gives none.
    public var confidence: Double
    public var provider: String
    /// True when there were words, but the recogniser itself does not believe them.
    public var isRejected: Bool

    public init(text: String, confidence: Double = 1, provider: String, isRejected: Bool = false) {
        self.text = text
        self.confidence = confidence
        self.provider = provider
        self.isRejected = isRejected
    }
}

/// What the dialogue waits for next: a hint that lets a small recogniser load a small grammar.
///
/// A caller may always say something else (an emergency, "repeat that", another wish); a hint never excludes those.
public enum Expectation: Sendable, Equatable, Hashable {
    /// Any of the tenant's intents.
    case intents
    case yesNo
    /// A day, a time, or both: "next Wednesday at nine".
    case dayTime
    case name
    /// A number spoken digit by digit.
    case digits
    /// One of a list of the tenant's phrases.
    case choice([String])
    /// Free speech.
    case anything
}
