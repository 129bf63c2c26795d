import Foundation

/// Dates as their parts, in UTC (proleptic Gregorian calendar).
enum CivilTime {
    /// - Returns: nil for a day or time of day there is not. A leap second counts as the second after it.
    static func date(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0)
        -> Date?
    {
        guard (1...9999).contains(year), (1...12).contains(month), (1...days(year, month)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let seconds = ((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
        return Date(timeIntervalSince1970: Double(seconds))
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
        // Days before the year since year 1, less those before 1970.
        let past = year - 1
        let beforeYear = past * 365 + past / 4 - past / 100 + past / 400 - 719_162
        return beforeYear + (1..<month).reduce(0) { $0 + days(year, $1) } + day - 1
    }
}
