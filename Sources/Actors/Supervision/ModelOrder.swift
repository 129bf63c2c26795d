/// The thinking leg out of a tenant's order of providers.
///
/// Language models that follow each other share one conversation, tools and memory included; whoever is not one (the
/// embedded receptionist) is asked when none of them is left, and told only what was said.
public struct ModelOrder: Sendable {
    /// One provider in the order.
    public enum Provider: Sendable {
        case chat(any ChatModel)
        case dialogue(any DialogueModel)
    }

    public var health: ProviderHealth
    public var settings: SupervisionSettings.LLM
    /// Told which provider took how much for a request.
    public var usage: @Sendable (_ provider: String, ChatUsage) -> Void
    public var time: any SupervisionTime
    public var random: UnitRandom

    public init(
        health: ProviderHealth,
        settings: SupervisionSettings.LLM = SupervisionSettings.LLM(),
        usage: @escaping @Sendable (_ provider: String, ChatUsage) -> Void = { _, _ in },
        time: any SupervisionTime = MonotonicSupervisionTime(),
        random: @escaping UnitRandom = { .random(in: 0..<1) }
    ) {
        self.health = health
        self.settings = settings
        self.usage = usage
        self.time = time
        self.random = random
    }

    /// - Parameters:
    ///   - providers: in the order they are asked; at least one.
    ///   - dialogue: makes a conversation of language models.
    public func model(
        _ providers: [Provider],
        dialogue: (any ChatModel) -> any DialogueModel
    ) -> any DialogueModel {
        var members: [any DialogueModel] = []
        var chats: [any ChatModel] = []
        func close(isLast: Bool) {
            guard !chats.isEmpty else { return }
            var settings = settings
            // While somebody else is left, nobody waits to ask the same ones again.
            if !isLast { settings.retry.retries = 0 }
            members.append(
                dialogue(
                    SupervisedChatModel(
                        chats,
                        health: health,
                        settings: settings,
                        usage: usage,
                        time: time,
                        random: random
                    )
                )
            )
            chats = []
        }
        for provider in providers {
            switch provider {
            case .chat(let model): chats.append(model)
            case .dialogue(let model):
                close(isLast: false)
                members.append(model)
            }
        }
        close(isLast: true)
        return SupervisedModel(members, health: health, settings: settings, time: time, random: random)
    }
}
