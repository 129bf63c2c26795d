import Actors
import Foundation
import TestSupport
import Testing

@Suite("Tenant hours")
struct TenantHoursTests {
    struct Moment: Sendable, CustomTestStringConvertible {
        let zone: String
        let utc: String
        let isOpen: Bool
        var testDescription: String { "\(zone) at \(utc) is \(isOpen ? "open" : "closed")" }

        init(_ zone: String, _ utc: String, _ isOpen: Bool) { (self.zone, self.utc, self.isOpen) = (zone, utc, isOpen) }

        var date: Date { get throws { try Date(utc, strategy: .iso8601) } }
    }

    private let nineToFive = TenantProfile.Hours(
        week: [[Range<Int>]](repeating: [540..<1020], count: 7),
        closedSay: "Closed."
    )

    /// 22:00 to 02:00, beginning on the days given (0 is Monday).
    private func nights(_ days: Int...) -> TenantProfile.Hours {
        var week = [[Range<Int>]](repeating: [], count: 7)
        for day in days { week[day] = [1320..<1560] }
        return TenantProfile.Hours(week: week, closedSay: "Closed.")
    }

    @Test(
        "Nine is nine on the wall clock, before and after the clocks change",
        arguments: [
            // New York: forward on 8 March 2026, back on 1 November.
            Moment("America/New_York", "2026-03-07T13:59:59Z", false),
            Moment("America/New_York", "2026-03-07T14:00:00Z", true),
            Moment("America/New_York", "2026-03-08T12:59:59Z", false),
            Moment("America/New_York", "2026-03-08T13:00:00Z", true),
            Moment("America/New_York", "2026-03-08T20:59:59Z", true),
            Moment("America/New_York", "2026-03-08T21:00:00Z", false),
            Moment("America/New_York", "2026-10-31T13:00:00Z", true),
            Moment("America/New_York", "2026-11-01T13:59:59Z", false),
            Moment("America/New_York", "2026-11-01T14:00:00Z", true),
            // Berlin: forward on 29 March, back on 25 October.
            Moment("Europe/Berlin", "2026-03-28T08:00:00Z", true),
            Moment("Europe/Berlin", "2026-03-29T07:00:00Z", true),
            Moment("Europe/Berlin", "2026-03-29T06:59:59Z", false),
            Moment("Europe/Berlin", "2026-10-25T07:59:59Z", false),
            Moment("Europe/Berlin", "2026-10-25T08:00:00Z", true),
            // Sydney: back on 5 April, forward on 4 October.
            Moment("Australia/Sydney", "2026-04-03T22:00:00Z", true),
            Moment("Australia/Sydney", "2026-04-04T22:59:59Z", false),
            Moment("Australia/Sydney", "2026-04-04T23:00:00Z", true),
            Moment("Australia/Sydney", "2026-10-02T23:00:00Z", true),
            Moment("Australia/Sydney", "2026-10-03T21:59:59Z", false),
            Moment("Australia/Sydney", "2026-10-03T22:00:00Z", true),
            // Half and quarter hours, and no change at all.
            Moment("Asia/Kolkata", "2026-06-01T03:29:59Z", false), Moment("Asia/Kolkata", "2026-06-01T03:30:00Z", true),
            Moment("Asia/Kathmandu", "2026-06-01T03:14:59Z", false),
            Moment("Asia/Kathmandu", "2026-06-01T03:15:00Z", true), Moment("UTC", "2026-06-01T16:59:59Z", true),
            Moment("UTC", "2026-06-01T17:00:00Z", false),
        ]
    ) func days(moment: Moment) throws {
        #expect(nineToFive.isOpen(at: try moment.date, timeZone: moment.zone) == moment.isOpen)
    }

    @Test(
        "A night that begins on a Saturday lasts until two, with an hour more or less in it",
        arguments: [
            Moment("America/New_York", "2026-03-08T02:59:59Z", false),
            Moment("America/New_York", "2026-03-08T03:00:00Z", true),
            Moment("America/New_York", "2026-03-08T06:59:59Z", true),
            Moment("America/New_York", "2026-03-08T07:00:00Z", false),
            // One o'clock comes twice.
            Moment("America/New_York", "2026-11-01T05:30:00Z", true),
            Moment("America/New_York", "2026-11-01T06:30:00Z", true),
            Moment("America/New_York", "2026-11-01T07:00:00Z", false),
            // In Santiago the clocks change at midnight: forward on 6 September, back on 5 April.
            Moment("America/Santiago", "2026-09-06T03:59:59Z", true),
            Moment("America/Santiago", "2026-09-06T04:00:00Z", true),
            Moment("America/Santiago", "2026-09-06T04:59:59Z", true),
            Moment("America/Santiago", "2026-09-06T05:00:00Z", false),
            Moment("America/Santiago", "2026-04-05T02:59:59Z", true),
            Moment("America/Santiago", "2026-04-05T03:30:00Z", true),
            Moment("America/Santiago", "2026-04-05T05:59:59Z", true),
            Moment("America/Santiago", "2026-04-05T06:00:00Z", false),
            // Not on a Sunday's night.
            Moment("UTC", "2026-06-07T23:00:00Z", false),
        ]
    ) func saturdayNights(moment: Moment) throws {
        #expect(nights(5).isOpen(at: try moment.date, timeZone: moment.zone) == moment.isOpen)
    }

