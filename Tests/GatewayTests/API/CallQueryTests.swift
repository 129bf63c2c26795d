import Foundation
import Gateway
import Testing

@Suite("Call query")
struct CallQueryTests {
    private func entry(
        _ provider: String = "twilio",
        _ direction: ProviderEvent.Direction? = .inbound,
        at: Double = 1_763_715_600  // 2025-11-21 09:00:00 UTC
    ) -> CallBook.Entry {
        var entry = CallBook.Entry(
            call: Told.key("1", provider),
            tenant: "a",
            openedAt: Date(timeIntervalSince1970: at)
        )
        entry.direction = direction
        return entry
    }

    @Test func withoutParametersItIsTheFirstPageOfAll() throws {
        let query = try CallQuery([])
        #expect(query.page == 1 && query.perPage == 20 && query.offset == 0)
        #expect(query.holds(entry()) && query.holds(entry("ringcentral", nil)))
        #expect(try CallQuery([("page", ""), ("colour", "red")]) == query)
    }

    @Test func pagesFollowEachOther() throws {
        let query = try CallQuery([("page", "3"), ("per_page", "100")])
        #expect(query.offset == 200 && query.perPage == 100)
    }

    @Test func filtersHoldTogether() throws {
        let query = try CallQuery([("direction", "outbound"), ("call_type", "ringover")])
        #expect(query.holds(entry("ringover", .outbound)))
        #expect(!query.holds(entry("ringover", .inbound)) && !query.holds(entry("twilio", .outbound)))
        #expect(!query.holds(entry("ringover", nil)))
    }

    @Test(arguments: [
        ("2025-11-21", "2025-11-21", true), ("2025-11-22", "2025-11-30", false), ("2025-11-01", "2025-11-20", false),
        ("2025-11-21T09:00:00Z", "2025-11-21T09:00:00Z", true), ("2025-11-21T09:00:01Z", "", false),
        ("2025-11-21T10:00:00+01:00", "2025-11-21T04:00:00-05:00", true), ("", "2025-11-21T08:59:59.999Z", false),
        ("2025-11-21T09:00Z", "", true), ("2025-11-21t09:00:00z", "", true), ("", "2025-11-21", true),
    ])
    func daysAndInstantsAreInclusive(_ from: String, _ to: String, _ holds: Bool) throws {
        #expect(try CallQuery([("date_from", from), ("date_to", to)]).holds(entry()) == holds)
    }

    @Test(arguments: [
        ("page", "0"), ("page", "-1"), ("page", "x"), ("page", "1.5"), ("page", "99999999999999999999"),
        ("per_page", "0"), ("per_page", "101"), ("direction", "sideways"), ("direction", "in"), ("call_type", "fax"),
        ("date_from", "yesterday"), ("date_from", "2025-02-30"), ("date_from", "2025-11-21 09:00"),
        ("date_from", "2025-11-21T09:00:00"), ("date_from", "2025-11-21T09:00:00+1:00"), ("date_to", "21.11.2025"),
        ("date_to", "2025-11-21T25:00:00Z"), ("date_to", "2025-11-21T09:00:00.Z"), ("date_to", "٢٠٢٥-11-21"),
        ("contact_id", "7"), ("case_id", "7"),
    ])
    func whatWouldNotBeHonouredIsRefused(_ name: String, _ value: String) {
        #expect(throws: (any Error).self, "\(name)=\(value)") { try CallQuery([(name, value)]) }
    }

    @Test func aSpanThatEndsBeforeItBeginsIsRefused() {
        #expect(throws: (any Error).self) {
            try CallQuery([("date_from", "2025-11-22"), ("date_to", "2025-11-21")])
        }
    }
}
