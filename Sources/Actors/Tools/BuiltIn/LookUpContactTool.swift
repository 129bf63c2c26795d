import Foundation

/// Says who is calling, from the tenant's own records.
///
/// Only the number that the provider told counts: whoever calls learns nothing of others by saying their number.
public struct LookUpContactTool: Tool {
    private let contacts: any ContactLookup
    private let book: (any AppointmentBook)?
    private let clock: TenantClock
    private let now: @Sendable () -> Date

    /// - Parameter book: whose coming appointments are told with the contact.
    public init(
        _ contacts: any ContactLookup,
        book: (any AppointmentBook)? = nil,
        profile: TenantProfile,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.contacts = contacts
        self.book = book
        self.clock = TenantClock(profile)
        self.now = now
    }

    public var declaration: ToolDeclaration {
        ToolDeclaration(
            name: "look_up_contact",
            description: "Finds the caller by the number of this call: name, patients and coming appointments. "
                + "Ask for the name and compare it before you say anything of what you found.",
            parameters: ToolSchema.object([:], required: [])
        )
    }

    public func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        let found = try await CallerContacts.find(contacts, context)
        var told: [JSON] = []
        for contact in found {
            let names = Dictionary(contact.patients.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
            let coming = try await book?.upcoming(of: contact, now: now().timeIntervalSince1970) ?? []
            told.append([
                "name": .text(contact.name),
                "patients": .list(
                    contact.patients.prefix(Self.most).map { ["name": .text($0.name), "kind": .text($0.kind)] }
                ),
                "appointments": .list(
                    coming.prefix(Self.most).map {
                        [
                            "time": .text(clock.text($0.startsAt)), "minutes": .integer(Int64($0.minutes)),
                            "patient": .text(names[$0.patientID] ?? ""),
                        ]
                    }
                ),
            ])
        }
        return ToolResult(["contacts": .list(told)], callerNames: found.map(\.name))
    }

    private static let most = 10
}

/// The contacts of the call's own number.
enum CallerContacts {
    /// - Returns: one at least, three at most.
    static func find(_ contacts: any ContactLookup, _ context: ToolContext) async throws -> [Contact] {
        guard let number = context.callerNumber, PhoneNumberText.isE164(number) else {
            throw ToolError(.notFound, "The caller's number is withheld, so nobody can be looked up. Take a message.")
        }
        let found = try await contacts.contacts(phone: number)
        guard !found.isEmpty else {
            throw ToolError(.notFound, "Nobody with the caller's number is known here. Take a message instead.")
        }
        return Array(found.prefix(3))
    }
}
