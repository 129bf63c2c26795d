/// Twilio's account, besides the auth tokens that verify its requests.
public struct TwilioSettings: Sendable, Equatable {
    /// `AC…`; without it the REST API is not used.
    public var accountSID: String?
    /// An API key (`SK…`) and its secret instead of the auth token, for the REST API.
    public var apiKey: String?
    public var apiKeySecret: String?
    public var baseURL = "https://api.twilio.com"
    /// Shared keys of the newer signature scheme, by key id.
    public var signingKeys: [String: String] = [:]

    public init() {}

    init(_ reader: inout SettingsReader) {
        accountSID = reader.text("twilio.accountSid")
        apiKey = reader.text("twilio.apiKey")
        apiKeySecret = reader.secret("twilio.apiKeySecret", atLeast: 8)
        baseURL = reader.url("twilio.baseUrl") ?? baseURL
        signingKeys = reader.pairs("twilio.signingKeys") ?? [:]
    }
}
