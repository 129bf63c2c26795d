import Actors
import Gateway
import Legs
import Logging

/// Puts the chosen legs together and makes them ready before the first call.
enum EngineLegs {
    struct Finding {
        var kind: LegKind
        var provider: String
        /// nil when the leg is usable.
        var problem: String?
    }

    static func make(_ settings: EngineSettings, logger: Logger) -> LegSet {
        let legs = LegSet(
            transcriber: transcriber(settings),
            model: model(settings),
            synthesizer: synthesizer(settings)
        )
        let timed = providers(legs).filter { $0.1 == TimedLegs.provider }.map(\.0.rawValue)
        if !timed.isEmpty {
            logger.warning(
                "timed legs: this engine is under test and understands no caller",
                metadata: ["legs.timed": "\(timed.joined(separator: ","))"]
            )
        }
        return legs
    }

    /// Loads the tenants' vocabularies and speaks what they say in every call, before their first call.
    /// - Throws: `LegError` when the recogniser has no model to load.
    static func warm(_ legs: LegSet, for profiles: [TenantProfile], logger: Logger) async throws {
        guard !profiles.isEmpty else { return }
        if let recogniser = legs.transcriber as? PocketSphinxTranscriber {
            do {
                try await recogniser.warm(for: profiles)
            } catch let error as LegError where error.isRetryable {
                // Every recogniser is in a call: the vocabulary is loaded with the first call that wants it.
                logger.info("recognisers are not warmed", metadata: ["error.cause": "\(error)"])
            }
        }
        if let voice = legs.synthesizer as? CachingSynthesizer {
            let prompts = profiles.flatMap { Self.prompts(of: $0) }
            let ready = await voice.warm(prompts)
            logger.info("prompts ready", metadata: ["prompts.ready": "\(ready)", "prompts.wanted": "\(prompts.count)"])
        }
    }

    static func check(_ settings: EngineSettings, profiles: [TenantProfile]) async -> [Finding] {
        let legs = LegSet(
            transcriber: transcriber(settings),
            model: model(settings),
            synthesizer: synthesizer(settings)
        )
        var problems: [LegKind: String] = [:]
        if let recogniser = legs.transcriber as? PocketSphinxTranscriber {
            problems[.stt] = await problem { try await recogniser.warm(for: profiles) }
        }
        problems[.tts] = await problem {
            for try await _ in legs.synthesizer.synthesize(
                SpeechRequest(text: "Ready.", voice: "slt", language: "en-US")
            ) {}
        }
        return providers(legs).map { Finding(kind: $0.0, provider: $0.1, problem: problems[$0.0]) }
    }

    // MARK: The first of each order; the settings hold known names only

    private static func transcriber(_ settings: EngineSettings) -> any Transcriber {
        guard settings.legs.effectiveSTT.first == TimedLegs.provider else {
            return PocketSphinxTranscriber(configuration: configuration(settings))
        }
        return TimedTranscriber(delay: .milliseconds(settings.timedSttMilliseconds))
    }

    private static func model(_ settings: EngineSettings) -> any DialogueModel {
        guard settings.legs.effectiveLLM.first == TimedLegs.provider else { return ReceptionistModel() }
        return TimedModel(delay: .milliseconds(settings.timedLlmMilliseconds))
    }

    private static func synthesizer(_ settings: EngineSettings) -> any Synthesizer {
        guard settings.legs.effectiveTTS.first == TimedLegs.provider else { return CachingSynthesizer(FliteSynthesizer()) }
        return TimedSynthesizer(delay: .milliseconds(settings.timedTtsMilliseconds))
    }

    private static func providers(_ legs: LegSet) -> [(LegKind, String)] {
        [(.stt, legs.transcriber.provider), (.llm, legs.model.provider), (.tts, legs.synthesizer.provider)]
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

    /// What a tenant says without asking a model first: spoken from the cache, so that nobody waits for it.
    private static func prompts(of profile: TenantProfile) -> [SpeechRequest] {
        let menu = profile.menu.map { [$0.say] + $0.choices.values.map(\.say) } ?? []
        let handOver = [profile.transfer?.say].compactMap { $0 } + profile.transfers.values.map(\.say)
        let closed = [profile.hours?.closedSay, profile.voicemail?.say, profile.consent?.say].compactMap { $0 }
        let texts =
            [profile.greeting, profile.goodbye, profile.emergency.say] + profile.fallback.say + menu + handOver + closed
        let pieces = texts.flatMap { PieceSplitter.pieces(of: $0) }
        var seen: Set<String> = []
        return pieces.filter { !$0.isEmpty && seen.insert($0).inserted }.map {
            SpeechRequest(text: $0, voice: profile.voice, language: profile.language)
        }
    }
}
