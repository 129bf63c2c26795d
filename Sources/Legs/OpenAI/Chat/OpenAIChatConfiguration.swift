import Actors

/// A chat completions server: OpenAI's own, or one that speaks as it does (vLLM, llama.cpp, Ollama).
public struct OpenAIChatConfiguration: Sendable {
    /// The member that bounds the answer.
    public enum TokensMember: String, Sendable {
        /// OpenAI's today; reasoning models take no other.
        case maxCompletionTokens = "max_completion_tokens"
        /// Deprecated there; what many compatible servers know.
        case maxTokens = "max_tokens"
    }

    /// A metric label.
    public var provider = "openai"
    /// Up to and with `/v1`; requests go to `chat/completions` below it.
    public var baseURL = "https://api.openai.com/v1"
    /// nil for a local server that asks for none.
    public var key: String?
    public var organization: String?
    public var project: String?
    public var model: String
    public var tokensMember = TokensMember.maxCompletionTokens
    /// Off for reasoning models, which refuse a temperature.
    public var sendsTemperature = true
    /// `stream_options.include_usage`. Off for a server that refuses it; tokens are then not counted.
    public var asksForUsage = true
    /// nil leaves the server's default, which allows several calls in one answer.
    public var parallelCalls: Bool?
    /// Further members of the request's body, for a server that needs them (`reasoning_effort`, `chat_template_kwargs`).
    /// They never replace what the engine sets itself.
    public var extra: [String: JSON] = [:]
    public var limits = ChatLimits()
    /// Of the connection: an answer is short, and a caller waits for it.
    public var transport = VendorLimits(whole: .seconds(60), bodyBytes: 4 << 20)

    public init(model: String, key: String? = nil, baseURL: String = "https://api.openai.com/v1") {
        self.model = model
        self.key = key
        self.baseURL = baseURL
    }
}

/// The key is in none of them.
extension OpenAIChatConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(provider): \(model) at \(baseURL)\(key == nil ? ", no key" : "")" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["provider": provider, "model": model]) }
}
