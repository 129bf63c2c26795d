import Actors
import Gateway
import Legs
import Logging

/// Puts the embedded legs together and makes them ready before the first call.
enum EmbeddedLegs {
    struct Finding {
        var kind: LegKind
        var provider: String
        /// nil when the leg is usable.
        var problem: String?
    }

    static func make(_ settings: EngineSettings, profiles: [TenantProfile], logger: Logger) async throws -> LegSet {
        let synthesizer = CachingSynthesizer(FliteSynthesizer())
        let transcriber = PocketSphinxTranscriber(configuration: configuration(settings))
        try await transcriber.warm(for: profiles)
        let prompts = profiles.flatMap { Self.prompts(of: $0) }
        let ready = await synthesizer.warm(prompts)
        logger.info("prompts ready", metadata: ["prompts.ready": "\(ready)", "prompts.wanted": "\(prompts.count)"])
        return LegSet(transcriber: transcriber, model: ReceptionistModel(), synthesizer: synthesizer)
    }

    static func check(_ settings: EngineSettings, profiles: [TenantProfile]) async -> [Finding] {
        let transcriber = PocketSphinxTranscriber(configuration: configuration(settings))
        let hearing = await problem { try await transcriber.warm(for: profiles) }
        let speech = await problem {
            for try await _ in FliteSynthesizer().synthesize(
                SpeechRequest(text: "Ready.", voice: "slt", language: "en-US")
            ) {}
        }
        return [
            Finding(kind: .stt, provider: transcriber.provider, problem: hearing),
            Finding(kind: .llm, provider: ReceptionistModel().provider, problem: nil),
            Finding(kind: .tts, provider: "embedded", problem: speech),
        ]
    }

    private static func problem(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func configuration(_ settings: EngineSettings) -> PocketSphinxConfiguration {
        var configuration = PocketSphinxConfiguration()
        configuration.warmDecoders = settings.warmRecognisers
        configuration.maximumDecoders = settings.maximumCalls
        return configuration
    }

    /// What a tenant says in every call: spoken from the cache, so that a call is answered at once.
    private static func prompts(of profile: TenantProfile) -> [SpeechRequest] {
        let texts = [profile.greeting, profile.goodbye, profile.emergency.say] + profile.fallback.say
        return texts.flatMap { PieceSplitter.pieces(of: $0) }.map {
            SpeechRequest(text: $0, voice: profile.voice, language: profile.language)
        }
    }
}
