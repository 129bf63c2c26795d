/// What an utterance says about a day and a time, before a calendar is asked what it means.
struct DayTimeMentions {
    enum Day: Equatable {
        /// Days from today: today 0, tomorrow 1.
        case offset(Int)
        /// 1 Sunday ... 7 Saturday.
        case weekday(Int, Which)
        case date(month: Int, day: Int, year: Int?)
        /// "The twenty first", of this month or the next one.
        case dayOfMonth(Int)
    }

    enum Which { case coming, this, next }
    enum Meridiem { case am, pm }

    struct Time: Equatable {
        var hour: Int
        var minute = 0
        var meridiem: Meridiem?
    }

    var day: Day?
    var time: Time?
    var part: DayTime.Part?
    /// Indices of the words that were used.
    var used: Set<Int> = []

    /// - Parameter isAsked: a day or a time was just asked for, so a bare `ten` is a time and `the first` a day.
    init(_ words: [String], isAsked: Bool) {
        var index = 0
        var isRepair = false
        var afterDay = false
        while index < words.count {
            let rest = words[index...]
            let isDenied = index > 0 && words[index - 1] == "not"
            if let (found, length) = DayWords.day(at: rest, isAsked: isAsked) {
                note(day: found, isDenied: isDenied, isRepair: isRepair)
                if words[index] == "tonight" { part = .evening }
                use(index, length)
                index += length
                (afterDay, isRepair) = (true, false)
            } else if let (found, length) = TimeWords.time(
                at: index,
                in: words,
                accepts: Self.bareHour(at: index, in: words, isAsked: isAsked, afterDay: afterDay)
            ) {
                if !isDenied, time == nil || isRepair { time = found }
                use(index, length)
                index += length
                (afterDay, isRepair) = (false, false)
            } else if let found = TimeWords.part(rest), index == 0 || words[index - 1] != "good" {
                if !isDenied { part = found }
                use(index, 1)
                index += 1
            } else {
                if Self.repairs.contains(words[index]) { isRepair = true }
                afterDay = afterDay && Self.joints.contains(words[index])
                index += 1
            }
        }
        // "This afternoon", "in the evening": a part with "this" before it is today's.
        if day == nil, part != nil, let place = words.firstIndex(where: { DayTime.Part(rawValue: $0) != nil }),
            place > 0,
            words[place - 1] == "this"
        {
            day = .offset(0)
        }
    }

    private mutating func note(day found: Day, isDenied: Bool, isRepair: Bool) {
        guard !isDenied else { return }
        switch (day, found) {
        case (nil, _): day = found
        // "Tuesday the twenty fourth": the date says more than the weekday.
        case (.weekday, .date), (.weekday, .dayOfMonth): day = found
        default: if isRepair { day = found }
        }
    }

    private mutating func use(_ index: Int, _ length: Int) {
        used.formUnion(index..<(index + length))
    }

    /// May an hour stand here without `o'clock`, minutes, or am and pm?
    private static func bareHour(at index: Int, in words: [String], isAsked: Bool, afterDay: Bool) -> Bool {
        let before = index > 0 ? words[index - 1] : ""
        if ["at", "around", "by", "before", "after", "until", "till"].contains(before) { return true }
        if afterDay { return true }
        let next = words[(index + 1)...]
        if DayWords.day(at: next, isAsked: false) != nil { return true }
        return isAsked
            && !["that", "this", "the", "which", "any", "another", "last", "every", "no", "other"].contains(before)
    }

    private static let repairs: Set<String> = ["no", "sorry", "actually", "mean", "meant", "rather", "instead", "wait"]
    private static let joints: Set<String> = ["at", "the", "um", "uh", "around", "about", "maybe", "say"]
}
