import Actors
import Foundation

extension RingCentralPolicy.Desk {
    /// A tenant as the policy sees it at one moment.
    package init(_ profile: TenantProfile, at date: Date) {
        self.init()
        mode = profile.mode
        transferNumber = profile.transfer?.number
        hasVoicemail = profile.voicemail != nil
        if let hours = profile.hours {
            isOpen = Self.isOpen(hours, timeZone: profile.timeZone, at: date)
            whenClosed = hours.closedThen
        }
    }

    /// In the tenant's own time zone; an unknown one counts as UTC.
    static func isOpen(_ hours: TenantProfile.Hours, timeZone: String, at date: Date) -> Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: timeZone) ?? .gmt
        let now = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute], from: date)
        guard let year = now.year, let month = now.month, let day = now.day, let weekday = now.weekday,
            let hour = now.hour, let minute = now.minute
        else { return true }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if hours.holidays.contains("\(year)-\(two(month))-\(two(day))") { return false }
        // The calendar's week begins with Sunday as 1, the profile's with Monday as 0.
        let index = (weekday + 5) % 7
        return hours.week.indices.contains(index) && hours.week[index].contains { $0.contains(hour * 60 + minute) }
    }
}
