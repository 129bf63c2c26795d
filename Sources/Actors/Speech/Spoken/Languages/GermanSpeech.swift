/// German numbers, dates and times.
struct GermanSpeech: SpokenLanguage {
    var vocabulary: SpokenVocabulary { .german }

    private static let small = [
        "null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
        "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
    ]
    private static let tens = [
        "", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig",
    ]
    private static let scales = [
        (1_000_000_000_000, "Billion"), (1_000_000_000, "Milliarde"), (1_000_000, "Million"),
    ]

    func cardinal(_ number: Int, _ form: NumberForm) -> String {
        let stem = stem(number)
        guard number % 100 == 1 else { return stem }
        return switch form {
        case .alone: stem + "s"
        case .masculine: stem
        case .feminine: stem + "e"
        }
    }

    /// With "ein" for one, at the end as in front of a part.
    private func stem(_ number: Int) -> String {
        for (value, name) in Self.scales where number >= value {
            let count = number / value
            let plural = name.hasSuffix("e") ? name + "n" : name + "en"
            let rest = number % value
            return (count == 1 ? "eine " + name : stem(count) + " " + plural) + (rest > 0 ? " " + stem(rest) : "")
        }
        if number >= 1000 { return stem(number / 1000) + "tausend" + (number % 1000 > 0 ? stem(number % 1000) : "") }
        if number >= 100 { return Self.small[number / 100] + "hundert" + (number % 100 > 0 ? stem(number % 100) : "") }
        if number < 20 { return Self.small[number] }
        return (number % 10 > 0 ? Self.small[number % 10] + "und" : "") + Self.tens[number / 10]
    }

    /// After these an ordinal ends with `n`; after an article in the nominative with `e`.
    private static let datives: Set<String> = [
        "am", "vom", "zum", "im", "beim", "dem", "den", "des", "bis", "ab", "seit", "jeden", "diesen", "diesem",
        "kommenden",
        "nächsten", "einen", "einem", "zur",
    ]
    private static let nominatives: Set<String> = ["der", "die", "das", "dieser", "jeder", "diese"]

    func ordinal(_ number: Int, after previous: String) -> String {
        let ending = Self.datives.contains(previous) ? "n" : Self.nominatives.contains(previous) ? "" : "r"
        let irregular = [1: "erste", 3: "dritte", 7: "siebte", 8: "achte"]
        let last = number % 100
        let base = number >= 100 && last > 0 ? stem(number - last) : ""
        if number >= 100, last == 0 { return stem(number) + "ste" + ending }
        return base + (irregular[last] ?? stem(last) + (last < 20 ? "te" : "ste")) + ending
    }

    func ordinal(writtenAs text: String) -> String? { nil }

    func year(_ number: Int) -> String {
        guard 1100...1999 ~= number else { return cardinal(number, .alone) }
        let low = number % 100
        return stem(number / 100) + "hundert" + (low > 0 ? cardinal(low, .alone) : "")
    }

    func time(hour: Int, minute: Int, isTwelveHour: Bool) -> String {
        stem(hour) + " Uhr" + (minute > 0 ? " " + cardinal(minute, .alone) : "")
    }

    func date(day: Int, month: Int, year: Int?, after previous: String) -> String {
        ordinal(day, after: previous) + " " + vocabulary.months[month - 1] + (year.map { " " + self.year($0) } ?? "")
    }

    func amount(_ major: Int, _ minor: Int, _ currency: SpokenCurrency) -> String {
        if minor == 0 { return counted(major, currency.major) }
        if major == 0 { return counted(minor, currency.minor) }
        return counted(major, currency.major) + " " + cardinal(minor, .alone)
    }

    func fraction(_ digits: [Int]) -> String { spelled(digits) }
}
