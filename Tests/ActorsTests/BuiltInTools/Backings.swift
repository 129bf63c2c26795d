import Actors
import Engine
import Foundation

/// A practice of two contacts, with a calendar that books what is free.
final class Practice: ContactLookup, CaseLookup, AppointmentBook, MessageTaker, KeySender, Sendable {
    struct State {
        var booked: [AppointmentRequest] = []
        var messages: [CallerMessage] = []
        var keys: [String] = []
        var asked: [String] = []
    }

    let state = Locked(State())
    let services: [AppointmentService]
    let free: [Double]

    init(services: [AppointmentService] = [.checkUp], free: [Double] = []) {
        self.services = services
        self.free = free
    }

    func contacts(phone: String) async throws -> [Contact] {
        state.withLock { $0.asked.append(phone) }
        return phone == "+12025550142" ? [.doe] : []
    }

    func cases(of contact: Contact, limit: Int) async throws -> [ContactCase] {
        let all = [
            ContactCase(id: "1", patient: "Rex", openedAt: 1_790_000_000, summary: "Limping\non the left"),
            ContactCase(id: "2", patient: "Möhre", openedAt: 1_795_000_000, summary: "Vaccination"),
        ]
        return Array(all.filter { one in contact.patients.contains { $0.name == one.patient } }.prefix(limit))
    }

    func freeTimes(on day: CivilDay, for service: AppointmentService) async throws -> [Double] { free }

    func upcoming(of contact: Contact, now: Double) async throws -> [Appointment] {
        [Appointment(id: "9", startsAt: now + 86_400, minutes: 20, patientID: "a1")]
    }

    func book(_ request: AppointmentRequest) async throws -> Appointment {
        state.withLock { $0.booked.append(request) }
        return Appointment(id: "10", startsAt: request.startsAt, minutes: 20, patientID: request.patient.id)
    }

    func take(_ message: CallerMessage) async throws { state.withLock { $0.messages.append(message) } }
    func press(_ keys: String, call: String) async throws { state.withLock { $0.keys.append(keys) } }
}

extension AppointmentService {
    static let checkUp = AppointmentService(name: "check-up", minutes: 20, id: "t1")
}

extension Contact {
    static let doe = Contact(
        id: "7",
        name: "Jane Doe",
        patients: [.init(id: "a1", name: "Rex", kind: "dog"), .init(id: "a2", name: "Möhre", kind: "cat")]
    )
}

extension ToolContext {
    static func of(_ number: String? = "+12025550142", key: String = "k1") -> ToolContext {
        ToolContext(callID: "c1", tenant: "oak", callerNumber: number, idempotencyKey: key)
    }
}

extension TenantProfile {
    /// Open from 9:00 to 17:00, Monday to Friday, in New York; closed on Thanksgiving.
    static var weekdays: TenantProfile {
        var profile = TenantProfile(id: "oak", name: "Oak", numbers: ["*"], greeting: "Hi")
        profile.timeZone = "America/New_York"
        profile.hours = Hours(
            week: (0..<7).map { $0 < 5 ? [540..<1020] : [] },
            holidays: ["2026-11-26"],
            closedSay: "Closed."
        )
        profile.transfer = Transfer(number: "+12025550101", brief: "A caller from the agent.")
        profile.transfers = ["emergency_vet": Transfer(number: "+12025550102")]
        return profile
    }
}

/// Saturday, 2026-11-21, 11:00 in New York.
let saturday = Date(timeIntervalSince1970: 1_795_276_800)

func fault(_ work: () async throws -> ToolResult) async -> ToolError? {
    do {
        _ = try await work()
        return nil
    } catch {
        return error as? ToolError
    }
}
