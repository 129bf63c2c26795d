import Engine

/// Several language models as one: the first that answers, and when it fails in the middle the next one continues its answer.
///
/// Stands below the dialogue, so that whoever goes on gets the same conversation: what was said, the calls of tools and
/// their results.
public struct SupervisedChatModel: ChatModel {
    private let models: [any ChatModel]
    private let health: ProviderHealth
    private let settings: SupervisionSettings.LLM
    private let hedging: Hedging
    private let usage: @Sendable (String, ChatUsage) -> Void
    private let time: any SupervisionTime
    private let random: UnitRandom

    /// - Parameters:
    ///   - models: in the order they are asked; at least one.
    ///   - usage: told which provider took how much for a request, on any thread. A request that is cancelled tells nothing.
    public init(
        _ models: [any ChatModel],
        health: ProviderHealth,
        settings: SupervisionSettings.LLM = SupervisionSettings.LLM(),
        usage: @escaping @Sendable (_ provider: String, ChatUsage) -> Void = { _, _ in },
        time: any SupervisionTime = MonotonicSupervisionTime(),
        random: @escaping UnitRandom = { .random(in: 0..<1) }
    ) {
        precondition(!models.isEmpty, "a supervised leg has at least one provider")
        self.models = models
        self.health = health
        self.settings = settings
        self.usage = usage
        self.time = time
        self.random = random
        hedging = Hedging(settings.hedge)
        for model in models { health.register(.llm, model.provider, now: time.now) }
    }

    /// The first in the order.
    public var provider: String { models[0].provider }
    public var supervised: [String] { models.map(\.provider) }

    /// The first two that do not rest: the second is who answers after a failure.
    public func warm() async {
        let candidates = models.map { Failover.Candidate($0.provider) }
        for index in health.firstUsable(2, .llm, candidates, now: time.now) { await models[index].warm() }
    }

    public func answer(_ request: ChatRequest) -> AsyncThrowingStream<ChatDelta, any Error> {
        let failover = Failover(
            .llm,
            models.map { Failover.Candidate($0.provider) },
            health: health,
            retry: settings.retry,
            random: random
        )
        let machine = ChatMachine(request, failover: failover, settings: settings, hedging: hedging, usage: usage)
        return Relay<ChatMachine>(time: time) { [models] provider, request in models[provider].answer(request) }
            .stream(machine)
    }
}
