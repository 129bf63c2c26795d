/// What a time must be before it is asked for at the tenant's calendar.
public struct AppointmentRules: Sendable {
    /// The earliest start, from now on.
    public var notice: Duration
    /// The latest day, from today on.
    public var days: Int

    public init(notice: Duration = .seconds(3600), days: Int = 180) {
        self.notice = notice
        self.days = days
    }

    /// - Parameter now: seconds since 1970.
    /// - Returns: the moment that `text` means, seconds since 1970.
    func moment(
        _ text: String?,
        for service: AppointmentService,
        _ clock: TenantClock,
        now: Double
    ) throws(ToolError) -> Double {
        let moment: Double
        do throws(TenantClock.Fault) {
            moment = try clock.moment(text ?? "")
        } catch {
            switch error {
            case .unreadable:
                throw ToolError(.arguments, "Write the time as 2026-12-24T14:30, on the tenant's own clock.")
            case .skipped:
                throw ToolError(.arguments, "That time does not exist: the clocks go forward over it. Choose another.")
            }
        }
        guard moment > now else {
            throw ToolError(.arguments, "That time is past; it is \(clock.text(now)) now. Choose a later one.")
        }
        guard moment >= now + notice.inSeconds else {
            throw ToolError(.refused, "That is too soon to be booked; it is \(clock.text(now)) now.")
        }
        guard clock.day(moment).daysSinceEpoch <= clock.day(now).daysSinceEpoch + days else {
            throw ToolError(.refused, "Appointments are taken for the next \(days) days only.")
        }
        guard clock.isOpen(from: moment, minutes: service.minutes) else {
            throw ToolError(.refused, "The tenant is closed at that time. Ask for free times of another day or hour.")
        }
        return moment
    }

    /// - Returns: a day between today and the latest one.
    func day(_ text: String?, _ clock: TenantClock, now: Double) throws(ToolError) -> CivilDay {
        let today = clock.day(now)
        guard let text, let day = CivilDay(text) else {
            throw ToolError(.arguments, "Write the day as 2026-12-24. Today is \(today).")
        }
        guard day.daysSinceEpoch >= today.daysSinceEpoch else {
            throw ToolError(.arguments, "That day is past; today is \(today).")
        }
        guard day.daysSinceEpoch <= today.daysSinceEpoch + days else {
            throw ToolError(.refused, "Appointments are taken for the next \(days) days only.")
        }
        return day
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
