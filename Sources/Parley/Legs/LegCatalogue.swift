import Actors
import Gateway
import Legs
import Synchronization

/// Which legs a tenant's calls have: each a provider alone, or several as one, in the order of the profile, else of the
/// settings. Tenants with the same order share them, and with them circuit breakers, connections and spoken prompts.
final class LegCatalogue: Sendable {
    private struct Key: Hashable {
        var stt: [String]
        var llm: [String]
        var tts: [String]
        var voices: [String: String]
    }

    let health: ProviderHealth
    let tokens: ModelTokens
    private let settings: EngineSettings
    private let vendors: VendorLegs
    private let supervision: SupervisionSettings
    private let made = Mutex<[Key: LegSet]>([:])

    init(_ settings: EngineSettings, vendors: VendorLegs) {
        self.settings = settings
        self.vendors = vendors
        supervision = settings.legs.supervision
        let chats = [LegSettings.Provider.openai, .anthropic].map(\.rawValue)
        tokens = ModelTokens(settings.legs.effectiveLLM.filter(chats.contains))
        health = ProviderHealth(supervision.breaker)
    }

    func legs(for profile: TenantProfile) -> LegSet {
        legs(stt: profile.legs.stt, llm: profile.legs.llm, tts: profile.legs.tts, voices: profile.voices)
    }

    private func legs(stt: [String]?, llm: [String]?, tts: [String]?, voices: [String: String]) -> LegSet {
        let key = Key(
            stt: stt ?? settings.legs.effectiveSTT,
            llm: llm ?? settings.legs.effectiveLLM,
            tts: tts ?? settings.legs.effectiveTTS,
            voices: voices
        )
        return made.withLock { made in
            if let known = made[key] { return known }
            let set = make(key)
            made[key] = set
            return set
        }
    }

    private func make(_ key: Key) -> LegSet {
        LegSet(
            transcriber: transcriber(key.stt.compactMap(vendors.transcriber)),
            model: model(key.llm.compactMap(vendors.model)),
            synthesizer: synthesizer(key.tts.compactMap(vendors.synthesizer), voices: key.voices)
        )
    }

    // A leg of this process alone has nobody to fail over to, and fails by itself in its own time.

    private func transcriber(_ providers: [any Transcriber]) -> any Transcriber {
        guard let first = providers.first else { return vendors.embeddedTranscriber }
        if providers.count == 1, Self.isOwn(first.provider) { return first }
        return SupervisedTranscriber(providers, health: health, settings: supervision.stt)
    }

    private func model(_ providers: [ModelOrder.Provider]) -> any DialogueModel {
        guard let first = providers.first else { return ReceptionistModel() }
        if providers.count == 1, case .dialogue(let model) = first { return model }
        let order = ModelOrder(health: health, settings: supervision.llm) { [tokens] in tokens.add($1, of: $0) }
        return order.model(providers, dialogue: vendors.dialogue)
    }

    private func synthesizer(_ providers: [any Synthesizer], voices: [String: String]) -> any Synthesizer {
        guard let first = providers.first else { return CachingSynthesizer(vendors.embeddedSynthesizer) }
        if providers.count == 1, Self.isOwn(first.provider) {
            return first.provider == TimedLegs.provider ? first : CachingSynthesizer(first)
        }
        return CachingSynthesizer(
            SupervisedSynthesizer(providers, health: health, settings: supervision.tts) { provider, request in
                if let voice = voices[provider] { return voice }
                // The profile's voice is one of the embedded leg's, unless it is a vendor's name for a voice.
                let isEmbedded = ProfileReader.embeddedVoices.contains(request.voice)
                if provider == LegSettings.Provider.embedded.rawValue {
                    return isEmbedded ? request.voice : Self.embeddedVoice
                }
                return isEmbedded ? "" : request.voice
            }
        )
    }

    private static let embeddedVoice = "slt"
    private static func isOwn(_ provider: String) -> Bool {
        provider == LegSettings.Provider.embedded.rawValue || provider == TimedLegs.provider
    }
}
