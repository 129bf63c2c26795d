import Actors

/// What stands behind the legs of the engine's calls.
public struct LegSource: Sendable {
    public struct Name: Sendable, Equatable {
        public var kind: LegKind
        public var provider: String

        public init(_ kind: LegKind, _ provider: String) {
            self.kind = kind
            self.provider = provider
        }
    }

    /// Of one tenant's calls. Quick and without waiting.
    public var legs: @Sendable (TenantProfile) -> LegSet
    /// Every provider of each leg, in the order they are asked, as the settings have it.
    public var names: [Name]
    /// The providers' circuit breakers; nil where no leg has any.
    public var health: ProviderHealth?
    /// Of one tenant's calls when they are over. Quick and without waiting.
    public var afterCall: @Sendable (TenantProfile) -> AfterCallLegs
    /// What language models took; nil where there is none.
    public var tokens: ModelTokens?
    /// Tools that were missing in calls; nil where no tenant has such tools.
    public var toolLoader: ToolLoader?
    /// Presses keys for the tools; the engine connects it.
    public var keys: ProviderKeys?

    public init(
        names: [Name],
        health: ProviderHealth? = nil,
        afterCall: @escaping @Sendable (TenantProfile) -> AfterCallLegs = { _ in AfterCallLegs() },
        tokens: ModelTokens? = nil,
        toolLoader: ToolLoader? = nil,
        keys: ProviderKeys? = nil,
        legs: @escaping @Sendable (TenantProfile) -> LegSet
    ) {
        self.names = names
        self.health = health
        self.afterCall = afterCall
        self.tokens = tokens
        self.toolLoader = toolLoader
        self.keys = keys
        self.legs = legs
    }

    /// The same legs for everybody.
    public init(_ legs: LegSet) {
        self.init(
            names: [
                Name(.stt, legs.transcriber.provider), Name(.llm, legs.model.provider),
                Name(.tts, legs.synthesizer.provider),
            ]
        ) { _ in legs }
    }

    /// By leg, in order: `stt: deepgram,embedded`.
    var orders: [String: String] {
        Dictionary(grouping: names, by: \.kind.rawValue).mapValues { $0.map(\.provider).joined(separator: ",") }
    }
}
