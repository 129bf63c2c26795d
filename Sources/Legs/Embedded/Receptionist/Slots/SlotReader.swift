import Actors
import Foundation

/// Reads one slot out of an utterance with the parser of its kind.
struct SlotReader {
    /// How the utterance came about decides how much of a hint is enough.
    enum Mode {
        /// The caller states a wish; only what is unmistakable is taken.
        case inPassing
        /// The slot was just asked for.
        case asked
        /// The caller corrects what was read back.
        case correction
    }

    let dayTimes: DayTimeReader

    init(timeZone: String, now: Date) {
        dayTimes = DayTimeReader(timeZone: timeZone, now: now)
    }

    func read(_ slot: TenantProfile.Slot, from words: [String], known: DayTime?, mode: Mode) -> SlotReading {
        switch slot.kind {
        case .dayTime: dayTime(words, known: known ?? DayTime(), mode: mode)
        case .number: number(slot, words, mode: mode)
        case .digits: digits(slot, words, mode: mode)
        case .name: name(words, mode: mode)
        case .choice: choice(slot, words, mode: mode)
        case .text: text(words, mode: mode)
        }
    }

    // MARK: Day and time

    private func dayTime(_ words: [String], known: DayTime, mode: Mode) -> SlotReading {
        let masked = mode == .inPassing ? Self.withoutCounts(words) : words
        guard let (value, used) = dayTimes.read(masked, known: known, isAsked: mode != .inPassing) else {
            return mode == .asked && Self.isOpen(words) && known.day != nil ? open(known) : .nothing
        }
        if dayTimes.isPast(value) { return .refused("That is in the past.") }
        let isExact = Self.isRestEmpty(words, used: used)
        if value.isComplete { return .value(spoken(value), isExact: isExact) }
        // "In the afternoon", a second time: the caller leaves the hour to us.
        if value.day != nil, value.part != nil, known.day != nil, known.part == value.part, mode == .asked {
            return .value(spoken(value), isExact: isExact)
        }
        return .partial(value, isExact: isExact)
    }

    private func open(_ known: DayTime) -> SlotReading {
        var spoken = spoken(known)
        if known.part == nil { spoken.spoken += ", at any time" }
        return .value(spoken, isExact: true)
    }

    private func spoken(_ value: DayTime) -> SlotValue {
        SlotValue(spoken: dayTimes.speech().text(value), dayTime: value)
    }

    /// `any time`, `whenever`, `it does not matter`.
    private static func isOpen(_ words: [String]) -> Bool {
        ["any time", "anytime", "whenever", "not matter", "do not mind", "do not care", "no preference", "up to you"]
            .contains { (" " + words.joined(separator: " ") + " ").contains(" \($0) ") }
    }

    // MARK: Numbers

    private func number(_ slot: TenantProfile.Slot, _ words: [String], mode: Mode) -> SlotReading {
        let found = Self.counts(in: words, needsNoun: mode == .inPassing)
        var free = found
        if mode != .asked, let (_, used) = dayTimes.read(words, isAsked: false) {
            free = found.filter { $0.hasNoun || used.isDisjoint(with: $0.words) }
        }
        // "Between forty and fifty": the kitchen plans for the larger one.
        guard let count = free.last(where: \.hasNoun) ?? free.last else { return .nothing }
        let name = SpokenNumber.words
        if let minimum = slot.minimum, count.value < minimum {
            return .refused("It must be at least \(name(minimum)).")
        }
        if let maximum = slot.maximum, count.value > maximum {
            return .refused("It can be \(name(maximum)) at most.")
        }
        let isExact = Self.isRestEmpty(words, used: Set(count.words))
        return .value(SlotValue(spoken: name(count.value)), isExact: isExact)
    }

    private struct Count {
        let value: Int
        let words: Range<Int>
        let hasNoun: Bool
    }

    private static func counts(in words: [String], needsNoun: Bool) -> [Count] {
        var counts: [Count] = []
        var index = 0
        while index < words.count {
            guard let (value, length) = SpokenNumber.cardinal(in: words[index...]) else {
                index += 1
                continue
            }
            let next = index + length < words.count ? words[index + length] : ""
            let before = index > 0 ? words[index - 1] : ""
            let hasNoun = people.contains(next)
            let isPronoun = words[index] == "one" && (["this", "that", "the", "no"].contains(before) || next == "of")
            if hasNoun || (!needsNoun && !isPronoun) {
                counts.append(
                    Count(value: value, words: index..<(index + length + (hasNoun ? 1 : 0)), hasNoun: hasNoun)
                )
            }
            index += length
        }
        return counts
    }

