import Foundation

/// Books an appointment for the caller, as the contact of the call's own number.
public struct BookAppointmentTool: Tool {
    private let book: any AppointmentBook
    private let contacts: any ContactLookup
    private let clock: TenantClock
    private let rules: AppointmentRules
    private let now: @Sendable () -> Date

    public init(
        _ book: any AppointmentBook,
        contacts: any ContactLookup,
        profile: TenantProfile,
        rules: AppointmentRules = AppointmentRules(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.book = book
        self.contacts = contacts
        self.clock = TenantClock(profile)
        self.rules = rules
        self.now = now
    }

    public var declaration: ToolDeclaration {
        ToolDeclaration(
            name: "book_appointment",
            description:
                "Books an appointment at a free time. Say the day, the time and the patient first, and call this "
                + "only after the caller has agreed.",
            parameters: ToolSchema.object(
                [
                    "time": ToolSchema.text("2026-12-24T14:30, one of the free times.", upTo: 16),
                    "service": ToolSchema.choice("The kind of appointment.", book.services.map(\.name)),
                    "patient": ToolSchema.text("The patient's name, as look_up_contact told it.", upTo: 80),
                    "reason": ToolSchema.text("Why, in a few of the caller's words.", upTo: 200),
                ],
                required: ["time", "service", "patient", "reason"]
            ),
            timeout: .seconds(12),
            hasEffect: true
        )
    }

    public func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        let now = now().timeIntervalSince1970
        let service = try book.service(arguments["service"]?.text)
        let moment = try rules.moment(arguments["time"]?.text, for: service, clock, now: now)
        guard let name = SpokenText.line(arguments["patient"]?.text, upTo: 80) else {
            throw ToolError(.arguments, "Say whom the appointment is for.")
        }
        let found = try await CallerContacts.find(contacts, context)
        let matches = found.flatMap { contact in
            contact.patients.filter { $0.isCalled(name) }.map { (contact: contact, patient: $0) }
        }
        guard let match = matches.first else {
            throw ToolError(.notFound, "The caller has no patient of that name. Ask again, or take a message.")
        }
        guard matches.count == 1 else {
            throw ToolError(.refused, "More than one patient has that name. Take a message, so that a person books it.")
        }
        let booked = try await book.book(
            AppointmentRequest(
                service: service,
                startsAt: moment,
                contact: match.contact,
                patient: match.patient,
                reason: SpokenText.line(arguments["reason"]?.text, upTo: 200) ?? "",
                idempotencyKey: context.idempotencyKey
            )
        )
        return ToolResult([
            "booked": true, "time": .text(clock.text(booked.startsAt)), "minutes": .integer(Int64(booked.minutes)),
            "patient": .text(match.patient.name), "service": .text(service.name),
        ])
    }
}
