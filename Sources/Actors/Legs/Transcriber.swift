/// Speech to text: opens one recognition session per call.
public protocol Transcriber: Sendable {
    /// The provider's short name, a metric label: `embedded`, `deepgram`.
    var provider: String { get }
    /// Opens what the next call needs (a connection), so that it does not wait for it. Never fails: `open` will tell.
    func warm(_ profile: TenantProfile) async

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
    /// The caller is quiet and may go on: what was said so far is wanted now, as `.provisional` of this turn. Audio goes on
    /// coming, all of it silence until `resume`. May come several times in a turn.
    func pause(turn: Int)
    /// The caller goes on: what was heard as that came with the audio just before. The pause is void, and so is its
    /// `.provisional` if it was not given yet: it must not be given any more.
    func resume(turn: Int)
    /// The utterance is over: a `.final` event for this turn must follow, also when nothing was understood. After a `pause`
    /// without a `resume` nothing was said that the pause's `.provisional` does not hold: once that is given, the same words
    /// may be given as `.final` at once, and while it is not, the `.final` alone is enough. A `.final` with more words than
    /// the `.provisional` is taken as the caller having gone on.
    func end(turn: Int)
    /// Drops the utterance: nothing about it is reported any more.
    func cancel()
    /// Ends the session and gives back what it holds. Called once, last.
    func close()
}

extension Transcriber {
    public func warm(_ profile: TenantProfile) async {}
}

extension TranscriptionSession {
    /// A recogniser that cannot tell before the end says nothing.
    public func pause(turn: Int) {}
    public func resume(turn: Int) {}
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
