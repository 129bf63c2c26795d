/// Times of day in words: `nine in the morning`, `half past two`, `quarter to five`, `ten thirty`, `10:30`, `noon`.
enum TimeWords {
    typealias Time = DayTimeMentions.Time

    /// - Parameter accepts: an hour alone is a time here.
    static func time(at index: Int, in words: [String], accepts bareHour: Bool) -> (Time, length: Int)? {
        let rest = words[index...]
        guard let first = rest.first else { return nil }
        if first == "noon" || first == "midday" { return (Time(hour: 12, meridiem: .pm), 1) }
        if first == "midnight" { return (Time(hour: 12, meridiem: .am), 1) }
        return relative(rest) ?? written(rest, accepts: bareHour) ?? hourAndMinute(rest, accepts: bareHour)
    }

    static func part(_ words: ArraySlice<String>) -> DayTime.Part? {
        words.first.flatMap(DayTime.Part.init(rawValue:))
    }

    /// `half past two`, `quarter to five`, `ten past three`, `five minutes to six`.
    private static func relative(_ words: ArraySlice<String>) -> (Time, length: Int)? {
        var rest = words
        let minutes: Int
        if rest.first == "half" {
            minutes = 30
            rest = rest.dropFirst()
        } else if rest.first == "quarter" {
            minutes = 15
            rest = rest.dropFirst()
        } else if let (value, length) = SpokenNumber.cardinal(in: rest), (1...29).contains(value), rest.first != "a" {
            minutes = value
            rest = rest.dropFirst(length)
            if rest.first == "minutes" { rest = rest.dropFirst() }
        } else {
            return nil
        }
        let isHalf = words.first == "half"
        let joint = rest.first ?? ""
        if ["past", "after"].contains(joint) {
            return clock(rest.dropFirst(), of: words) { Time(hour: $0, minute: minutes) }
        }
        if ["to", "before", "till"].contains(joint), !isHalf {
            return clock(rest.dropFirst(), of: words) { Time(hour: $0 == 1 ? 12 : $0 - 1, minute: 60 - minutes) }
        }
        return isHalf ? clock(rest, of: words) { Time(hour: $0, minute: 30) } : nil  // "half two"
    }

    private static func clock(
        _ rest: ArraySlice<String>,
        of words: ArraySlice<String>,
        make: (Int) -> Time
    ) -> (Time, length: Int)? {
        guard let (hour, length) = hour(rest, through: 12) else { return nil }
        let after = rest.dropFirst(length)
        if let next = after.first, notTimes.contains(next) { return nil }  // "ten to twelve people"
        return withMeridiem(make(hour), after, of: words)
    }

    /// `10:30`, and `1030` where a time is expected.
    private static func written(_ words: ArraySlice<String>, accepts bareHour: Bool) -> (Time, length: Int)? {
        guard let first = words.first else { return nil }
        let parts = first.split(separator: ":").compactMap { Int($0) }
        if first.contains(":"), parts.count == 2, (0...24).contains(parts[0]), (0...59).contains(parts[1]) {
            return withMeridiem(Time(hour: parts[0], minute: parts[1]), words.dropFirst(), of: words)
        }
        guard first.count == 3 || first.count == 4, let value = SpokenNumber.digits(first),
            (1...24).contains(value / 100),
            value % 100 < 60
        else { return nil }
        let found = withMeridiem(Time(hour: value / 100, minute: value % 100), words.dropFirst(), of: words)
        return bareHour || found.0.meridiem != nil ? found : nil
    }

    private static func hourAndMinute(_ words: ArraySlice<String>, accepts bareHour: Bool) -> (Time, length: Int)? {
        guard let (hour, length) = hour(words, through: 24) else { return nil }
        var rest = words.dropFirst(length)
        var time = Time(hour: hour)
        var isSure = false
        if let (minute, length) = minute(rest) {
            time.minute = minute
            rest = rest.dropFirst(length)
            isSure = true
        } else if rest.first == "o'clock" {
            rest = rest.dropFirst()
            isSure = true
        }
        let found = withMeridiem(time, rest, of: words)
        let after = words.dropFirst(found.length)
        isSure = isSure || found.0.meridiem != nil || isPartOfDay(after)
        if let next = after.first, notTimes.contains(next) { return nil }
        return isSure || bareHour ? found : nil
    }

    private static func hour(_ words: ArraySlice<String>, through maximum: Int) -> (value: Int, length: Int)? {
        guard let first = words.first, first != "a", let cardinal = SpokenNumber.cardinal(in: words) else { return nil }
        // "Ten thirty" is read as ten: thirty is the minute. "Twenty one" may be an hour of its own.
        return (1...maximum).contains(cardinal.value) && cardinal.length <= 2 ? cardinal : nil
    }

    /// `thirty`, `forty five`, `oh five`.
    private static func minute(_ words: ArraySlice<String>) -> (value: Int, length: Int)? {
        guard let first = words.first else { return nil }
        if ["oh", "o", "zero"].contains(first), let digit = words.dropFirst().first.flatMap(SpokenNumber.digit) {
            return (digit, 2)
        }
        guard let (value, length) = SpokenNumber.cardinal(in: words), (10...59).contains(value), length <= 2 else {
            return nil
        }
        return (value, length)
    }

    /// Takes `am`, `pm`, `a m`, `p m` and `o'clock` that follow.
    private static func withMeridiem(
        _ time: Time,
        _ rest: ArraySlice<String>,
        of words: ArraySlice<String>
    ) -> (Time, length: Int) {
        var time = time
        let taken = words.count - rest.count
        if rest.first == "am" || rest.starts(with: ["a", "m"]) {
            time.meridiem = .am
        } else if rest.first == "pm" || rest.starts(with: ["p", "m"]) {
            time.meridiem = .pm
        } else {
            return (time, taken + (rest.first == "o'clock" ? 1 : 0))
        }
        return (time, taken + (rest.first?.count == 1 ? 2 : 1))
    }

    /// `in the morning`, `tonight`, `at night`.
    private static func isPartOfDay(_ words: ArraySlice<String>) -> Bool {
        let next = words.prefix(3).drop { ["in", "the", "at"].contains($0) }
        return part(next) != nil || next.first == "tonight"
    }

    /// After a number these make it a count.
    private static let notTimes: Set<String> = [
        "people", "persons", "guests", "dogs", "cats", "pets", "days", "day", "weeks", "week", "months", "month",
        "years",
        "year", "minutes", "minute", "hours", "hour", "dollars", "percent", "of", "times", "kids", "adults", "more",
        "hundred", "thousand", "puppies", "kittens", "plates", "heads", "tablets", "pills",
    ]
}
