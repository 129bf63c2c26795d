/// French numbers, dates and times, as in France.
struct FrenchSpeech: SpokenLanguage {
    var vocabulary: SpokenVocabulary { .french }

    private static let small = [
        "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
        "treize",
        "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
    ]
    private static let tens = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante"]
    private static let scales = [
        (1_000_000_000_000, "billion"), (1_000_000_000, "milliard"), (1_000_000, "million"),
    ]

    func cardinal(_ number: Int, _ form: NumberForm) -> String {
        let words = cardinal(number, isFollowed: false)
        if case .feminine = form, number % 10 == 1, words.hasSuffix("un") { return words + "e" }
        return words
    }

    /// - Parameter isFollowed: a further numeral comes behind: "quatre-vingt mille" has no plural.
    private func cardinal(_ number: Int, isFollowed: Bool) -> String {
        for (value, name) in Self.scales where number >= value {
            let count = number / value
            let rest = number % value
            return cardinal(count, isFollowed: false) + " " + name + (count > 1 ? "s" : "")
                + (rest > 0 ? " " + cardinal(rest, isFollowed: false) : "")
        }
        if number >= 1000 {
            let count = number / 1000
            let rest = number % 1000
            return (count > 1 ? cardinal(count, isFollowed: true) + " " : "") + "mille"
                + (rest > 0 ? " " + cardinal(rest, isFollowed: isFollowed) : "")
        }
        if number >= 100 {
            let count = number / 100
            let rest = number % 100
            let plural = count > 1 && rest == 0 && !isFollowed ? "s" : ""
            return (count > 1 ? Self.small[count] + " " : "") + "cent" + plural
                + (rest > 0 ? " " + cardinal(rest, isFollowed: isFollowed) : "")
        }
        return underHundred(number, isFollowed: isFollowed)
    }

    private func underHundred(_ number: Int, isFollowed: Bool) -> String {
        if number < 20 { return Self.small[number] }
        if number >= 80 {
            return number == 80
                ? (isFollowed ? "quatre-vingt" : "quatre-vingts") : "quatre-vingt-" + Self.small[number - 80]
        }
        let base = number >= 60 ? 60 : number / 10 * 10
        let rest = number - base
        if rest == 0 { return Self.tens[base / 10] }
        return Self.tens[base / 10] + (rest == 1 || rest == 11 ? " et " : "-") + Self.small[rest]
    }

    func ordinal(_ number: Int, after previous: String) -> String {
        if number == 1 { return "premier" }
        var words = cardinal(number, isFollowed: true)
        if words.hasSuffix("e") { words.removeLast() }
        if words.hasSuffix("cinq") { words += "u" }
        if words.hasSuffix("neuf") { words = words.dropLast() + "v" }
        return words + "ième"
    }

    func ordinal(writtenAs text: String) -> String? {
        let figures = text.prefix { $0.isASCII && $0.isNumber }
        guard !figures.isEmpty, figures.count <= 9, let number = Int(figures), number > 0 else { return nil }
        switch text.dropFirst(figures.count).lowercased() {
        case "er" where number == 1: return "premier"
        case "re" where number == 1, "ère" where number == 1: return "première"
        case "nd" where number == 2: return "second"
        case "nde" where number == 2: return "seconde"
        case "e", "ème", "eme", "ᵉ": return number > 1 ? ordinal(number, after: "") : nil
        default: return nil
        }
    }

    func year(_ number: Int) -> String { cardinal(number, .alone) }

    func time(hour: Int, minute: Int, isTwelveHour: Bool) -> String {
        counted(hour, SpokenNoun("heure", hour == 0 ? "heure" : "heures", isFeminine: true))
            + (minute > 0 ? " " + cardinal(minute, .alone) : "")
    }

    func date(day: Int, month: Int, year: Int?, after previous: String) -> String {
        (day == 1 ? "premier" : cardinal(day, .alone)) + " " + vocabulary.months[month - 1]
            + (year.map { " " + self.year($0) } ?? "")
    }

    func amount(_ major: Int, _ minor: Int, _ currency: SpokenCurrency) -> String {
        if minor == 0 { return counted(major, currency.major) }
        if major == 0 { return counted(minor, currency.minor) }
        return counted(major, currency.major) + " " + cardinal(minor, .alone)
    }

    func fraction(_ digits: [Int]) -> String { shortFraction(digits) }
}
