import Foundation

/// The header `Retry-After` (RFC 9110, section 10.2.3): seconds, or one of the three forms of an HTTP date (section 5.6.7).
package enum RetryAfter {
    /// Whole seconds to tell a client, never too early.
    package static func seconds(_ nanoseconds: Int64) -> Int {
        max(1, Int((nanoseconds + 999_999_999) / 1_000_000_000))
    }

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// - Parameter now: what a date is told against; one that is past is no wait.
    /// - Returns: nil for a text that is neither.
    package static func parse(_ text: String, now: Date) -> Duration? {
        guard text.utf8.count <= 64 else { return nil }
        let text = text.trimmingCharacters(in: .whitespaces)
        if let seconds = number(text, digits: 1...9) { return .seconds(seconds) }
        guard let date = date(text) else { return nil }
        return .seconds(max(0, date.timeIntervalSince(now)))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
    private static func date(_ text: String) -> Date? {
        let parts = text.split { ", -:".contains($0) }.map { $0.lowercased() }
        switch parts.count {
        case 8 where parts[7] == "gmt":
            return date(year: parts[3], month: parts[2], day: parts[1], time: parts[4...6])
        case 7:
            return date(year: parts[6], month: parts[1], day: parts[2], time: parts[3...5])
        default: return nil
        }
    }

    private static func date(year: String, month: String, day: String, time: ArraySlice<String>) -> Date? {
        guard let month = months.firstIndex(of: month), let day = number(day, digits: 1...2) else { return nil }
        let time = time.compactMap { number($0, digits: 2...2) }
        guard time.count == 3 else { return nil }
        // Two digits are of this century: those that sent such dates before it are gone.
        let full = number(year, digits: 4...4) ?? number(year, digits: 2...2).map { $0 + 2000 }
        return full.flatMap { CivilTime.date($0, month + 1, day, time[0], time[1], time[2]) }
    }

    private static func number(_ text: String, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
