import Engine

/// Several dialogue models as one: the first that answers, and when it fails in the middle the next one continues its answer.
public struct SupervisedModel: DialogueModel {
    private let models: [any DialogueModel]
    private let health: ProviderHealth
    private let settings: SupervisionSettings.LLM
    private let hedging: Hedging
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
        hedging = Hedging(settings.hedge)
        for model in models { health.register(.llm, model.provider, now: time.now) }
    }

    /// The first in the order.
    public var provider: String { models[0].provider }

    /// The first two that do not rest: the second is who answers after a failure.
    public func warm(_ profile: TenantProfile) async {
        for index in health.firstUsable(2, .llm, models.map(\.provider), now: time.now) {
            await models[index].warm(profile)
        }
    }

    /// Opens nothing yet: a model's own conversation begins with the first turn it is asked about.
    public func open(_ request: DialogueRequest) async throws -> any DialogueSession {
        Session(model: self, request: request)
    }

    private final class Session: DialogueSession {
        /// A model's conversation; the second one of a model is for hedging, as one answers one turn at a time.
        private struct Place: Hashable {
            var provider: Int
            var isSecond: Bool
        }

        private let model: SupervisedModel
        private let request: DialogueRequest
        private let sessions = Locked<[Place: any DialogueSession]>([:])

        init(model: SupervisedModel, request: DialogueRequest) {
            self.model = model
            self.request = request
        }

        func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error> {
            let failover = Failover(
                .llm,
                model.models.map(\.provider),
                health: model.health,
                retry: model.settings.retry,
                random: model.random
            )
            let machine = AnswerMachine(turn, failover: failover, settings: model.settings, hedging: model.hedging)
            var relay = Relay<AnswerMachine>(time: model.time) { provider, question in
                try await self.session(Place(provider: provider, isSecond: question.isSecond)).reply(to: question.turn)
            }
            if machine.mayHedge, let commit = turn.commit { relay.commit = { try await commit.wait() } }
            return relay.stream(machine)
        }

        private func session(_ place: Place) async throws -> any DialogueSession {
            if let open = sessions.withLock({ $0[place] }) { return open }
            let opened = try await model.models[place.provider].open(request)
            return sessions.withLock { sessions in
                if let first = sessions[place] { return first }
                sessions[place] = opened
                return opened
            }
        }
    }
}
