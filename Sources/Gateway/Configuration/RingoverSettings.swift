/// Ringover's account, webhooks and streaming listener.
public struct RingoverSettings: Sendable, Equatable {
    public var apiKey: String?
    /// Keys that verify webhooks: two while one is rotated.
    public var webhookSecrets: [String] = []
    public var baseURL = "https://public-api.ringover.com/v2"
    public var streamingHost: String?
    /// 0 opens no listener of its own; the path on the main port remains.
    public var streamingPort = 8765
    public var streamingPath = "/ws"
    /// What a media socket must show, in its path or a header; two while one is rotated.
    public var streamingTokens: [String] = []

    public init() {}

    init(_ reader: inout SettingsReader) {
        apiKey = reader.text("ringover.apiKey")
        webhookSecrets = reader.list("ringover.webhookSecret") ?? []
        baseURL = reader.url("ringover.baseUrl") ?? baseURL
        streamingHost = reader.text("ringover.streamingHost")
        streamingPort = reader.number("ringover.streamingPort", 0...65_535, "a port") ?? streamingPort
        streamingPath = reader.text("ringover.streamingPath") ?? streamingPath
        streamingTokens = reader.list("ringover.streamingToken") ?? []
    }
}
