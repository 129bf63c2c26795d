/// English numbers, dates and times.
struct EnglishSpeech: SpokenLanguage {
    /// `3/4/2025` is in March.
    let isAmerican: Bool
    var vocabulary: SpokenVocabulary { .english }

    private static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = [
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]
    private static let scales = [
        (1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"),
        (1_000, "thousand"),
    ]

    func cardinal(_ number: Int, _ form: NumberForm) -> String { cardinal(number) }

    private func cardinal(_ number: Int) -> String {
        for (value, name) in Self.scales where number >= value {
            let rest = number % value
            return cardinal(number / value) + " " + name + (rest > 0 ? " " + cardinal(rest) : "")
        }
        if number >= 100 {
            return Self.small[number / 100] + " hundred" + (number % 100 > 0 ? " " + cardinal(number % 100) : "")
        }
        if number < 20 { return Self.small[number] }
        return Self.tens[number / 10] + (number % 10 > 0 ? "-" + Self.small[number % 10] : "")
    }

    private static let ordinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]

    func ordinal(_ number: Int, after previous: String) -> String {
        let words = cardinal(number)
        let cut = words.lastIndex { $0 == " " || $0 == "-" }.map { words.index(after: $0) } ?? words.startIndex
        let last = String(words[cut...])
        let ending = Self.ordinals[last] ?? (last.hasSuffix("y") ? last.dropLast() + "ieth" : last + "th")
        return words[..<cut] + ending
    }

    func ordinal(writtenAs text: String) -> String? {
        guard text.count > 2, text.count <= 11, let number = Int(text.dropLast(2)), number > 0,
            ["st", "nd", "rd", "th"].contains(text.suffix(2).lowercased())
        else { return nil }
        return ordinal(number, after: "")
    }

    func year(_ number: Int) -> String {
        let high = number / 100
        let low = number % 100
        guard number < 2000 || number > 2009, high % 10 > 0 || low >= 10 else { return cardinal(number) }
        if low == 0 { return cardinal(high) + " hundred" }
        return cardinal(high) + (low < 10 ? " oh " : " ") + cardinal(low)
    }

    func time(hour: Int, minute: Int, isTwelveHour: Bool) -> String {
        guard minute == 0 else {
            return cardinal(hour) + (minute < 10 ? " oh " : " ") + cardinal(minute)
        }
        if isTwelveHour { return cardinal(hour) }
        return 1...12 ~= hour ? cardinal(hour) + " o'clock" : cardinal(hour) + " hundred"
    }

    func date(day: Int, month: Int, year: Int?, after previous: String) -> String {
        let name = vocabulary.months[month - 1]
        let end = year.map { " " + self.year($0) } ?? ""
        if isAmerican { return name + " " + ordinal(day, after: "") + (end.isEmpty ? "" : "," + end) }
        return (previous == "the" ? "" : "the ") + ordinal(day, after: "") + " of " + name + end
    }

    func amount(_ major: Int, _ minor: Int, _ currency: SpokenCurrency) -> String {
        if minor == 0 { return counted(major, currency.major) }
        if major == 0 { return counted(minor, currency.minor) }
        return counted(major, currency.major) + " and " + counted(minor, currency.minor)
    }

    func fraction(_ digits: [Int]) -> String { spelled(digits) }
}
