import Foundation

/// A day, a time of day, or both, as far as the caller has said them. The calendar is the tenant's.
package struct DayTime: Equatable, Sendable {
    package struct Day: Equatable, Sendable {
        package var year: Int
        package var month: Int
        package var day: Int

        package init(year: Int, month: Int, day: Int) {
            self.year = year
            self.month = month
            self.day = day
        }
    }

    package struct Time: Equatable, Sendable {
        /// 0...23
        package var hour: Int
        package var minute: Int

        package init(hour: Int, minute: Int = 0) {
            self.hour = hour
            self.minute = minute
        }
    }

    package enum Part: String, Sendable { case morning, afternoon, evening, night }

    package var day: Day?
    package var time: Time?
    /// "Tomorrow afternoon": a part of the day without a time.
    package var part: Part?

    package init(day: Day? = nil, time: Time? = nil, part: Part? = nil) {
        self.day = day
        self.time = time
        self.part = part
    }

    package var isComplete: Bool { day != nil && time != nil }
    package var isEmpty: Bool { day == nil && time == nil && part == nil }
}

/// Says days and times the way people do.
package struct DayTimeSpeech {
    private let calendar: Calendar

    package init(calendar: Calendar) {
        self.calendar = calendar
    }

    /// `Wednesday the 25th of November at nine in the morning`; with less known, less is said.
    package func text(_ value: DayTime) -> String {
        let day = value.day.map(text)
        let time = value.time.map(Self.text)
        switch (day, time, value.part) {
        case (let day?, let time?, _): return "\(day) at \(time)"
        case (let day?, nil, let part?): return "\(day) \(Self.inPart(part))"
        case (let day?, nil, nil): return day
        case (nil, let time?, _): return time
        case (nil, nil, let part?): return Self.inPart(part)
        case (nil, nil, nil): return ""
        }
    }

    /// `Wednesday the 25th of November`.
    package func text(_ day: DayTime.Day) -> String {
        let components = DateComponents(year: day.year, month: day.month, day: day.day, hour: 12)
        let weekday = calendar.date(from: components).map { calendar.component(.weekday, from: $0) } ?? 1
        return "\(Self.weekdays[weekday - 1]) the \(SpokenOrdinal.text(day.day)) of \(Self.months[day.month - 1])"
    }

    /// `nine in the morning`, `two thirty in the afternoon`, `noon`.
    package static func text(_ time: DayTime.Time) -> String {
        switch (time.hour, time.minute) {
        case (12, 0): return "noon"
        case (0, 0): return "midnight"
        default: break
        }
        let hour = SpokenNumber.words(time.hour % 12 == 0 ? 12 : time.hour % 12)
        let minute =
            switch time.minute {
            case 0: ""
            case 1..<10: " oh \(SpokenNumber.words(time.minute))"
            default: " \(SpokenNumber.words(time.minute))"
            }
        return "\(hour)\(minute) \(inPart(part(ofHour: time.hour)))"
    }

    static func part(ofHour hour: Int) -> DayTime.Part {
        switch hour {
        case ..<12: .morning
        case ..<18: .afternoon
        case ..<22: .evening
        default: .night
        }
    }

    static func inPart(_ part: DayTime.Part) -> String {
        part == .night ? "at night" : "in the \(part.rawValue)"
    }

    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
