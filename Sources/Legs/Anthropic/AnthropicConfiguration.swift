import Actors

/// Anthropic's Messages, or a server that speaks as it does.
public struct AnthropicConfiguration: Sendable {
    public enum KeyHeader: Sendable {
        /// `Authorization: Bearer`, what the vendor describes today.
        case bearer
        /// `x-api-key`, what it described before and some servers still want.
        case apiKey
    }

    /// The version after which no sampling parameter is taken.
    public static let currentVersion = "2026-10-21"
    /// The version before it.
    public static let samplingVersion = "2023-06-01"

    /// A metric label.
    public var provider = "anthropic"
    /// Requests go to `v1/messages` below it.
    public var baseURL = "https://api.anthropic.com"
    public var key: String?
    public var keyHeader = KeyHeader.bearer
    /// `anthropic-version`. It decides what is legal: a temperature is sent with `samplingVersion` only.
    public var version = Self.currentVersion
    public var model: String
    /// Marks the tools and the system prompt for the vendor's prompt cache.
    public var cachesPrompt = true
    /// Further members of the request's body. They never replace what the engine sets itself.
    public var extra: [String: JSON] = [:]
    public var limits = ChatLimits()
    /// Of the connection: an answer is short, and a caller waits for it.
    public var transport = VendorLimits(whole: .seconds(60), bodyBytes: 4 << 20)

    public init(model: String, key: String?, baseURL: String = "https://api.anthropic.com") {
        self.model = model
        self.key = key
        self.baseURL = baseURL
    }
}

/// The key is in none of them.
extension AnthropicConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(provider): \(model) at \(baseURL)\(key == nil ? ", no key" : "")" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["provider": provider, "model": model]) }
}
