import Gateway

/// What the settings make of each telephone provider: usable, or what is missing.
struct ProviderFindings {
    struct Line {
        /// The provider, or a part of it below its own line.
        var label: String
        var text: String
    }

    private let settings: EngineSettings

    init(_ settings: EngineSettings) { self.settings = settings }

    var lines: [Line] { twilio + ringover + ringCentral }

    private var isDevelopment: Bool { settings.environment == .development }

    private var twilio: [Line] {
        let hasCredentials =
            !settings.twilioAuthTokens.isEmpty || (settings.twilio.apiKey != nil && settings.twilio.apiKeySecret != nil)
        return [
            Line(
                label: "twilio",
                text: requests(
                    areChecked: !settings.twilioAuthTokens.isEmpty || !settings.twilio.signingKeys.isEmpty,
                    "set TWILIO_AUTH_TOKEN"
                )
            ),
            control([
                settings.twilio.accountSID == nil ? "TWILIO_ACCOUNT_SID" : nil,
                hasCredentials ? nil : "TWILIO_AUTH_TOKEN (or TWILIO_API_KEY with TWILIO_API_KEY_SECRET)",
            ]),
        ]
    }

    private var ringover: [Line] {
        let ringover = settings.ringover
        let places =
            ringover.streamingPort == 0
            ? "on /ringover/ws" : "on port \(ringover.streamingPort) \(ringover.streamingPath) and on /ringover/ws"
        let audio =
            if !ringover.streamingTokens.isEmpty {
                "ok, \(places)"
            } else if isDevelopment {
                "sockets without a token are accepted (ENVIRONMENT=development)"
            } else {
                "not usable: set RINGOVER_STREAMING_TOKEN; its sockets are refused until then"
            }
        return [
            Line(
                label: "ringover",
                text: requests(areChecked: !ringover.webhookSecrets.isEmpty, "set RINGOVER_WEBHOOK_SECRET")
            ),
            Line(label: "  audio", text: audio),
            control([ringover.apiKey == nil ? "RINGOVER_API_KEY" : nil]),
        ]
    }

    private var ringCentral: [Line] {
        let ringCentral = settings.ringCentral
        return [
            Line(
                label: "ringcentral",
                text: requests(
                    areChecked: !ringCentral.webhookSecrets.isEmpty || !ringCentral.verificationTokens.isEmpty,
                    "set RC_WEBHOOK_SECRET or RC_VERIFICATION_TOKEN"
                )
            ),
            Line(
                label: "  audio",
                text:
                    "none: RingEX offers no live audio of a call, so no agent talks there; the engine works from events "
                    + "and recordings (\(ringCentral.mode.rawValue))"
            ),
            control([
                ringCentral.clientID == nil ? "RC_CLIENT_ID" : nil,
                ringCentral.clientSecret == nil ? "RC_CLIENT_SECRET" : nil,
                ringCentral.jwtToken == nil ? "RC_JWT_TOKEN" : nil,
            ]),
        ]
    }

    private func requests(areChecked: Bool, _ what: String) -> String {
        if areChecked { return "ok, signatures are checked" }
        if isDevelopment { return "unsigned requests are accepted (ENVIRONMENT=development)" }
        return "not usable: \(what); its webhooks answer 503 until then"
    }

    /// Whether the engine can act on the provider's calls through its API.
    private func control(_ missing: [String?]) -> Line {
        let names = missing.compactMap { $0 }
        return Line(
            label: "  control",
            text: names.isEmpty
                ? "ok, live calls can be transferred and hung up"
                : "not usable: set \(names.joined(separator: ", ")) to transfer and hang up live calls"
        )
    }
}