    @Test("Sunday's night ends on Monday")
    func overTheWeek() throws {
        let monday = try Date("2026-06-08T01:59:59Z", strategy: .iso8601)
        #expect(nights(6).isOpen(at: monday, timeZone: "UTC"))
        #expect(!nights(6).isOpen(at: monday + 1, timeZone: "UTC"))
        #expect(!nights(0).isOpen(at: monday, timeZone: "UTC"), "that one begins on Monday evening")
    }

    @Test(
        "A holiday is the tenant's own day, and closes what begins on it",
        arguments: [
            // In Auckland, 13 hours ahead, Christmas begins while it is the 24th in London.
            Moment("Pacific/Auckland", "2026-12-24T12:30:00Z", true),  // 01:30, still the night of the 24th
            Moment("Pacific/Auckland", "2026-12-24T20:30:00Z", false),  // 09:30
            Moment("Pacific/Auckland", "2026-12-25T09:30:00Z", false),  // 22:30
            Moment("Pacific/Auckland", "2026-12-25T12:30:00Z", false),  // 01:30 of the night that began on the 25th
            Moment("Pacific/Auckland", "2026-12-25T20:30:00Z", true),  // 09:30 on the 26th
            Moment("Pacific/Honolulu", "2026-12-25T09:30:00Z", true),  // 23:30 on the 24th
            Moment("Pacific/Honolulu", "2026-12-25T20:30:00Z", false),
        ]
    ) func holidays(moment: Moment) throws {
        let hours = TenantProfile.Hours(
            week: [[Range<Int>]](repeating: [540..<1020, 1320..<1560], count: 7),
            holidays: ["2026-12-25"],
            closedSay: "Closed."
        )
        #expect(hours.isOpen(at: try moment.date, timeZone: moment.zone) == moment.isOpen)
    }

    @Test("Whole days have no gap at midnight, and a week without spans never opens")
    func wholeDays() throws {
        let always = TenantProfile.Hours(week: [[Range<Int>]](repeating: [0..<1440], count: 7), closedSay: "")
        let never = TenantProfile.Hours(week: [], closedSay: "")
        let midnight = try Date("2026-03-07T23:00:00Z", strategy: .iso8601)
        for minute in 0..<180 {
            let date = midnight + Double(minute * 60)
            for zone in ["Europe/Paris", "America/New_York", "Asia/Tokyo"] {
                #expect(always.isOpen(at: date, timeZone: zone) && !never.isOpen(at: date, timeZone: zone))
            }
        }
    }

    @Test("No moment and no zone is too odd")
    func extremes() {
        for seconds in [-Double.infinity, -1e300, -62_135_596_801, -1, 0, 1e300, .infinity, .nan] {
            for zone in ["Asia/Tokyo", "Moon/Base", ""] {
                _ = nineToFive.isOpen(at: Date(timeIntervalSince1970: seconds), timeZone: zone)
            }
        }
    }

    @Test("A call goes to the agent when open, where the hours lead when closed, and to people who answer themselves")
    func ways() throws {
        let open = try Date("2026-06-01T12:00:00Z", strategy: .iso8601)
        let closed = try Date("2026-06-01T20:00:00Z", strategy: .iso8601)
        var profile = TenantProfile.test
        #expect(profile.way(at: closed) == .agent)
        profile.hours = nineToFive
        profile.hours?.closedThen = .voicemail
        #expect(profile.way(at: open) == .agent && profile.way(at: closed) == .voicemail)
        profile.mode = .humanOnly
        #expect(profile.way(at: open) == .transfer(nil) && profile.way(at: closed) == .voicemail)
        profile.hours = nil
        #expect(profile.way(at: closed) == .transfer(nil))
        profile.mode = .triage
        #expect(profile.way(at: open) == .agent)
    }

    @Test("A way's number finds the words that belong to it")
    func transfers() {
        var profile = TenantProfile.test
        profile.transfers = [
            "b": .init(number: "+12025550101", say: "Second.", brief: "b"),
            "a": .init(number: "+12025550101", say: "First.", brief: "a"),
        ]
        #expect(profile.transfer(to: nil) == profile.transfer)
        #expect(profile.transfer(to: "+12025550101")?.say == "First.")
        #expect(profile.transfer(to: profile.transfer?.number) == profile.transfer)
        #expect(profile.transfer(to: "+12025550199")?.say == profile.transfer?.say)
        profile.transfer = nil
        #expect(profile.transfer(to: nil) == nil)
        #expect(profile.transfer(to: "+12025550199")?.say.isEmpty == false)
    }
}
