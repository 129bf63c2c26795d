/// RingCentral's application, webhooks and modes.
public struct RingCentralSettings: Sendable, Equatable {
    /// What the engine does with a call.
    public enum Mode: String, Sendable, CaseIterable {
        case fullAuto = "full_auto"
        case triage
        case humanOnly = "human_only"
    }

    public var clientID: String?
    public var clientSecret: String?
    public var jwtToken: String?
    public var baseURL = "https://platform.ringcentral.com"
    /// Keys of `X-RingCentral-Signature`: two while one is rotated.
    public var webhookSecrets: [String] = []
    /// Where RingCentral shall deliver; derived from the public address when not given.
    public var webhookURL: String?
    /// The static tokens chosen at subscription, which come back with every notification.
    public var verificationTokens: [String] = []
    public var answersAutomatically = false
    public var mode = Mode.triage

    public init() {}

    init(_ reader: inout SettingsReader) {
        clientID = reader.text("rc.clientId")
        clientSecret = reader.text("rc.clientSecret")
        jwtToken = reader.text("rc.jwtToken")
        baseURL = reader.url("rc.baseUrl") ?? baseURL
        webhookSecrets = reader.list("rc.webhookSecret") ?? []
        webhookURL = reader.url("rc.webhookUrl")
        verificationTokens = reader.list("rc.verificationToken") ?? []
        answersAutomatically = reader.flag("rc.autoAnswer") ?? answersAutomatically
        mode = reader.choice("rc.aiMode", Mode.self) ?? mode
    }
}
