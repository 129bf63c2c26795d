/// The practice's ezyVet site.
public struct EzyVetSettings: Sendable, Equatable, CustomStringConvertible {
    public var baseURL = "https://api.ezyvet.com"
    public var bookingBaseURL = "https://apiv2.ezyvet.com"
    public var clientID: String?
    public var clientSecret: String?
    public var partnerID: String?
    public var siteUID: String?
    /// Calling code of numbers that are stored without one: `1`, `33`.
    public var countryCode = "1"
    public var timeZone = "UTC"
    /// What callers may book, as `name=minutes:appointment type id`: `Check-up=15:12`.
    public var services: [String: String] = [:]
    /// Ids of the columns that are booked.
    public var resources: [String] = []

    public init() {}

    public var isConfigured: Bool {
        clientID != nil && clientSecret != nil && partnerID != nil && siteUID != nil
    }

    /// Never the secrets: a description ends up in logs.
    public var description: String { "EzyVetSettings(\(isConfigured ? "configured" : "not configured"))" }

    init(_ reader: inout SettingsReader) {
        baseURL = reader.url("ezyvet.baseUrl") ?? baseURL
        bookingBaseURL = reader.url("ezyvet.bookingBaseUrl") ?? bookingBaseURL
        clientID = reader.text("ezyvet.clientId")
        clientSecret = reader.text("ezyvet.clientSecret")
        partnerID = reader.text("ezyvet.partnerId")
        siteUID = reader.text("ezyvet.siteUid")
        countryCode = reader.text("ezyvet.countryCode") ?? countryCode
        timeZone = reader.text("ezyvet.timeZone") ?? timeZone
        services = reader.pairs("ezyvet.services") ?? services
        resources = reader.list("ezyvet.resources") ?? resources
    }
}
