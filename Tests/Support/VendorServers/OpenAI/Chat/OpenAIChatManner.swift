/// How one chat completions server differs from the vendor's own.
public struct OpenAIChatManner: Sendable {
    /// nil asks for none, as a local server does.
    public var key: String?
    public var basePath = "/v1"
    /// Off: `stream_options` is refused.
    public var takesStreamOptions = true
    /// Off: reasoning models.
    public var takesMaxTokens = true
    /// Off: a server of before `max_completion_tokens`.
    public var takesMaxCompletionTokens = true
    /// Off: reasoning models.
    public var takesTemperature = true

    public init(key: String? = nil) { self.key = key }
}
