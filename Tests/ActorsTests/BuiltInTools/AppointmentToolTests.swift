import Actors
import Foundation
import Testing

@Suite("Appointment tools")
struct AppointmentToolTests {
    private func book(_ time: String, patient: String = "rex", from number: String? = "+12025550142") async
        -> (ToolResult?, ToolError?, Practice)
    {
        let practice = Practice()
        let tool = BookAppointmentTool(practice, contacts: practice, profile: .weekdays, now: { saturday })
        do {
            let result = try await tool.call(
                ["time": .text(time), "service": "check-up", "patient": .text(patient), "reason": "limps"],
                .of(number, key: "key-7")
            )
            return (result, nil, practice)
        } catch {
            return (nil, error as? ToolError, practice)
        }
    }

    @Test func aFreeTimeIsBookedForTheCallersOwnPatient() async throws {
        let (result, _, practice) = await book("2026-11-23T14:30")
        #expect(result?.content["time"] == "2026-11-23T14:30")
        let request = try #require(practice.state.withLock { $0.booked }.first)
        #expect(request.startsAt == 1_795_462_200, "14:30 in New York is 19:30 UTC")
        #expect(request.contact.id == "7" && request.patient.id == "a1" && request.idempotencyKey == "key-7")
    }

    @Test func accentsAndCaseOfANameDoNotCount() async {
        #expect(await book("2026-11-23T09:00", patient: "MOHRE").0?.content["patient"] == "Möhre")
    }

    @Test(arguments: [
        ("2026-11-23", ToolError.Code.arguments), ("tomorrow at nine", .arguments), ("2026-11-23T24:00", .arguments),
        ("2026-11-23T9:00", .arguments), ("2026-02-30T09:00", .arguments), ("2026-11-23T09:00Z", .arguments),
        ("", .arguments), ("2026-11-20T10:00", .arguments), ("2026-11-21T10:59", .arguments),
        ("2026-11-21T11:30", .refused),  // within the hour of notice
        ("2026-11-22T10:00", .refused),  // Sunday
        ("2026-11-23T08:59", .refused), ("2026-11-23T16:41", .refused),  // would end after closing
        ("2026-11-26T10:00", .refused),  // a holiday
        ("2027-06-01T10:00", .refused),  // beyond the horizon
        ("2027-03-14T02:30", .arguments),  // the clocks go forward over it
    ])
    func whatCannotBeIsRefused(_ time: String, _ code: ToolError.Code) async {
        let (result, error, practice) = await book(time)
        #expect(result == nil && error?.code == code, "\(time): \(String(describing: error))")
        #expect(practice.state.withLock { $0.booked }.isEmpty)
    }

    @Test(arguments: [("Fido", "+12025550142"), ("Rex", nil), ("Rex", "+12025550199"), ("Rex", "anonymous")])
    func strangersAreNotBooked(_ patient: String, _ number: String?) async {
        let (_, error, practice) = await book("2026-11-23T10:00", patient: patient, from: number)
        #expect(error?.code == .notFound)
        #expect(practice.state.withLock { $0.booked }.isEmpty)
    }

    @Test func freeTimesAreThoseWithinTheHours() async throws {
        let nine = 1_795_442_400.0
        let practice = Practice(free: [nine - 9 * 3600, nine, nine + 7.5 * 3600, nine + 8 * 3600, nine + 86_400])
        let tool = FindTimesTool(practice, profile: .weekdays, now: { saturday })
        let result = try await tool.call(["day": "2026-11-23", "service": "check-up"], .of())
        #expect(result.content["times"] == ["2026-11-23T09:00", "2026-11-23T16:30"])
    }

    @Test func manyFreeTimesAreSpreadOverTheDay() async throws {
        let nine = 1_795_442_400.0
        let practice = Practice(free: (0..<90).map { nine + Double($0) * 300 })
        let tool = FindTimesTool(practice, profile: .weekdays, now: { saturday })
        let content = try await tool.call(["day": "2026-11-23", "service": "check-up"], .of()).content
        #expect(content["times"]?.list?.count == 12)
        #expect(content["times"]?.list?.first == "2026-11-23T09:00")
        #expect(content["times"]?.list?.last == "2026-11-23T16:25")
        #expect(content["free"] == 90)
    }

    @Test(arguments: [
        ("2026-11-20", "check-up", ToolError.Code.arguments), ("Monday", "check-up", .arguments),
        ("2026-11-23", "surgery", .arguments), ("2027-11-23", "check-up", .refused),
    ])
    func aDayThatCannotBeIsRefused(_ day: String, _ service: String, _ code: ToolError.Code) async {
        let tool = FindTimesTool(Practice(), profile: .weekdays, now: { saturday })
        let fault = await fault { try await tool.call(["day": .text(day), "service": .text(service)], .of()) }
        #expect(fault?.code == code)
    }

    @Test func anHourThatComesTwiceIsItsFirst() throws {
        let clock = TenantClock(.weekdays)
        #expect(try clock.moment("2026-11-01T01:30") == 1_793_511_000, "still daylight saving time, UTC-4")
        #expect(clock.text(1_793_511_000 + 3600) == "2026-11-01T01:30", "and an hour later it is the same time again")
    }
}
