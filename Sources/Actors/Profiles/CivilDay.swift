/// A day of the calendar, without a time and without a zone: `2026-12-25`.
///
/// - Source: the proleptic Gregorian calendar of ISO 8601; Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
///   (days from civil, civil from days).
public struct CivilDay: Sendable, Hashable, CustomStringConvertible {
    /// Days since 1970-01-01, which was a Thursday.
    public let daysSinceEpoch: Int

    public init(daysSinceEpoch: Int) { self.daysSinceEpoch = daysSinceEpoch }

    /// Reads `2026-12-25`; nil for anything else, also for days that do not exist (`2026-02-30`).
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.joined().allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        guard (1...12).contains(numbers[1]), (1...31).contains(numbers[2]) else { return nil }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
        // A day past its month's end is one of the next month.
        guard description == text else { return nil }
    }

    private init(year: Int, month: Int, day: Int) {
        // Years begin in March, so that the leap day is the last one.
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        daysSinceEpoch = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// 0 is Monday.
    public var weekday: Int { ((daysSinceEpoch + 3) % 7 + 7) % 7 }

    public var before: CivilDay { CivilDay(daysSinceEpoch: daysSinceEpoch - 1) }

    public var description: String {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        return [Self.padded(year, 4), Self.padded(month >= 10 ? month - 9 : month + 3, 2), Self.padded(day, 2)]
            .joined(separator: "-")
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
