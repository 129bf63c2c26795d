import Foundation

/// The tools that come with the engine. One whose backing is missing is not offered: a model is not told of what it cannot do.
public struct BuiltInTools: Sendable {
    /// What a tenant's tools work on.
    public struct Backings: Sendable {
        public var contacts: (any ContactLookup)?
        public var cases: (any CaseLookup)?
        public var appointments: (any AppointmentBook)?
        public var messages: (any MessageTaker)?
        public var keys: (any KeySender)?
        public var rules = AppointmentRules()

        public init() {}
    }

    /// - Parameter now: the wall clock.
    public static func all(
        for profile: TenantProfile,
        _ backings: Backings,
        now: @escaping @Sendable () -> Date = { Date() }
    ) -> [any Tool] {
        var tools: [any Tool] = [HangUpTool()]
        if let transfer = TransferTool(profile) { tools.append(transfer) }
        if let keys = backings.keys { tools.append(SendKeysTool(keys)) }
        if let messages = backings.messages { tools.append(TakeMessageTool(messages, now: now)) }
        let book = backings.appointments.flatMap { $0.services.isEmpty ? nil : $0 }
        if let book {
            tools.append(FindTimesTool(book, profile: profile, rules: backings.rules, now: now))
        }
        guard let contacts = backings.contacts else { return tools }
        tools.append(LookUpContactTool(contacts, book: book, profile: profile, now: now))
        if let cases = backings.cases {
            tools.append(LookUpCasesTool(contacts, cases: cases, profile: profile))
        }
        if let book {
            tools.append(
                BookAppointmentTool(book, contacts: contacts, profile: profile, rules: backings.rules, now: now)
            )
        }
        return tools
    }
}
