/// A language model behind a vendor's wire protocol: one request, one streamed answer. What it is asked and what its
/// answer means is the dialogue's business.
public protocol ChatModel: Sendable {
    /// A metric label: `openai`, `anthropic`.
    var provider: String { get }
    /// The providers behind it, where it fails over between them itself, with deadlines and breakers of its own; empty: it is
    /// one provider.
    var supervised: [String] { get }
    /// Opens what the next request needs (a connection), so that it does not wait for it. Never fails: the request will tell.
    func warm() async
    /// Streams one answer. Cancelling the reading task closes the request.
    /// - Throws (inside the stream): `LegError` of the leg `llm`.
    func answer(_ request: ChatRequest) -> AsyncThrowingStream<ChatDelta, any Error>
}

extension ChatModel {
    public var supervised: [String] { [] }
}

public struct ChatRequest: Sendable, Equatable {
    /// Who the model is and what it may do.
    public var system: String
    /// Oldest first; begins with the caller.
    public var messages: [ChatMessage]
    public var tools: [ToolDeclaration]
    /// Of the answer.
    public var maximumTokens: Int
    public var temperature: Double?

    public init(
        system: String,
        messages: [ChatMessage],
        tools: [ToolDeclaration] = [],
        maximumTokens: Int = 400,
        temperature: Double? = nil
    ) {
        self.system = system
        self.messages = messages
        self.tools = tools
        self.maximumTokens = maximumTokens
        self.temperature = temperature
    }
}

public enum ChatMessage: Sendable, Equatable {
    case user(String)
    /// What the model answered: text, calls of tools, or both.
    case assistant(String, calls: [ToolCall])
    /// What a called tool gave back, as JSON text; one for every call of the answer before.
    case tool(id: String, content: String, isError: Bool)
}

public struct ToolCall: Sendable, Equatable {
    /// The model's own id of this call.
    public var id: String
    public var name: String
    /// JSON text as the model wrote it: it may be anything.
    public var arguments: String

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

public enum ChatDelta: Sendable, Equatable {
    /// Pieces joined without separators are the answer; each is whole UTF-8.
    case text(String)
    /// The model writes what a tool is to be given: nothing to say or do yet, and no silence.
    case working
    /// A whole call, once its arguments are complete.
    case call(ToolCall)
    case usage(ChatUsage)
    /// Another provider answers now.
    case replaced(LegReplacement)
    /// Last. A stream that ends without it was cut off and throws.
    case finished(ChatFinish)
}

public enum ChatFinish: String, Sendable {
    case stop
    /// `maximumTokens` were not enough.
    case length
    /// The tools' results are wanted.
    case tools
    /// The vendor withheld the answer.
    case filtered
}

public struct ChatUsage: Sendable, Equatable {
    public var inputTokens: Int
    public var outputTokens: Int
    /// Of the input, taken from the vendor's cache.
    public var cachedTokens: Int

    public init(inputTokens: Int, outputTokens: Int, cachedTokens: Int = 0) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cachedTokens = cachedTokens
    }
}
