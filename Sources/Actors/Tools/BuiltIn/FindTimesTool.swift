import Foundation

/// Says which times of a day are free.
public struct FindTimesTool: Tool {
    private let book: any AppointmentBook
    private let clock: TenantClock
    private let rules: AppointmentRules
    private let now: @Sendable () -> Date

    public init(
        _ book: any AppointmentBook,
        profile: TenantProfile,
        rules: AppointmentRules = AppointmentRules(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.book = book
        self.clock = TenantClock(profile)
        self.rules = rules
        self.now = now
    }

    public var declaration: ToolDeclaration {
        ToolDeclaration(
            name: "find_appointment_times",
            description:
                "Free times of one day for a kind of appointment, on the tenant's own clock. Offer two or three.",
            parameters: ToolSchema.object(
                [
                    "day": ToolSchema.text("2026-12-24", upTo: 10),
                    "service": ToolSchema.choice("The kind of appointment.", book.services.map(\.name)),
                ],
                required: ["day", "service"]
            )
        )
    }

    public func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        let now = now().timeIntervalSince1970
        let service = try book.service(arguments["service"]?.text)
        let day = try rules.day(arguments["day"]?.text, clock, now: now)
        let free = try await book.freeTimes(on: day, for: service).filter {
            $0 >= now + rules.notice.inSeconds && clock.day($0) == day
                && clock.isOpen(from: $0, minutes: service.minutes)
        }
        return ToolResult([
            "day": .text(day.description), "minutes": .integer(Int64(service.minutes)),
            "times": .list(Self.spread(free).map { .text(clock.text($0)) }), "free": .integer(Int64(free.count)),
        ])
    }

    /// As many as a model needs, over the whole day and not only its morning.
    static func spread(_ times: [Double], most: Int = 12) -> [Double] {
        guard times.count > most else { return times }
        return (0..<most).map { times[$0 * (times.count - 1) / (most - 1)] }
    }
}

extension AppointmentBook {
    func service(_ name: String?) throws(ToolError) -> AppointmentService {
        guard let service = services.first(where: { $0.name == name }) else {
            let names = services.map(\.name).joined(separator: ", ")
            throw ToolError(.arguments, "There is no such kind of appointment. Choose one of: \(names).")
        }
        return service
    }
}
