import Actors
import Engine
import Foundation
import Legs
import VendorServers

/// A practice of two contacts and three animals.
enum EzyVetRig {
    static let jane = "+12025550142"
    /// Saturday, 2026-11-21, 11:00 in New York.
    static let now = Date(timeIntervalSince1970: 1_795_276_800)
    /// Monday, 2026-11-23, 9:30 in New York.
    static let monday = 1_795_444_200.0
    static let checkUp = AppointmentService(name: "check-up", minutes: 20, id: "appointmentType_Check")
    static let monday23 = CivilDay("2026-11-23")!

    static func run(
        _ change: (inout EzyVetConfiguration) -> Void = { _ in },
        now: @escaping @Sendable () -> Date = { now },
        _ body: (EzyVetClient, EzyVetCalendar, EzyVetServer) async throws -> Void
    ) async throws {
        let server = try await EzyVetServer()
        server.change { site in
            site.contacts = [
                contact(7, "Jane", "Doe"), contact(8, "John", "Roe"), contact(9, "Old", "Client", isActive: false),
            ]
            site.details = [
                detail(1, 7, "(202) 555-0142"), detail(2, 7, "jane@example.com"), detail(3, 8, "+442079460000"),
                detail(4, 9, "2025550142", isActive: false),
            ]
            site.animals = [
                animal(71, "Rex", of: 7), animal(72, "Ghost", of: 7, isDead: true), animal(81, "Bo", of: 8),
            ]
            site.consults = [
                consult(1, animal: 71, 1_780_000_000, "Limping"), consult(2, animal: 71, 1_790_000_000, "Vaccination"),
                consult(3, animal: 81, 1_791_000_000, "Not Jane's"),
            ]
            site.free = [
                "resource_A/2026-11-23": ["09:30:00.000-05:00", "16:00:00.000-05:00"],
                "resource_B/2026-11-23": ["09:30:00.000-05:00"],
            ]
        }
        var configuration = EzyVetConfiguration(
            clientID: EzyVetServer.clientID,
            clientSecret: EzyVetServer.clientSecret,
            partnerID: EzyVetServer.partnerID,
            siteUID: EzyVetServer.siteUID,
            countryCode: "1"
        )
        configuration.baseURL = server.url
        configuration.bookingBaseURL = server.url
        configuration.services = [checkUp]
        configuration.resources = ["resource_A", "resource_B"]
        configuration.timeout = .seconds(10)
        change(&configuration)
        try await ToolRig.connections { connections in
            let client = try EzyVetClient(configuration, connections: connections, now: now)
            guard let calendar = EzyVetCalendar(client, timeZone: "America/New_York") else { return }
            try await body(client, calendar, server)
        }
        await server.idle()
        await server.stop()
    }

    static func request(key: String = "call-1/tool-1", at time: Double = monday) -> AppointmentRequest {
        AppointmentRequest(
            service: checkUp,
            startsAt: time,
            contact: Contact(id: "7", name: "Jane Doe", patients: [.init(id: "71", name: "Rex")]),
            patient: .init(id: "71", name: "Rex"),
            reason: "limps",
            idempotencyKey: key
        )
    }

    static func contact(_ id: Int64, _ first: String, _ last: String, isActive: Bool = true) -> EzyVetServer.Record {
        [
            "id": .text("\(id)"), "uid": .text("contact_\(id)"), "first_name": .text(first), "last_name": .text(last),
            "active": .text(isActive ? "1" : "0"),
        ]
    }

    static func detail(_ id: Int64, _ contact: Int64, _ value: String, isActive: Bool = true) -> EzyVetServer.Record {
        ["id": .number(id), "contact_id": .text("\(contact)"), "value": .text(value), "active": .flag(isActive)]
    }

    static func animal(_ id: Int64, _ name: String, of contact: Int64, isDead: Bool = false) -> EzyVetServer.Record {
        [
            "id": .text("\(id)"), "uid": .text("animal_\(id)"), "name": .text(name), "contact_id": .text("\(contact)"),
            "is_dead": .text(isDead ? "1" : "0"), "active": .text("1"),
        ]
    }

    static func consult(_ id: Int64, animal: Int64, _ date: Int64, _ text: String) -> EzyVetServer.Record {
        [
            "id": .number(id), "animal_id": .text("\(animal)"), "date": .number(date), "description": .text(text),
            "active": .text("1"),
        ]
    }
}
