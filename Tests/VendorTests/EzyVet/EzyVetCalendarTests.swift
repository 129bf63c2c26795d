import Actors
import Engine
import Foundation
import Legs
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("ezyVet calendar")
    struct EzyVetCalendarTests {
        @Test func aDaysFreeTimesAreThoseOfAllColumns() async throws {
            try await EzyVetRig.run { (_, calendar, server) async throws in
                let times = try await calendar.freeTimes(on: EzyVetRig.monday23, for: EzyVetRig.checkUp)
                #expect(times == [EzyVetRig.monday, EzyVetRig.monday + 6.5 * 3600])
                #expect(server.counts.refusals.isEmpty)
            }
        }

        @Test func manyColumnsAreAskedFiveAtATime() async throws {
            try await EzyVetRig.run({ $0.resources = (1...12).map { "resource_\($0)" } }) {
                (_, calendar, server) async throws in
                server.change { $0.free = ["resource_12/2026-11-23": ["10:00:00-05:00"]] }
                #expect(try await calendar.freeTimes(on: EzyVetRig.monday23, for: EzyVetRig.checkUp).count == 1)
                #expect(server.counts.requests["/v4/calendar/availability"] == 3)
            }
        }

        @Test(arguments: ["09:30:00.000-04:00", "09:30", "24:00:00Z", "9:30:00-05:00", "nine"])
        func aTimeThatIsNotThePracticesClockIsNotOffered(_ start: String) async throws {
            try await EzyVetRig.run { (_, calendar, server) async throws in
                server.change { $0.free = ["resource_A/2026-11-23": [start]] }
                await #expect(throws: ToolError.self) {
                    try await calendar.freeTimes(on: EzyVetRig.monday23, for: EzyVetRig.checkUp)
                }
            }
        }

        @Test func anotherZoneIsRefused() async throws {
            try await EzyVetRig.run { (_, calendar, server) async throws in
                server.change { $0.timeZone = "Europe/London" }
                await #expect(throws: ToolError.self) {
                    try await calendar.freeTimes(on: EzyVetRig.monday23, for: EzyVetRig.checkUp)
                }
            }
        }

        @Test func theZoneIsTheCalendarsOwn() async throws {
            try await EzyVetRig.run { (client, _, server) async throws in
                server.change {
                    $0.timeZone = "Europe/London"
                    $0.free = ["resource_A/2026-11-23": ["09:30:00.000+00:00"]]
                }
                let london = try #require(EzyVetCalendar(client, timeZone: "Europe/London"))
                let times = try await london.freeTimes(on: EzyVetRig.monday23, for: EzyVetRig.checkUp)
                #expect(times == [EzyVetRig.monday - 5 * 3600], "half past nine there is five hours earlier")
            }
        }

        @Test func aFreeTimeIsBookedOnceForTheSameKey() async throws {
            try await EzyVetRig.run { (_, calendar, server) async throws in
                let first = try await calendar.book(EzyVetRig.request())
                #expect(first.startsAt == EzyVetRig.monday)
                let again = try await calendar.book(EzyVetRig.request())
                #expect(again.startsAt == EzyVetRig.monday && again.minutes == 20)
                #expect(server.site.appointments.count == 1)
                #expect(server.counts.requests["/ezycab/booking"] == 1)
                let made = server.site.appointments[0]
                #expect(made["animal_id"] == .text("71") && made["contact_id"] == .text("7"))
                let next = try await calendar.upcoming(
                    of: EzyVetRig.request().contact,
                    now: EzyVetRig.now.timeIntervalSince1970
                )
                #expect(next.map(\.patientID) == ["71"])
            }
        }

        @Test func aTimeThatIsTakenIsRefused() async throws {
            try await EzyVetRig.run { (_, calendar, server) async throws in
                _ = try await calendar.book(EzyVetRig.request(key: "a"))
                _ = try await calendar.book(EzyVetRig.request(key: "b"))
                let error = await ToolRig.fault { _ = try await calendar.book(EzyVetRig.request(key: "c")) }
                #expect((error as? ToolError)?.code == .refused)
                #expect(server.site.appointments.count == 2, "two columns were free")
            }
        }

        @Test func aBookingThatWasLostOnItsWayIsFoundAndNotMadeTwice() async throws {
            try await EzyVetRig.run { (_, calendar, server) async throws in
                server.change { $0.losesBookings = true }
                let made = try await calendar.book(EzyVetRig.request())
                #expect(made.startsAt == EzyVetRig.monday)
                #expect(server.site.appointments.count == 1)
                #expect(server.counts.requests["/ezycab/booking"] == 1)
            }
        }

        @Test(arguments: VendorFault.allCases)
        func aBookingIsSentOnceWhateverItsAnswer(_ fault: VendorFault) async throws {
            try await EzyVetRig.run({
                $0.timeout = [.halfOpen, .slowDrip].contains(fault) ? .seconds(2) : .seconds(30)
                $0.responseBytes = 200_000
            }) { (_, calendar, server) async throws in
                server.fail("/ezycab/booking", fault)
                let error = await ToolRig.fault { _ = try await calendar.book(EzyVetRig.request()) }
                switch fault {
                case .unauthorized, .tooManyRequests:
                    #expect(error == nil, "refused unread, so it is sent again")
                    #expect(server.site.appointments.count == 1)
                default:
                    #expect((error as? ToolError)?.code == .unavailable, "\(fault): \(String(describing: error))")
                    #expect(server.counts.requests["/ezycab/booking"] == 1)
                }
            }
        }

        @Test func theWholeWayFromAToolToTheSite() async throws {
            try await EzyVetRig.run { (client, calendar, server) async throws in
                var profile = TenantProfile(id: "oak", name: "Oak", numbers: ["*"], greeting: "Hi")
                profile.timeZone = "America/New_York"
                var backings = BuiltInTools.Backings()
                (backings.contacts, backings.cases, backings.appointments) = (client, client, calendar)
                let tools = BuiltInTools.all(for: profile, backings, now: { EzyVetRig.now })
                func call(_ name: String, _ arguments: JSON) async throws -> JSON {
                    let tool = try #require(tools.first { $0.declaration.name == name })
                    return try await tool.call(arguments, ToolRig.context).content
                }
                let times = try await call("find_appointment_times", ["day": "2026-11-23", "service": "check-up"])
                #expect(times["times"] == ["2026-11-23T09:30", "2026-11-23T16:00"])
                let booked = try await call(
                    "book_appointment",
                    ["time": "2026-11-23T16:00", "service": "check-up", "patient": "rex", "reason": "limps"]
                )
                #expect(booked["booked"] == true)
                let contact = try await call("look_up_contact", [:])["contacts"]?.list?.first
                #expect(contact?["appointments"]?.list?.first?["time"] == "2026-11-23T16:00")
                #expect(try await call("look_up_cases", [:])["cases"]?.list?.count == 2)
                #expect(server.counts.refusals.isEmpty)
            }
        }
    }
}
