import Foundation

/// The tenant's local time and whether it is open, as a model is told them.
struct ChatMoment: Sendable, Equatable {
    let date: Date
    /// nil: the tenant has no hours.
    let isOpen: Bool?
    /// `Tuesday 3 March 2026, 14:05`, in English: the prompt's own language.
    let text: String

    init(_ profile: TenantProfile, at date: Date) {
        self.date = date
        isOpen = profile.hours.map { $0.isOpen(at: date, timeZone: profile.timeZone) }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: profile.timeZone) ?? .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute], from: date)
        let weekday = Self.weekdays[((parts.weekday ?? 1) + 5) % 7]
        let month = Self.months[(parts.month ?? 1) - 1]
        text =
            "\(weekday) \(parts.day ?? 1) \(month) \(parts.year ?? 0), \(Self.clock((parts.hour ?? 0) * 60 + (parts.minute ?? 0)))"
    }

    /// Monday first, as `TenantProfile.Hours.week`.
    static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// `540` is `9:00`; past midnight it goes on with `0:00`.
    static func clock(_ minutes: Int) -> String {
        let minutes = minutes % TenantProfile.Hours.minutesPerDay
        return "\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
    }
}
