import Actors
import AsyncHTTPClient
import Gateway
import Legs
import Logging
import NIOCore

/// Puts the chosen legs together and makes them ready before the first call.
final class EngineLegs: Sendable {
    struct Finding {
        var kind: LegKind
        var provider: String
        /// nil when the leg is usable.
        var problem: String?
    }

    let catalogue: LegCatalogue
    private let settings: EngineSettings
    private let vendors: VendorLegs
    let afterCall: AfterCallVendors
    private let tools: EngineTools
    private let client: HTTPClient
    private let recogniser: PocketSphinxTranscriber

    init(_ settings: EngineSettings, group: any EventLoopGroup, logger: Logger) {
        self.settings = settings
        client = VendorHTTP.client(group: group)
        recogniser = PocketSphinxTranscriber(configuration: Self.configuration(settings))
        tools = EngineTools(settings, client: client, group: group, logger: logger)
        vendors = VendorLegs(
            settings,
            client: client,
            group: group,
            recogniser: recogniser,
            tools: tools.tools
        )
        afterCall = AfterCallVendors(settings, client: client)
        catalogue = LegCatalogue(settings, vendors: vendors)
        let timed = Self.names(settings).filter { $0.provider == TimedLegs.provider }.map(\.kind.rawValue)
        if !timed.isEmpty {
            logger.warning(
                "timed legs: this engine is under test and understands no caller",
                metadata: ["legs.timed": "\(timed.joined(separator: ","))"]
            )
        }
    }

    /// For the engine.
    var source: LegSource {
        LegSource(
            names: Self.names(settings),
            health: catalogue.health,
            afterCall: { [afterCall] in afterCall.legs(for: $0) },
            tokens: catalogue.tokens,
            toolLoader: tools.loader,
            keys: tools.keySender,
            legs: { [catalogue] in catalogue.legs(for: $0) }
        )
    }

    /// Loads the tenants' vocabularies and speaks what they say in every call, before their first call.
    /// - Throws: `LegError` when the recogniser has no model to load.
    func warm(for profiles: [TenantProfile], logger: Logger) async throws {
        let heard = profiles.filter { order(.stt, of: $0).contains(LegSettings.Provider.embedded.rawValue) }
        if !heard.isEmpty {
            do {
                try await recogniser.warm(for: heard)
            } catch let error as LegError where error.isRetryable {
                // Every recogniser is in a call: the vocabulary is loaded with the first call that wants it.
                logger.info("recognisers are not warmed", metadata: ["error.cause": "\(error)"])
            }
        }
        var wanted = 0
        var ready = 0
        for profile in profiles {
            guard let voice = catalogue.legs(for: profile).synthesizer as? CachingSynthesizer else { continue }
            // A vendor is paid for every word: what every caller hears is enough.
            let isOwn = order(.tts, of: profile).first == LegSettings.Provider.embedded.rawValue
            let prompts = isOwn ? SpokenPrompts.all(of: profile) : SpokenPrompts.first(of: profile)
            wanted += prompts.count
            ready += await voice.warm(prompts)
        }
        if wanted > 0 {
            logger.info("prompts ready", metadata: ["prompts.ready": "\(ready)", "prompts.wanted": "\(wanted)"])
        }
    }

    /// What is usable, and why not. Asks no vendor: a key is not tried before it is needed.
    func check(_ profiles: [TenantProfile]) async -> [Finding] {
        var findings: [Finding] = []
        for name in Self.names(settings) {
            var problem = settings.legs.missing(name.provider)
            if name.provider == LegSettings.Provider.embedded.rawValue {
                switch name.kind {
                case .stt: problem = await Self.problem { try await recogniser.warm(for: profiles) }
                case .tts:
                    problem = await Self.problem {
                        let request = SpeechRequest(text: "Ready.", voice: "slt", language: "en-US")
                        for try await _ in vendors.embeddedSynthesizer.synthesize(request) {}
                    }
                case .llm: break
                }
            }
            findings.append(Finding(kind: name.kind, provider: name.provider, problem: problem))
        }
        return findings
    }

    /// Tells who the tenants in force are, to what depends on all of them.
    func follow(_ tenants: @escaping @Sendable () -> [TenantProfile]) { tools.follow(tenants) }

    /// Sessions of tools' servers are ended, and connections that wait for the next call are closed.
    func close() async {
        await tools.close()
        vendors.close()
        try? await client.shutdown()
    }

    private func order(_ kind: LegKind, of profile: TenantProfile) -> [String] {
        switch kind {
        case .stt: profile.legs.stt ?? settings.legs.effectiveSTT
        case .llm: profile.legs.llm ?? settings.legs.effectiveLLM
        case .tts: profile.legs.tts ?? settings.legs.effectiveTTS
        }
    }

    private static func names(_ settings: EngineSettings) -> [LegSource.Name] {
        settings.legs.effectiveSTT.map { .init(.stt, $0) } + settings.legs.effectiveLLM.map { .init(.llm, $0) }
            + settings.legs.effectiveTTS.map { .init(.tts, $0) }
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
        if settings.recogniserThreads > 0 { configuration.threads = settings.recogniserThreads }
        return configuration
    }
}
