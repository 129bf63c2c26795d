import Foundation

/// `Fri, 20 Nov 2026 09:10:09 +0000` (RFC 2822, section 3.3), as Twilio writes its times.
package enum MailDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// - Returns: nil for anything else, also for obsolete zone names other than GMT.
    package static func parse(_ text: String) -> Date? {
        guard text.utf8.count <= 40 else { return nil }
        var words = text.split(separator: " ").map(String.init)
        if let first = words.first, first.hasSuffix(",") { words.removeFirst() }
        guard words.count == 5, let day = number(words[0], 1...31),
            let month = months.firstIndex(of: words[1].lowercased()), let year = number(words[2], 1970...9999),
            let zone = zone(words[4])
        else { return nil }
        let clock = words[3].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(clock.count), let hour = number(clock[0], 0...23), let minute = number(clock[1], 0...59),
            let second = clock.count == 3 ? number(clock[2], 0...60) : 0
        else { return nil }
        let seconds = days(year, month + 1, day) * 86_400 + hour * 3600 + minute * 60 + second - zone * 60
        return Date(timeIntervalSince1970: Double(seconds))
    }

    private static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text) else { return nil }
        return range.contains(value) ? value : nil
    }

    /// Minutes east of Greenwich.
    private static func zone(_ text: String) -> Int? {
        if text == "GMT" || text == "UT" { return 0 }
        guard text.utf8.count == 5, let hours = number(String(text.dropFirst().prefix(2)), 0...23),
            let minutes = number(String(text.suffix(2)), 0...59)
        else { return nil }
        switch text.first {
        case "+": return hours * 60 + minutes
        case "-": return -(hours * 60 + minutes)
        default: return nil
        }
    }

    /// Days since 1970-01-01 in the Gregorian calendar, with years that begin in March so that the leap day is the last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
