import Foundation

/// A day (`2026-11-21`) or an instant (`2026-11-21T09:30:00Z`, with or without seconds and their fraction, `Z` or an offset)
/// as ISO 8601 and RFC 3339 write them. Days are of UTC. Pure.
enum DateText: Equatable {
    case day(Date)
    case instant(Date)

    init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        guard rest.utf8.count <= 40, let year = Self.number(&rest, 4), Self.take("-", &rest),
            let month = Self.number(&rest, 2), Self.take("-", &rest), let day = Self.number(&rest, 2)
        else { return nil }
        if rest.isEmpty {
            guard let date = CivilTime.date(year, month, day) else { return nil }
            self = .day(date)
            return
        }
        guard Self.take("T", &rest) || Self.take("t", &rest), let hour = Self.number(&rest, 2), Self.take(":", &rest),
            let minute = Self.number(&rest, 2)
        else { return nil }
        var second = 0
        var fraction = 0.0
        if Self.take(":", &rest) {
            guard let number = Self.number(&rest, 2) else { return nil }
            second = number
            if Self.take(".", &rest) {
                let digits = rest.prefix { ("0"..."9").contains($0) }
                guard let value = Double("0." + digits), !digits.isEmpty else { return nil }
                fraction = value
                rest = rest.dropFirst(digits.count)
            }
        }
        guard let offset = Self.offset(&rest), rest.isEmpty,
            let date = CivilTime.date(year, month, day, hour, minute, second)
        else { return nil }
        self = .instant(date.addingTimeInterval(fraction - Double(offset)))
    }

    /// Seconds east of UTC.
    private static func offset(_ rest: inout Substring) -> Int? {
        if take("Z", &rest) || take("z", &rest) { return 0 }
        let sign = take("+", &rest) ? 1 : take("-", &rest) ? -1 : 0
        guard sign != 0, let hours = number(&rest, 2), take(":", &rest), let minutes = number(&rest, 2), hours < 24,
            minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes) * 60
    }

    private static func take(_ character: Character, _ rest: inout Substring) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private static func number(_ rest: inout Substring, _ digits: Int) -> Int? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        rest = rest.dropFirst(digits)
        return Int(text)
    }

    /// The first moment it means.
    var start: Date {
        switch self {
        case .day(let date), .instant(let date): date
        }
    }

    /// The first moment after it.
    var end: Date {
        switch self {
        case .day(let date): date.addingTimeInterval(86_400)
        case .instant(let date): date.addingTimeInterval(0.001)
        }
    }
}
