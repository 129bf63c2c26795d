import Engine

/// Several voices as one: the first that answers speaks, and when it fails the next one goes on with the next word.
public struct SupervisedSynthesizer: Synthesizer {
    /// Names a provider's voice for what is asked of another's: `(provider, request) -> voice`.
    public typealias Voices = @Sendable (_ provider: String, _ request: SpeechRequest) -> String

    private let voices: [any Synthesizer]
    private let health: ProviderHealth
    private let settings: SupervisionSettings.TTS
    private let voice: Voices
    private let time: any SupervisionTime
    private let random: UnitRandom

    /// - Parameter voices: in the order they are asked; at least one. The last is the last resort.
    public init(
        _ voices: [any Synthesizer],
        health: ProviderHealth,
        settings: SupervisionSettings.TTS = SupervisionSettings.TTS(),
        voice: @escaping Voices = { $1.voice },
        time: any SupervisionTime = MonotonicSupervisionTime(),
        random: @escaping UnitRandom = { .random(in: 0..<1) }
    ) {
        precondition(!voices.isEmpty, "a supervised leg has at least one provider")
        self.voices = voices
        self.health = health
        self.settings = settings
        self.voice = voice
        self.time = time
        self.random = random
        for voice in voices { health.register(.tts, voice.provider, now: time.now) }
    }

    /// The first in the order.
    public var provider: String { voices[0].provider }

    /// The first two that do not rest: the second is who speaks after a failure.
    public func warm(_ profile: TenantProfile) async {
        for index in health.firstUsable(2, .tts, voices.map { Failover.Candidate($0.provider) }, now: time.now) {
            await voices[index].warm(profile)
        }
    }

    public func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        let failover = Failover(.tts, voices.map(\.provider), health: health, retry: settings.retry, random: random)
        let relay = Relay<SpeechMachine>(time: time) { [voices, voice] provider, rest in
            var own = rest
            own.voice = voice(voices[provider].provider, request)
            return voices[provider].synthesize(own)
        }
        return relay.stream(SpeechMachine(request, failover: failover, settings: settings))
    }
}