    /// The same words with `forty five people` blanked out, so that no part of it is read as a time.
    private static func withoutCounts(_ words: [String]) -> [String] {
        var words = words
        for count in counts(in: words, needsNoun: true) {
            for index in count.words { words[index] = "people" }
        }
        return words
    }

    private static let people: Set<String> = [
        "people", "persons", "guests", "guest", "person", "heads", "adults", "kids", "children", "attendees",
        "colleagues",
        "employees", "friends", "plates", "participants", "folks", "portions", "meals",
    ]

    private func digits(_ slot: TenantProfile.Slot, _ words: [String], mode: Mode) -> SlotReading {
        guard let (digits, used) = SpokenDigits.run(in: words), digits.count >= (mode == .asked ? 2 : 5) else {
            return .nothing
        }
        if let refusal = Self.refusal(ofDigits: digits.count, for: slot) { return .refused(refusal) }
        let isExact = Self.isRestEmpty(words, used: Set(used))
        return .value(SlotValue(spoken: SpokenDigits.spoken(digits)), isExact: isExact)
    }

    static func minimumDigits(_ slot: TenantProfile.Slot) -> Int { slot.minimum ?? 3 }
    static func maximumDigits(_ slot: TenantProfile.Slot) -> Int { max(slot.maximum ?? 15, minimumDigits(slot)) }

    /// What to say when there are too few or too many digits; nil when the count is right.
    static func refusal(ofDigits count: Int, for slot: TenantProfile.Slot) -> String? {
        let (minimum, maximum) = (minimumDigits(slot), maximumDigits(slot))
        guard !(minimum...maximum).contains(count) else { return nil }
        let heard = count == 1 ? "I got one digit" : "I got \(SpokenNumber.words(count)) digits"
        let needed =
            minimum == maximum
            ? "\(SpokenNumber.words(minimum))"
            : "\(SpokenNumber.words(minimum)) to \(SpokenNumber.words(maximum))"
        return "\(heard), but it should have \(needed)."
    }

    // MARK: Words

    private func name(_ words: [String], mode: Mode) -> SlotReading {
        let rest = mode == .correction ? Array(words.drop { $0 == "no" || $0 == "not" }) : words
        // "Correct" answers some other question.
        if mode == .asked, YesNo(words)?.rest.isEmpty == true { return .nothing }
        guard let name = SpokenName.name(in: rest, isAsked: mode == .asked) else { return .nothing }
        return .value(SlotValue(spoken: name), isExact: name.split(separator: " ").count + 3 >= words.count)
    }

    private func choice(_ slot: TenantProfile.Slot, _ words: [String], mode: Mode) -> SlotReading {
        guard let index = SpokenChoice.option(in: words, of: slot.options, isAsked: mode == .asked) else {
            return .nothing
        }
        let option = Set(SpokenWords.words(slot.options[index]).map(WordStem.stem))
        let used = Set(words.indices.filter { option.contains(WordStem.stem(words[$0])) })
        return .value(SlotValue(spoken: slot.options[index]), isExact: Self.isRestEmpty(words, used: used))
    }

    private func text(_ words: [String], mode: Mode) -> SlotReading {
        guard mode == .asked, !StopWords.isEmpty(words) else { return .nothing }
        return .value(SlotValue(spoken: words.joined(separator: " ")), isExact: true)
    }

    private static func isRestEmpty(_ words: [String], used: Set<Int>) -> Bool {
        words.indices.allSatisfy { used.contains($0) || StopWords.contains(words[$0]) || filler.contains(words[$0]) }
    }

    private static let filler: Set<String> = [
        "around", "say", "number", "phone", "is", "day", "time", "would", "works", "good", "fine", "best", "great",
        "be",
        "party", "an", "it's", "o'clock", "make", "better", "instead", "expect", "guests", "people", "double",
        "probably",
    ]
}
