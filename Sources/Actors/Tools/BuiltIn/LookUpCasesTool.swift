import Foundation

/// Says what happened before, of the caller's own patients.
public struct LookUpCasesTool: Tool {
    private let contacts: any ContactLookup
    private let cases: any CaseLookup
    private let clock: TenantClock

    public init(_ contacts: any ContactLookup, cases: any CaseLookup, profile: TenantProfile) {
        self.contacts = contacts
        self.cases = cases
        self.clock = TenantClock(profile)
    }

    public var declaration: ToolDeclaration {
        ToolDeclaration(
            name: "look_up_cases",
            description:
                "The latest visits of the caller's patients, newest first. Only after look_up_contact, and after "
                + "the caller has said the right name.",
            parameters: ToolSchema.object(
                ["patient": ToolSchema.text("Only those of this patient.", upTo: 80)],
                required: []
            )
        )
    }

    public func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        var contacts = try await CallerContacts.find(contacts, context)
        if let wanted = SpokenText.line(arguments["patient"]?.text, upTo: 80) {
            for index in contacts.indices { contacts[index].patients.removeAll { !$0.isCalled(wanted) } }
            contacts.removeAll { $0.patients.isEmpty }
            guard !contacts.isEmpty else {
                throw ToolError(.notFound, "The caller has no patient of that name. Ask for the name again.")
            }
        }
        var found: [ContactCase] = []
        for contact in contacts { found += try await cases.cases(of: contact, limit: Self.most) }
        let newest = found.sorted { $0.openedAt > $1.openedAt }.prefix(Self.most)
        return ToolResult([
            "cases": .list(
                newest.map {
                    [
                        "day": .text(clock.day($0.openedAt).description), "patient": .text($0.patient),
                        "summary": .text(SpokenText.line($0.summary, upTo: 200) ?? ""),
                    ]
                }
            )
        ])
    }

    private static let most = 5
}

extension Contact.Patient {
    /// Names are heard, not read: case and accents do not count.
    func isCalled(_ heard: String) -> Bool { Self.plain(name) == Self.plain(heard) }

    private static func plain(_ text: String) -> String {
        let bare = text.decomposedStringWithCanonicalMapping.unicodeScalars.filter {
            $0.properties.generalCategory != .nonspacingMark
        }
        return String(String.UnicodeScalarView(bare)).lowercased().filter { !$0.isWhitespace }
    }
}
