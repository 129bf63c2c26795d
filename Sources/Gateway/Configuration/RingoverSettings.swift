/// Ringover's account, webhooks and streaming listener.
public struct RingoverSettings: Sendable, Equatable {
    /// How a webhook proves where it comes from.
    public enum WebhookScheme: String, Sendable, CaseIterable {
        /// `X-Ringover-Signature`: hexadecimal HMAC-SHA256 of the body.
        case hmac
        /// `X-Ringover-Webhook-Signature`: a JWT signed HS512, whose claims hold the body again.
        case jwt
        /// `X-Ringover-Webhook-Signature-V3`: base64 HMAC-SHA256 of method, URL, body and time.
        case v3
        /// The key itself, in a header: whoever sees one request can make others.
        case key
    }

    /// Ringover gives each group of events a key of its own.
    public enum WebhookFamily: String, Sendable, CaseIterable {
        case call, contact, search, routing
    }

    /// How one tenant's webhooks are checked, instead of the engine's own way.
    public struct TenantWebhook: Sendable, Equatable {
        public var scheme: WebhookScheme
        public var secret: String

        public init(scheme: WebhookScheme, secret: String) {
            self.scheme = scheme
            self.secret = secret
        }
    }

    public var apiKey: String?
    /// Keys that verify webhooks: two while one is rotated. For every family that has none of its own.
    public var webhookSecrets: [String] = []
    public var webhookFamilySecrets: [WebhookFamily: [String]] = [:]
    /// Any of these proves a webhook. `key` is weak and must be asked for.
    public var webhookSchemes: [WebhookScheme] = [.hmac, .jwt, .v3]
    /// By tenant: `clinic=jwt/its-key,cafe=hmac/its-key`.
    public var webhookTenants: [String: TenantWebhook] = [:]
    public var baseURL = "https://public-api.ringover.com/v2"
    public var streamingHost: String?
    /// 0 opens no listener of its own; the path on the main port remains.
    public var streamingPort = 8765
    public var streamingPath = "/ws"
    /// What a media socket must show, in its path or a header; two while one is rotated.
    public var streamingTokens: [String] = []
    /// Hertz of the audio both ways where a stream's metadata names none.
    public var streamingSampleRate = 8000
    /// Each audio message is an RTP packet: its header says where the sound belongs.
    public var streamingHasRTP = false

    public init() {}

    init(_ reader: inout SettingsReader) {
        apiKey = reader.text("ringover.apiKey")
        webhookSecrets = reader.list("ringover.webhookSecret") ?? []
        webhookFamilySecrets[.call] = reader.list("ringover.webhookCallSecret")
        webhookFamilySecrets[.contact] = reader.list("ringover.webhookContactSecret")
        webhookFamilySecrets[.search] = reader.list("ringover.webhookSearchSecret")
        webhookFamilySecrets[.routing] = reader.list("ringover.webhookRoutingSecret")
        webhookSchemes = Self.schemes(&reader) ?? webhookSchemes
        webhookTenants = Self.tenants(&reader)
        baseURL = reader.url("ringover.baseUrl") ?? baseURL
        streamingHost = reader.text("ringover.streamingHost")
        streamingPort = reader.number("ringover.streamingPort", 0...65_535, "a port") ?? streamingPort
        streamingPath = reader.text("ringover.streamingPath") ?? streamingPath
        streamingTokens = reader.list("ringover.streamingToken") ?? []
        let rate = reader.oneOf("ringover.streamingRate", ["8000", "16000"])
        streamingSampleRate = rate.flatMap { Int($0) } ?? streamingSampleRate
        streamingHasRTP = reader.flag("ringover.streamingRtp") ?? streamingHasRTP
    }

    private static var schemeNames: String { WebhookScheme.allCases.map(\.rawValue).joined(separator: ", ") }

    private static func schemes(_ reader: inout SettingsReader) -> [WebhookScheme]? {
        guard let names = reader.list("ringover.webhookSchemes") else { return nil }
        let schemes = names.compactMap { WebhookScheme(rawValue: $0.lowercased()) }
        guard schemes.count == names.count, !schemes.isEmpty else {
            fault(&reader, "ringover.webhookSchemes", "RINGOVER_WEBHOOK_SCHEMES", "wants some of \(schemeNames)")
            return nil
        }
        return schemes
    }

    /// The values are never repeated in a fault: they are secrets.
    private static func tenants(_ reader: inout SettingsReader) -> [String: TenantWebhook] {
        guard let pairs = reader.pairs("ringover.webhookTenants") else { return [:] }
        var tenants: [String: TenantWebhook] = [:]
        for (tenant, value) in pairs.sorted(by: { $0.key < $1.key }) {
            let parts = value.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2, let scheme = WebhookScheme(rawValue: parts[0].lowercased()) else {
                fault(
                    &reader,
                    "ringover.webhookTenants",
                    "RINGOVER_WEBHOOK_TENANTS",
                    "tenant '\(tenant)' wants scheme/key, the scheme one of \(schemeNames)"
                )
                continue
            }
            tenants[tenant] = TenantWebhook(scheme: scheme, secret: parts[1])
        }
        return tenants
    }

    private static func fault(_ reader: inout SettingsReader, _ key: String, _ variable: String, _ message: String) {
        let source =
            reader.options[variable] != nil
            ? "option" : reader.environment[variable] != nil ? "environment" : reader.file
        reader.faults.append(
            SettingsFault(source: source, key: source == reader.file ? key : variable, message: message)
        )
    }
}
