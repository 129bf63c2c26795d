import Foundation

/// A dialogue led by a language model: any `ChatModel`, with the tenant's profile as its role, a bounded memory and tools.
public struct ChatDialogue: DialogueModel {
    public var provider: String { model.provider }
    public var supervised: [String] { model.supervised }
    private let model: any ChatModel
    private let tools: @Sendable (DialogueRequest) async -> [any Tool]
    private let settings: ChatSettings
    private let clock: any Clock<Duration>

    /// - Parameters:
    ///   - tools: what the model may use in a call, asked once when the call's first turn comes: should be quick.
    ///   - clock: of the tools' time limits.
    public init(
        model: any ChatModel,
        tools: @escaping @Sendable (DialogueRequest) async -> [any Tool] = { _ in [] },
        settings: ChatSettings = ChatSettings(),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.model = model
        self.tools = tools
        self.settings = settings
        self.clock = clock
    }

    public func warm(_ profile: TenantProfile) async {
        guard profile.mode != .humanOnly else { return }
        await model.warm()
    }

    /// - Throws: `LegError` `refused` for a tenant whose calls only people answer.
    public func open(_ request: DialogueRequest) async throws -> any DialogueSession {
        guard request.profile.mode != .humanOnly else {
            throw LegError(
                leg: .llm,
                provider: provider,
                code: "refused",
                cause: "the tenant's mode is human_only: no model may answer its calls",
                isRetryable: false
            )
        }
        var tools = await tools(request)
        if request.profile.mode == .triage {
            // Whoever only collects and routes changes nothing.
            tools = [HandOverTool(request.profile)] + tools.filter { !$0.declaration.hasEffect }
        }
        return ChatSession(
            request,
            model: model,
            tools: tools,
            settings: settings,
            clock: clock
        )
    }
}
