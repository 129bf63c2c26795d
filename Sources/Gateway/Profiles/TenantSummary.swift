import Actors
import Foundation

/// What `parley check` says of a tenant, one line for each part. Never a whole telephone number.
package enum TenantSummary {
    package static func lines(_ profile: TenantProfile, at date: Date) -> [(part: String, text: String)] {
        var lines = [
            ("hours", hours(profile, at: date)), ("menu", menu(profile)), ("voicemail", voicemail(profile)),
            ("transfer", transfer(profile)), ("consent", consent(profile)), ("limits", limits(profile.limits)),
        ]
        if profile.mode != .fullAuto { lines.append(("mode", profile.mode.rawValue)) }
        let languages = Set(profile.greetings.keys).union(profile.emergency.wordsByLanguage.keys).sorted()
        if !languages.isEmpty { lines.append(("languages", "besides its own: " + languages.joined(separator: ", "))) }
        return lines.map { (part: $0.0, text: $0.1) }
    }

    private static func hours(_ profile: TenantProfile, at date: Date) -> String {
        guard let hours = profile.hours else { return "open at all times" }
        let state =
            hours.isOpen(at: date, timeZone: profile.timeZone)
            ? "open now" : "closed now: callers hear so, then \(word(hours.closedThen))"
        let days = hours.week.filter { !$0.isEmpty }.count
        return "\(state) (\(count(days, "day")) a week, \(count(hours.holidays.count, "holiday")), \(profile.timeZone))"
    }

    private static func menu(_ profile: TenantProfile) -> String {
        guard let menu = profile.menu else { return "none" }
        let keys = menu.choices.sorted { $0.key < $1.key }.map { "\($0.key) \(word($0.value.way))" }
        return "\(keys.joined(separator: ", ")); said \(count(menu.attempts, "time")), then \(word(menu.otherwise))"
    }

    private static func voicemail(_ profile: TenantProfile) -> String {
        guard let voicemail = profile.voicemail else { return "none" }
        return "\(count(voicemail.maximumSeconds, "second")) at most"
            + (voicemail.isTranscribed ? ", transcribed where the provider can" : "")
    }

    private static func transfer(_ profile: TenantProfile) -> String {
        guard let transfer = profile.transfer else { return "none: nobody takes over" }
        let names = profile.transfers.keys.sorted()
        return "to the number that ends in \(transfer.number.suffix(2)), "
            + (transfer.brief == nil ? "at once" : "who is told first")
            + (names.isEmpty ? "" : "; by name: \(names.joined(separator: ", "))")
    }

    private static func consent(_ profile: TenantProfile) -> String {
        switch profile.consent?.kind {
        case nil: "nothing is said about recording"
        case .announce: "callers are told that they are recorded"
        case .ask: "callers are asked; nothing is recorded without a yes"
        }
    }

    private static func limits(_ limits: TenantProfile.Limits) -> String {
        let parts = [
            limits.calls.map { "\(count($0, "call")) at a time" },
            limits.requestsPerMinute.map { "\(count($0, "request")) a minute" },
        ].compactMap { $0 }
        return parts.isEmpty ? "the engine's" : parts.joined(separator: ", ")
    }

    private static func word(_ way: TenantProfile.Way) -> String {
        switch way {
        case .agent: "agent"
        case .menu: "menu"
        case .voicemail: "voicemail"
        case .transfer: "transfer"
        case .hangUp: "hang up"
        }
    }

    private static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
}
