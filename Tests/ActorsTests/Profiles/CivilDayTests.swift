import Actors
import Foundation
import Testing

@Suite("Civil day")
struct CivilDayTests {
    @Test("Days and their names agree with the calendar, over four hundred years and more")
    func calendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for days in stride(from: -40_000, to: 140_000, by: 97) {
            let day = CivilDay(daysSinceEpoch: days)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday],
                from: Date(timeIntervalSince1970: Double(days) * 86_400)
            )
            let (year, month, date) = (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            #expect(day.description == String(format: "%04d-%02d-%02d", year, month, date))
            // The calendar counts from Sunday, 1.
            #expect(day.weekday == ((parts.weekday ?? 0) + 5) % 7)
            #expect(CivilDay(day.description) == day)
        }
    }

    @Test(arguments: [
        ("2026-12-25", 4), ("2024-02-29", 3), ("2000-02-29", 1), ("1970-01-01", 3), ("1969-12-31", 2),
        ("0001-01-01", 0),
    ]) func weekdays(text: String, weekday: Int) throws {
        #expect(try #require(CivilDay(text)).weekday == weekday)
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1", "26-12-25", "2026/12/25", "2026-12-25 ", "",
        "-2026-12-25", "2026-12-2x", "２０２６-12-25", "1900-02-29",
    ]) func whatIsNoDayIsNotRead(text: String) {
        #expect(CivilDay(text) == nil)
    }

    @Test func theDayBeforeTheFirstOfMarchDependsOnTheYear() throws {
        #expect(try #require(CivilDay("2024-03-01")).before.description == "2024-02-29")
        #expect(try #require(CivilDay("2026-03-01")).before.description == "2026-02-28")
        #expect(try #require(CivilDay("2027-01-01")).before.description == "2026-12-31")
    }
}
