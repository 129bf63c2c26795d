/// Text to speech, one speakable piece (a sentence or a clause) at a time.
public protocol Synthesizer: Sendable {
    var provider: String { get }
    /// Opens what the next piece needs (a connection), so that it does not wait for it. Never fails: the piece will tell.
    func warm(_ profile: TenantProfile) async
    /// Streams one piece: first its words where the provider knows them, then audio.
    ///
    /// Cancelling the reading task stops the work.
    /// - Throws (inside the stream): `LegError`.
    func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error>
}

extension Synthesizer {
    public func warm(_ profile: TenantProfile) async {}
}

public struct SpeechRequest: Sendable, Hashable {
    public var text: String
    public var voice: String
    /// BCP 47, `en-US`.
    public var language: String
    /// Samples per second the audio must have.
    public var sampleRate: Int
    /// How the tenant wants words said; `SpokenVoice` puts them into the text.
    public var pronunciations: Pronunciations

    public init(
        text: String,
        voice: String,
        language: String,
        sampleRate: Int = 8000,
        pronunciations: Pronunciations = .none
    ) {
        self.text = text
        self.voice = voice
        self.language = language
        self.sampleRate = sampleRate
        self.pronunciations = pronunciations
    }
}

public enum SpeechDelta: Sendable, Equatable {
    /// The words of the piece with their times, before or between audio. May come again: all words known so far, the newest
    /// knowledge holds.
    case words([SpokenWord])
    /// Another provider speaks the rest.
    case replaced(LegReplacement)
    /// Mono Int16 at the requested rate, any count, in order.
    case audio([Int16])
}
