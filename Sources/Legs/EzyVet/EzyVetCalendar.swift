import Actors
import Foundation

/// The practice's calendar for callers: the services and columns that its configuration names.
public struct EzyVetCalendar: AppointmentBook {
    private let client: EzyVetClient
    private let configuration: EzyVetConfiguration
    private let timeZone: String
    private let clock: TenantClock

    /// - Parameter timeZone: the practice's IANA time zone; free times in another are refused.
    /// - Returns: nil when the configuration names nothing to book.
    public init?(_ client: EzyVetClient, timeZone: String) {
        let configuration = client.configuration
        guard !configuration.services.isEmpty, !configuration.resources.isEmpty else { return nil }
        self.client = client
        self.configuration = configuration
        self.timeZone = timeZone
        var profile = TenantProfile(id: "", name: "", numbers: [], greeting: "")
        profile.timeZone = timeZone
        clock = TenantClock(profile)
    }

    public var services: [AppointmentService] { configuration.services }

    public func freeTimes(on day: CivilDay, for service: AppointmentService) async throws -> [Double] {
        do {
            var times: [Double] = []
            for time in try await free(on: day, for: service).map(\.startsAt) where times.last != time {
                times.append(time)
            }
            return times
        } catch {
            throw ToolFault.toldError(error)
        }
    }

    public func upcoming(of contact: Contact, now: Double) async throws -> [Appointment] {
        do {
            return try await appointments(of: contact).filter { Double($0.start_at.value) > now }.map(Self.read).sorted
            {
                $0.startsAt < $1.startsAt
            }
        } catch {
            throw ToolFault.toldError(error)
        }
    }

    /// The site has no idempotency key of its own: the appointment carries a mark made of ours, and is looked for before it
    /// is made, and again when it is not known whether it was.
    public func book(_ request: AppointmentRequest) async throws -> Appointment {
        do {
            let mark = Self.mark(request.idempotencyKey)
            if let made = try await made(request, mark) { return made }
            guard let slot = try await slot(request) else {
                throw ToolError(.refused, "That time is not free any more. Offer another one.")
            }
            do {
                return try await create(request, in: slot, mark)
            } catch let fault as ToolFault where fault.isAmbiguous {
                if let made = try await made(request, mark) { return made }
                throw ToolError(
                    .unavailable,
                    "It is not certain that the appointment was made. Take a message, so that a person looks."
                )
            }
        } catch {
            throw ToolFault.toldError(error)
        }
    }

    // MARK: - Asking

    private func free(on day: CivilDay, for service: AppointmentService) async throws -> [EzyVetAvailability.Free] {
        var all: [EzyVetAvailability.Free] = []
        // Five columns in one question are the site's limit.
        for start in stride(from: 0, to: configuration.resources.count, by: 5) {
            let resources = Array(configuration.resources[start...].prefix(5))
            let answer: EzyVetAvailability = try await client.get(
                "/v4/calendar/availability",
                [
                    ("duration", String(service.minutes)), ("filter[slots.available][eq]", "true"),
                    ("filter[slots.appointmentType.id][in]", service.id), ("dates[]", day.description),
                ] + resources.map { ("resources[]", $0) }
            )
            all += try answer.free(on: day, for: service, in: resources, timeZone, clock)
        }
        return all.sorted { ($0.startsAt, $0.resource) < ($1.startsAt, $1.resource) }
    }

    private func slot(_ request: AppointmentRequest) async throws -> EzyVetAvailability.Free? {
        try await free(on: clock.day(request.startsAt), for: request.service)
            .first { $0.startsAt == request.startsAt }
    }

    private func appointments(of contact: Contact) async throws -> [EzyVetAppointment] {
        try await client.list(
            "/v2/appointment",
            [("active", "1"), ("contact_id", contact.id)],
            as: EzyVetAppointment.self
        ).filter { $0.active?.value != false }
    }

    private func made(_ request: AppointmentRequest, _ mark: String) async throws -> Appointment? {
        try await appointments(of: request.contact).first { $0.description?.contains(mark) == true }.map(Self.read)
    }

    private func create(
        _ request: AppointmentRequest,
        in slot: EzyVetAvailability.Free,
        _ mark: String
    ) async throws -> Appointment {
        let start = Date(timeIntervalSince1970: request.startsAt).formatted(.iso8601)
        let answer: EzyVetBookingAnswer = try await client.post(
            "/ezycab/booking",
            [
                "startTime": .text(start), "type": .text(request.service.id),
                "durationMinutes": .integer(Int64(request.service.minutes)),
                "appointmentStatus": .text(configuration.bookedAs),
                "description": .text("\(request.reason) \(mark)"),
                "animal": .text(try await client.lookUpUID("animal", request.patient.id)),
                "contact": .text(try await client.lookUpUID("contact", request.contact.id)),
                "provider": .text(slot.resource),
            ]
        )
        return Appointment(
            id: answer.appointment,
            startsAt: request.startsAt,
            minutes: request.service.minutes,
            patientID: request.patient.id
        )
    }

    private static func read(_ appointment: EzyVetAppointment) -> Appointment {
        Appointment(
            id: String(appointment.id.value),
            startsAt: Double(appointment.start_at.value),
            minutes: Int((appointment.duration?.value ?? 0) / 60),
            patientID: appointment.animal_id.map { String($0.value) } ?? ""
        )
    }

    /// FNV-1a, 64 bits: short enough to be read by the practice's people, and one contact has few appointments.
    private static func mark(_ key: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let hex = String(hash, radix: 16)
        return "[agent \(String(repeating: "0", count: 16 - hex.count) + hex)]"
    }
}

extension ToolFault {
    /// The request may have been carried out.
    fileprivate var isAmbiguous: Bool {
        switch self {
        case .lost, .timeout, .malformed: true
        case .forbidden, .unreachable: false
        }
    }
}
