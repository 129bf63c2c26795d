/// A date that is said to be one of birth; other dates are nobody's secret.
enum BirthDate {
    /// The tokens of the dates in a text.
    static func all(in text: TextTokens, runs: [DigitRun]) -> [Range<Int>] {
        var numbers: [Int: Range<Int>] = [:]
        for group in runs.flatMap(\.groups) { numbers[group.tokens.lowerBound] = group.tokens }
        var found: [Range<Int>] = []
        for index in 0..<text.count where introductions.contains(text[index].folded) {
            guard let date = date(after: index, in: text, numbers: numbers) else { continue }
            if found.last.map({ $0.upperBound <= date.lowerBound }) ?? true { found.append(date) }
        }
        return found
    }

    private static func date(after index: Int, in text: TextTokens, numbers: [Int: Range<Int>]) -> Range<Int>? {
        var first: Int?
        var end = index + 1
        var parts = 0
        var hasMonth = false
        var strangers = 0
        var place = index + 1
        // A few words lead to the date, and few stand inside it.
        while place < text.count, place - index <= 16, strangers <= (first == nil ? 6 : 2) {
            if let number = numbers[place] {
                first = first ?? place
                parts += 1
                place = number.upperBound
                end = place
                strangers = 0
            } else if months.contains(text[place].folded) || ordinals.contains(text[place].folded) {
                hasMonth = hasMonth || months.contains(text[place].folded)
                first = first ?? place
                parts += 1
                place += 1
                end = place
                strangers = 0
            } else {
                // The "rd" of "3rd" belongs to its number.
                if first != nil, text[place].gap.isEmpty { end = place + 1 }
                strangers += 1
                place += 1
            }
        }
        guard let first else { return nil }
        let isYear = parts == 1 && end - first == 1 && text[first].folded.utf8.count == 4 && text[first].isNumber
        return hasMonth && parts >= 2 || parts >= 3 || isYear ? first..<end : nil
    }

    private static let introductions: Set<String> = [
        "born", "birth", "birthday", "birthdate", "dob", "ne", "nee", "naissance", "geboren", "geburtsdatum",
        "geburtstag",
        "nacido", "nacida", "naci", "nacio", "nacimiento", "cumpleanos",
    ]

    private static let months: Set<String> = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december", "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre",
        "novembre", "decembre", "januar", "janner", "februar", "marz", "juni", "juli", "oktober", "dezember", "enero",
        "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ]

    private static let ordinals: Set<String> = {
        let english = [
            "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
            "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
            "twentieth", "thirtieth",
        ]
        let german = [
            "erst", "zweit", "dritt", "viert", "funft", "sechst", "siebt", "acht", "neunt", "zehnt", "elft", "zwolft",
            "dreizehnt", "vierzehnt", "funfzehnt", "sechzehnt", "siebzehnt", "achtzehnt", "neunzehnt", "zwanzigst",
            "einundzwanzigst", "zweiundzwanzigst", "dreiundzwanzigst", "vierundzwanzigst", "funfundzwanzigst",
            "sechsundzwanzigst", "siebenundzwanzigst", "achtundzwanzigst", "neunundzwanzigst", "dreissigst",
            "einunddreissigst",
        ]
        return Set(english + german.flatMap { [$0 + "en", $0 + "er", $0 + "e"] } + ["premier", "primero"])
    }()
}
