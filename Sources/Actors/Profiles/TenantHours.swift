import Foundation

extension TenantProfile.Hours {
    public static let minutesPerDay = 1440

    /// Whether the tenant's week and holidays say "open" at this moment.
    ///
    /// - The wall clock of the tenant's zone counts: 9:00 is 9:00 on both sides of a change to or from summer time, an
    ///   hour that is skipped never comes, and one that is repeated is open or closed both times.
    /// - A span over midnight (`1320..<1560`, 22:00 to 02:00) belongs to the day on which it begins: a holiday closes the
    ///   spans that begin on it, and the night before runs to its end.
    /// - Parameter timeZone: IANA name; an unknown one counts as UTC (the reader of profiles lets none through).
    public func isOpen(at date: Date, timeZone: String) -> Bool {
        let zone = TimeZone(identifier: timeZone) ?? .gmt
        // Far outside any calendar, a date is clamped instead of trapping.
        let moment = date.timeIntervalSince1970
        let seconds = moment.isNaN ? 0 : min(max(moment, -1e11), 1e11)
        let local = Int(seconds.rounded(.down)) + zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))
        let (days, rest) = local.quotientAndRemainder(dividingBy: 86_400)
        let today = CivilDay(daysSinceEpoch: rest < 0 ? days - 1 : days)
        let minute = (rest < 0 ? rest + 86_400 : rest) / 60
        return isOpen(at: minute, of: today) || isOpen(at: minute + Self.minutesPerDay, of: today.before)
    }

    private func isOpen(at minute: Int, of day: CivilDay) -> Bool {
        guard week.indices.contains(day.weekday), !holidays.contains(day.description) else { return false }
        return week[day.weekday].contains { $0.contains(minute) }
    }
}

extension TenantProfile {
    /// Where a call goes that arrives at this moment. Outside the hours `hours.closedSay` is said first.
    ///
    /// The hours come before the mode: people who answer every call (`human_only`) have their evenings too.
    public func way(at date: Date) -> Way {
        if let hours, !hours.isOpen(at: date, timeZone: timeZone) { return hours.closedThen }
        return mode == .humanOnly ? .transfer(nil) : .agent
    }

    /// Who a `Way.transfer` reaches: the tenant's own transfer for nil, the named one with that number, or the number
    /// with the tenant's words. nil when the tenant has nobody.
    public func transfer(to number: String?) -> Transfer? {
        guard let number else { return transfer }
        if let transfer, transfer.number == number { return transfer }
        // Sorted, so that of two names for one number the same one speaks every time.
        if let named = transfers.sorted(by: { $0.key < $1.key }).first(where: { $0.value.number == number }) {
            return named.value
        }
        return Transfer(number: number, say: transfer?.say ?? Transfer(number: number).say)
    }
}
