import Actors
import Yams

/// When a tenant is open: the week, the holidays, and what happens outside.
extension ProfileReader {
    static let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    private static let closedSay = "We are closed at the moment. Please call again during our opening hours."

    func hours(in section: ProfileSection, ways: ProfileWays) -> TenantProfile.Hours? {
        guard let part = section.section("hours") else { return nil }
        part.allow(["week", "holidays", "closed"])
        var hours = TenantProfile.Hours(week: week(in: part), closedSay: Self.closedSay)
        hours.holidays = holidays(in: part)
        if let closed = part.section("closed") {
            closed.allow(["say", "then"])
            hours.closedSay = closed.spoken(
                "say",
                or: hours.closedSay,
                fix: "write what callers are told outside the hours"
            )
            hours.closedThen = ways.read("then", in: closed, or: hours.closedThen)
        }
        return hours
    }

    private func week(in part: ProfileSection) -> [[Range<Int>]] {
        var week = [[Range<Int>]](repeating: [], count: Self.days.count)
        let fix = "list the spans of each open day: monday: [\"09:00-12:30\", \"13:30-17:00\"]"
        guard part.entry("week") != nil else {
            part.missing("week", fix: fix)
            return week
        }
        guard let days = part.section("week") else { return week }
        days.allow(Self.days)
        var placed: [PlacedSpan] = []
        for (index, day) in Self.days.enumerated() {
            let texts = days.texts(day, maximum: ProfileLimits.maximumSpansPerDay, fix: fix)
            for (number, text) in texts.enumerated() {
                let path = "\(days.at(day))[\(number)]"
                switch DaySpan.read(text.text) {
                case .span(let span):
                    week[index].append(span)
                    placed.append(
                        PlacedSpan(
                            start: index * DaySpan.day + span.lowerBound,
                            span: span,
                            path: path,
                            mark: text.mark
                        )
                    )
                case .fault(let problem, let fix):
                    days.log.add(path, at: text.mark, problem, fix: fix)
                }
            }
            week[index].sort { $0.lowerBound < $1.lowerBound }
        }
        overlaps(placed, log: days.log)
        let isEmpty = Self.days.allSatisfy {
            guard let node = days.entry($0)?.node else { return true }
            if case .sequence(let list) = node { return list.isEmpty }
            return false
        }
        if isEmpty { part.fault("week", "is never open", fix: "add a span, or remove `hours` to be open at all times") }
        return week
    }

    private struct PlacedSpan {
        /// Minutes since the week's beginning.
        let start: Int
        let span: Range<Int>
        let path: String
        let mark: Mark?
        var end: Int { start + span.count }
    }

    /// Spans may meet, but not overlap, over midnight and over the week's end too.
    private func overlaps(_ placed: [PlacedSpan], log: FaultLog) {
        let sorted = placed.sorted { $0.start < $1.start }
        func check(_ first: PlacedSpan, _ second: PlacedSpan, shift: Int) {
            guard first.end > second.start + shift else { return }
            log.add(
                second.path,
                at: second.mark,
                "overlaps \(first.path), \(DaySpan.text(first.span))",
                fix: "join the two, or let one begin where the other ends"
            )
        }
        for (first, second) in zip(sorted, sorted.dropFirst()) { check(first, second, shift: 0) }
        if let last = sorted.last, let first = sorted.first, sorted.count > 1 {
            check(last, first, shift: DaySpan.day * Self.days.count)
        }
    }

    private func holidays(in part: ProfileSection) -> Set<String> {
        let fix = "write days as 2026-12-25"
        var days: Set<String> = []
        for (index, entry) in part.texts("holidays", fix: fix).enumerated() {
            let path = "\(part.at("holidays"))[\(index)]"
            if CivilDay(entry.text) == nil {
                part.log.add(path, at: entry.mark, "is not a day of the calendar", fix: fix)
            } else if !days.insert(entry.text).inserted {
                part.log.add(path, at: entry.mark, "is listed twice", fix: "remove one of them")
            }
        }
        return days
    }
}

/// A span of a day as profiles write it: `09:00-12:30`, `22:00-02:00`, `00:00-24:00`.
enum DaySpan {
    static let day = TenantProfile.Hours.minutesPerDay

    enum Outcome: Equatable {
        case span(Range<Int>)
        case fault(String, fix: String)
    }

    static func read(_ text: String) -> Outcome {
        let fix = "write it as \"09:00-17:00\""
        let parts = text.filter { $0 != " " }.split(omittingEmptySubsequences: false) { "-\u{2013}".contains($0) }
        guard parts.count == 2, let from = minute(parts[0]), let to = minute(parts[1]), from < day else {
            return .fault("is not a span of time", fix: fix)
        }
        if from == to { return .fault("is empty", fix: "a whole day is \"00:00-24:00\"") }
        if to > from { return .span(from..<to) }
        guard to + day - from <= ProfileLimits.maximumNightMinutes else {
            return .fault(
                "ends before it begins",
                fix: "swap the two; a span over midnight has \(ProfileLimits.maximumNightMinutes / 60) hours at most: "
                    + "write two, one of them until 24:00"
            )
        }
        return .span(from..<(to + day))
    }

    static func text(_ span: Range<Int>) -> String {
        let end = span.upperBound > day ? span.upperBound - day : span.upperBound
        return "\(clock(span.lowerBound))-\(clock(end))"
    }

    private static func clock(_ minute: Int) -> String {
        "\(minute / 60 < 10 ? "0" : "")\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60)"
    }

    /// `9:05`, `09:05`, `24:00`.
    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.joined().allSatisfy({ $0.isASCII && $0.isNumber }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), minute < 60, hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        return hour * 60 + minute
    }
}
