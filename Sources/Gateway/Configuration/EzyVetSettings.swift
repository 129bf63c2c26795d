import Actors
import Foundation

/// The practice's ezyVet site, and whose calls may use it.
public struct EzyVetSettings: Sendable, Equatable, CustomStringConvertible {
    public var baseURL = "https://api.ezyvet.com"
    public var bookingBaseURL = "https://apiv2.ezyvet.com"
    public var clientID: String?
    public var clientSecret: String?
    public var partnerID: String?
    public var siteUID: String?
    /// Ids of the tenants whose practice the site is. None named: the only tenant, when there is only one.
    public var tenants: [String] = []
    /// Calling code of numbers that are stored without one: `1`, `33`.
    public var countryCode = "1"
    /// The site's IANA time zone; nil takes the calling tenant's own.
    public var timeZone: String?
    /// What callers may book, each with its appointment type's uid: `Check-up=15:appointmentType_…`.
    public var services: [AppointmentService] = []
    /// Uids of the calendar's columns that are booked: `resource_…`.
    public var resources: [String] = []

    public init() {}

    public var isConfigured: Bool { missing.isEmpty }

    /// Whether a tenant's calls may use the site. Another tenant's caller must not reach its records, so with several
    /// tenants and none named, nobody's may.
    ///
    /// - Parameter loaded: ids of all tenants in force.
    public func serves(_ tenant: String, among loaded: [String]) -> Bool {
        guard isConfigured else { return false }
        return tenants.isEmpty ? loaded == [tenant] : tenants.contains(tenant)
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
        tenants = reader.list("ezyvet.tenants") ?? tenants
        countryCode = reader.text("ezyvet.countryCode") ?? countryCode
        timeZone = reader.text("ezyvet.timeZone")
        if let zone = timeZone, zone != "UTC", !TimeZone.knownTimeZoneIdentifiers.contains(zone) {
            reader.fault("ezyvet.timeZone", "'\(zone)' is not an IANA time zone like America/New_York")
        }
        for (name, text) in (reader.pairs("ezyvet.services") ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let service = Self.service(name, text) else {
                reader.fault(
                    "ezyvet.services",
                    "'\(name)' wants minutes (10 to 360) and its appointment type's uid, not the type's number: "
                        + "\(name)=15:appointmentType_…"
                )
                continue
            }
            services.append(service)
        }
        resources = reader.list("ezyvet.resources") ?? resources
        if let number = resources.first(where: Self.isNumber) {
            reader.fault("ezyvet.resources", "'\(number)' is a number; write the column's uid: resource_…")
        }
    }

    /// The calendar offers free times of 10 to 360 minutes.
    private static func service(_ name: String, _ text: String) -> AppointmentService? {
        let parts = text.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.count == 2, let minutes = Int(parts[0]), (10...360).contains(minutes), !parts[1].isEmpty,
            !isNumber(parts[1])
        else { return nil }
        return AppointmentService(name: name.trimmingCharacters(in: .whitespaces), minutes: minutes, id: parts[1])
    }

    /// Records have a number besides their uid, and only the uid is taken where a booking names them.
    private static func isNumber(_ text: String) -> Bool { text.allSatisfy(\.isNumber) }
}

extension EzyVetSettings {
    /// What `parley check` says of the site, a line each; empty when nothing of it is set.
    ///
    /// - Parameter loaded: ids of all tenants in force.
    public func findings(among loaded: [String]) -> [String] {
        guard [clientID, clientSecret, partnerID, siteUID].contains(where: { $0 != nil }) else {
            return tenants.isEmpty ? [] : ["not usable: set \(missing.joined(separator: ", "))"]
        }
        guard isConfigured else { return ["not usable: set \(missing.joined(separator: ", "))"] }
        let served = loaded.filter { serves($0, among: loaded) }
        let unknown = tenants.filter { !loaded.contains($0) }.joined(separator: ", ")
        var lines = [
            served.isEmpty
                ? "not usable: set EZYVET_TENANTS to the tenants whose practice it is (of \(loaded.joined(separator: ", ")));"
                    + " no call is given its tools until then"
                : "ok, for calls of \(served.joined(separator: ", ")) only"
        ]
        if !unknown.isEmpty { lines.append("EZYVET_TENANTS names no tenant of the profiles: \(unknown)") }
        if services.isEmpty || resources.isEmpty {
            lines.append("no appointments: set EZYVET_SERVICES and EZYVET_RESOURCES")
        }
        return lines
    }

    private var missing: [String] {
        [
            ("EZYVET_CLIENT_ID", clientID), ("EZYVET_CLIENT_SECRET", clientSecret), ("EZYVET_PARTNER_ID", partnerID),
            ("EZYVET_SITE_UID", siteUID),
        ].filter { $0.1 == nil }.map(\.0)
    }
}
