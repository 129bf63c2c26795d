/// Days in words: `tomorrow`, `next wednesday`, `the twenty first of march`, `march third`, `in two weeks`.
enum DayWords {
    typealias Day = DayTimeMentions.Day

    static func day(at words: ArraySlice<String>, isAsked: Bool) -> (Day, length: Int)? {
        relative(words) ?? weekday(words) ?? date(words) ?? dayOfMonth(words, isAsked: isAsked)
    }

    private static func relative(_ words: ArraySlice<String>) -> (Day, length: Int)? {
        if words.starts(with: ["day", "after", "tomorrow"]) { return (.offset(2), 3) }
        switch words.first {
        case "today", "tonight": return (.offset(0), 1)
        case "tomorrow": return (.offset(1), 1)
        case "in": return inDays(words)
        default: return nil
        }
    }

    /// `in three days`, `in a week`.
    private static func inDays(_ words: ArraySlice<String>) -> (Day, length: Int)? {
        let rest = words.dropFirst()
        let count: (value: Int, length: Int)? = rest.first == "a" ? (1, 1) : SpokenNumber.cardinal(in: rest)
        guard let (value, length) = count, value <= 60, let unit = rest.dropFirst(length).first else { return nil }
        switch unit {
        case "day", "days": return (.offset(value), length + 2)
        case "week", "weeks": return (.offset(value * 7), length + 2)
        default: return nil
        }
    }

    private static func weekday(_ words: ArraySlice<String>) -> (Day, length: Int)? {
        guard let first = words.first else { return nil }
        let which: DayTimeMentions.Which? = ["next": .next, "this": .this, "coming": .coming][first]
        let rest = which == nil ? words : words.dropFirst(words.dropFirst().first == "coming" ? 2 : 1)
        guard let name = rest.first, let number = weekdays[name] else { return nil }
        let length = words.count - rest.count + 1
        if rest.dropFirst().starts(with: ["next", "week"]) { return (.weekday(number, .next), length + 2) }
        return (.weekday(number, which ?? .coming), length)
    }

    /// A month counts only next to a day's number: `may` and `march` are also plain words.
    private static func date(_ words: ArraySlice<String>) -> (Day, length: Int)? {
        var rest = words
        if let month = rest.first.flatMap({ months[$0] }) {
            rest = rest.dropFirst()
            if rest.first == "the" { rest = rest.dropFirst() }
            guard let (day, length) = dayNumber(rest) else { return nil }
            return finish(month: month, day: day, rest: rest.dropFirst(length), of: words)
        }
        if rest.first == "the" { rest = rest.dropFirst() }
        guard let (day, length) = dayNumber(rest) else { return nil }
        rest = rest.dropFirst(length)
        if rest.first == "of" { rest = rest.dropFirst() }
        guard let month = rest.first.flatMap({ months[$0] }) else { return nil }
        return finish(month: month, day: day, rest: rest.dropFirst(), of: words)
    }

    private static func finish(
        month: Int,
        day: Int,
        rest: ArraySlice<String>,
        of words: ArraySlice<String>
    ) -> (Day, length: Int)? {
        guard day <= longest[month - 1] else { return nil }
        let year = year(rest)
        return (.date(month: month, day: day, year: year?.value), words.count - rest.count + (year?.length ?? 0))
    }

    /// `2027`, `twenty twenty seven`.
    private static func year(_ words: ArraySlice<String>) -> (value: Int, length: Int)? {
        if let value = words.first.flatMap(SpokenNumber.digits), (2020...2099).contains(value) { return (value, 1) }
        guard words.first == "twenty", let (value, length) = SpokenNumber.cardinal(in: words.dropFirst()),
            (20...99).contains(value)
        else { return nil }
        return (2000 + value, length + 1)
    }

    private static func dayNumber(_ words: ArraySlice<String>) -> (value: Int, length: Int)? {
        if let ordinal = SpokenOrdinal.dayNumber(in: words) { return ordinal }
        guard let cardinal = SpokenNumber.cardinal(in: words), (1...31).contains(cardinal.value), cardinal.length <= 2,
            words.first != "a"
        else { return nil }
        return cardinal
    }

    private static func dayOfMonth(_ words: ArraySlice<String>, isAsked: Bool) -> (Day, length: Int)? {
        let hasArticle = words.first == "the"
        let rest = hasArticle ? words.dropFirst() : words
        guard hasArticle || isAsked, let (day, length) = SpokenOrdinal.dayNumber(in: rest) else { return nil }
        if let next = rest.dropFirst(length).first, notDates.contains(next) { return nil }
        return (.dayOfMonth(day), length + (hasArticle ? 1 : 0))
    }

    /// `the first one`, `the second time`: no dates.
    private static let notDates: Set<String> = [
        "one", "time", "option", "thing", "floor", "name", "visit", "of", "appointment", "shot", "shots", "street",
        "half",
        "week", "weekend", "choice", "question", "dog", "cat", "pet",
    ]
    private static let weekdays = [
        "sunday": 1, "monday": 2, "tuesday": 3, "wednesday": 4, "thursday": 5, "friday": 6, "saturday": 7,
    ]
    private static let months = [
        "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
        "september": 9, "october": 10, "november": 11, "december": 12,
    ]
    private static let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}
