import Foundation

/// Reads days and times out of an utterance, with the tenant's calendar and the present moment.
package struct DayTimeReader {
    package let calendar: Calendar
    private let now: Date

    /// - Parameter timeZone: an IANA name; UTC when it is unknown (the profile reader refuses such a profile).
    package init(timeZone: String, now: Date) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: timeZone) ?? .gmt
        self.calendar = calendar
        self.now = now
    }

    /// - Parameters:
    ///   - words: as `SpokenWords.words` gives them.
    ///   - known: what was said before; new words replace its parts.
    ///   - isAsked: a day or a time was just asked for.
    /// - Returns: what is known now and which words said it; nil when nothing about a day or a time was said.
    package func read(
        _ words: [String],
        known: DayTime = DayTime(),
        isAsked: Bool
    ) -> (value: DayTime, used: Set<Int>)? {
        let mentions = DayTimeMentions(words, isAsked: isAsked)
        var value = known
        if let day = mentions.day.flatMap(resolve) { value.day = day }
        if let part = mentions.part { value = moved(value, to: part) }
        if let time = mentions.time {
            guard
                let resolved = resolve(
                    time,
                    part: mentions.part ?? (known.time == nil ? known.part : nil),
                    day: value.day
                )
            else { return value == known ? nil : (value, mentions.used) }
            value.time = resolved
            value.part = nil
        }
        let saidSomething = mentions.day.flatMap(resolve) != nil || mentions.time != nil || mentions.part != nil
        return saidSomething ? (value, mentions.used) : nil
    }

    /// Both known, and already over.
    package func isPast(_ value: DayTime) -> Bool {
        guard let moment = moment(value) else { return value.day.map { isBefore($0, today) } ?? false }
        return moment < now
    }

    /// The moment a complete day and time stand for.
    package func moment(_ value: DayTime) -> Date? {
        guard let day = value.day, let time = value.time else { return nil }
        return calendar.date(
            from: DateComponents(year: day.year, month: day.month, day: day.day, hour: time.hour, minute: time.minute)
        )
    }

    package func speech() -> DayTimeSpeech { DayTimeSpeech(calendar: calendar) }

    // MARK: Days

    private var today: DayTime.Day { day(of: now) }

    private func day(of date: Date) -> DayTime.Day {
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        return DayTime.Day(year: parts.year ?? 1970, month: parts.month ?? 1, day: parts.day ?? 1)
    }

    private func day(after days: Int) -> DayTime.Day? {
        calendar.date(byAdding: .day, value: days, to: now).map(day(of:))
    }

    private func isBefore(_ left: DayTime.Day, _ right: DayTime.Day) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    private func resolve(_ mention: DayTimeMentions.Day) -> DayTime.Day? {
        switch mention {
        case .offset(let days): day(after: days)
        case .weekday(let number, let which): weekday(number, which)
        case .date(let month, let day, let year): date(month: month, day: day, year: year)
        case .dayOfMonth(let number): dayOfMonth(number)
        }
    }

    /// `this` may be today; a weekday alone is the next one after today; `next` is the one of next week, which begins
    /// on Monday.
    private func weekday(_ number: Int, _ which: DayTimeMentions.Which) -> DayTime.Day? {
        let current = calendar.component(.weekday, from: now)
        let ahead = (number - current + 7) % 7
        switch which {
        case .this: return day(after: ahead)
        case .coming: return day(after: ahead == 0 ? 7 : ahead)
        case .next:
            let sinceMonday = (current + 5) % 7
            return day(after: 7 - sinceMonday + (number + 5) % 7)
        }
    }

    private func date(month: Int, day: Int, year: Int?) -> DayTime.Day? {
        let thisYear = DayTime.Day(year: year ?? today.year, month: month, day: day)
        let isOver = year == nil && isBefore(thisYear, today)
        let value = isOver ? DayTime.Day(year: today.year + 1, month: month, day: day) : thisYear
        return exists(value) ? value : nil
    }

    private func dayOfMonth(_ number: Int) -> DayTime.Day? {
        var value = DayTime.Day(year: today.year, month: today.month, day: number)
        for _ in 0..<3 {  // of three months in a row one has 31 days
            if exists(value), !isBefore(value, today) { return value }
            value.year += value.month == 12 ? 1 : 0
            value.month = value.month % 12 + 1
        }
        return nil
    }

    private func exists(_ value: DayTime.Day) -> Bool {
        DateComponents(calendar: calendar, year: value.year, month: value.month, day: value.day).isValidDate
    }

    // MARK: Times

    /// Where nothing says which half of the day is meant, it is the one in which businesses work: 7 to 11 are in the
    /// morning, 12 to 6 are not. The answer is read back, so a caller can put it right.
    private func resolve(_ time: DayTimeMentions.Time, part: DayTime.Part?, day: DayTime.Day?) -> DayTime.Time? {
        guard time.hour <= 24, time.minute < 60 else { return nil }
        if time.hour == 0 || time.hour > 12 { return DayTime.Time(hour: time.hour % 24, minute: time.minute) }
        let early = DayTime.Time(hour: time.hour % 12, minute: time.minute)
        let late = DayTime.Time(hour: time.hour % 12 + 12, minute: time.minute)
        switch (time.meridiem, part) {
        case (.am, _): return early
        case (.pm, _): return late
        case (nil, .morning): return time.hour == 12 ? late : early
        case (nil, .afternoon): return late
        case (nil, .evening): return time.hour == 12 ? early : late
        case (nil, .night): return (6...11).contains(time.hour) ? late : early
        case (nil, nil): break
        }
        let usual = (7...11).contains(time.hour) ? early : late
        if usual == early, day == today, let moment = moment(DayTime(day: day, time: early)), moment < now {
            return late
        }
        return usual
    }

    /// "No, in the afternoon": moves a time that was said without one, or drops it when it does not fit.
    private func moved(_ value: DayTime, to part: DayTime.Part) -> DayTime {
        var value = value
        value.part = part
        guard let time = value.time else { return value }
        let hour = time.hour % 12
        switch part {
        case .morning: value.time?.hour = hour
        case .afternoon where hour <= 6: value.time?.hour = hour + 12
        case .evening where hour >= 4: value.time?.hour = hour + 12
        case .night where hour >= 6: value.time?.hour = hour + 12
        case .afternoon, .evening, .night: value.time = nil
        }
        return value
    }
}
