import Actors

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
    /// Keys of `X-RingCentral-Signature`: two while one is rotated. RingCentral signs nothing itself: only behind a relay
    /// that does.
    public var webhookSecrets: [String] = []
    /// Where RingCentral shall deliver; derived from the public address when not given.
    public var webhookURL: String?
    /// The static tokens chosen at subscription, which come back with every notification: the newest first, two while one
    /// is rotated.
    public var verificationTokens: [String] = []
    public var answersAutomatically = false
    public var mode = Mode.triage
    /// The online SIP device calls are answered on; RingCentral sends it the audio, not the engine.
    public var deviceID: String?
    /// A number of another provider of this engine (E.164): calls forwarded there reach the talking agent.
    public var agentNumber: String?
    /// Extensions whose telephones the engine acts for; empty: every extension's.
    public var extensionIDs: Set<String> = []
    /// Rings before an unanswered call is routed in `triage`; one takes 6 s.
    public var triageRings = 3

    public init() {}

    /// The three things the REST API needs.
    public var hasAccount: Bool { clientID != nil && clientSecret != nil && jwtToken != nil }

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
        deviceID = reader.text("rc.deviceId")
        agentNumber = reader.text("rc.aiNumber")
        extensionIDs = Set(reader.list("rc.extensionIds") ?? [])
        triageRings = reader.number("rc.triageRings", 0...20, "rings") ?? triageRings
        if let number = agentNumber, !PhoneNumberText.isE164(number) {
            let name = "RC_AI_NUMBER"
            let source =
                reader.options[name] != nil ? "option" : reader.environment[name] != nil ? "environment" : reader.file
            reader.faults.append(
                SettingsFault(
                    source: source,
                    key: source == reader.file ? "rc.aiNumber" : name,
                    message: "is not a number in E.164 form like +33184800000"
                )
            )
        }
    }
}
