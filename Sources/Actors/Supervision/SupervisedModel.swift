import Engine

/// Several dialogue models as one: the first that answers, and when it fails in the middle the next one continues its answer.
///
/// A member that is several models of its own (`supervised`) keeps its own time and breakers, and is asked once for each turn.
public struct SupervisedModel: DialogueModel {
    private let models: [any DialogueModel]
    private let health: ProviderHealth
    private let settings: SupervisionSettings.LLM
    private let time: any SupervisionTime
    private let random: UnitRandom

    /// - Parameter models: in the order they are asked; at least one. The last is the last resort.
    public init(
        _ models: [any DialogueModel],
        health: ProviderHealth,
        settings: SupervisionSettings.LLM = SupervisionSettings.LLM(),
        time: any SupervisionTime = MonotonicSupervisionTime(),
        random: @escaping UnitRandom = { .random(in: 0..<1) }
    ) {
        precondition(!models.isEmpty, "a supervised leg has at least one provider")
        self.models = models
        self.health = health
        self.settings = settings
        self.time = time
        self.random = random
        for model in models where model.supervised.isEmpty { health.register(.llm, model.provider, now: time.now) }
    }

    /// The first in the order.
    public var provider: String { models[0].provider }

    /// The first two that do not rest: the second is who answers after a failure.
    public func warm(_ profile: TenantProfile) async {
        let candidates = models.map { Failover.Candidate($0.provider, supervised: $0.supervised) }
        for index in health.firstUsable(2, .llm, candidates, now: time.now) { await models[index].warm(profile) }
    }

    /// Opens nothing yet: a model's own conversation begins with the first turn it is asked about.
    public func open(_ request: DialogueRequest) async throws -> any DialogueSession {
        Session(model: self, request: request)
    }

    private final class Session: DialogueSession {
        private let model: SupervisedModel
        private let request: DialogueRequest
        private let sessions = Locked<[Int: any DialogueSession]>([:])

        init(model: SupervisedModel, request: DialogueRequest) {
            self.model = model
            self.request = request
        }

        func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error> {
            let failover = Failover(
                .llm,
                model.models.map { Failover.Candidate($0.provider, supervised: $0.supervised) },
                health: model.health,
                retry: model.settings.retry,
                random: model.random
            )
            let machine = AnswerMachine(turn, failover: failover, settings: model.settings)
            return Relay<AnswerMachine>(time: model.time) { provider, turn in
                try await self.session(provider).reply(to: turn)
            }.stream(machine)
        }

        private func session(_ provider: Int) async throws -> any DialogueSession {
            if let open = sessions.withLock({ $0[provider] }) { return open }
            let opened = try await model.models[provider].open(request)
            return sessions.withLock { sessions in
                if let first = sessions[provider] { return first }
                sessions[provider] = opened
                return opened
            }
        }
    }
}
