/// Spanish numbers, dates and times.
struct SpanishSpeech: SpokenLanguage {
    var vocabulary: SpokenVocabulary { .spanish }

    private static let small = [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
        "trece",
        "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós",
        "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve",
    ]
    private static let tens = [
        "", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
    ]
    private static let hundreds = [
        "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
        "ochocientos", "novecientos",
    ]
    private static let scales = [(1_000_000_000_000, "billón", "billones"), (1_000_000, "millón", "millones")]

    func cardinal(_ number: Int, _ form: NumberForm) -> String {
        for (value, one, many) in Self.scales where number >= value {
            let count = number / value
            let rest = number % value
            return cardinal(count, .masculine) + " " + (count == 1 ? one : many)
                + (rest > 0 ? " " + cardinal(rest, form) : "")
        }
        if number >= 1000 {
            let count = number / 1000
            let counting: NumberForm = if case .feminine = form { .feminine } else { .masculine }
            let thousands = count > 1 ? cardinal(count, counting) + " mil" : "mil"
            return thousands + (number % 1000 > 0 ? " " + cardinal(number % 1000, form) : "")
        }
        if number == 100 { return "cien" }
        if number > 100 {
            var name = Self.hundreds[number / 100]
            if case .feminine = form, number >= 200 { name = name.dropLast(2) + "as" }
            return name + (number % 100 > 0 ? " " + underHundred(number % 100, form) : "")
        }
        return underHundred(number, form)
    }

    private func underHundred(_ number: Int, _ form: NumberForm) -> String {
        guard number % 10 == 1, number != 11 else {
            if number < 30 { return Self.small[number] }
            return Self.tens[number / 10] + (number % 10 > 0 ? " y " + Self.small[number % 10] : "")
        }
        let one =
            switch form {
            case .alone: "uno"
            case .masculine: number == 21 ? "ún" : "un"
            case .feminine: "una"
            }
        return number == 1 ? one : number == 21 ? "veinti" + one : Self.tens[number / 10] + " y " + one
    }

    private static let ordinals = [
        "", "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo",
        "undécimo", "duodécimo", "decimotercero", "decimocuarto", "decimoquinto", "decimosexto", "decimoséptimo",
        "decimoctavo", "decimonoveno", "vigésimo",
    ]

    /// Above the twentieth the cardinal is what people say.
    func ordinal(_ number: Int, after previous: String) -> String {
        number < Self.ordinals.count ? Self.ordinals[number] : cardinal(number, .alone)
    }

    func ordinal(writtenAs text: String) -> String? {
        let figures = text.prefix { $0.isASCII && $0.isNumber }
        guard !figures.isEmpty, figures.count <= 9, let number = Int(figures), number > 0 else { return nil }
        let base = ordinal(number, after: "")
        switch text.dropFirst(figures.count).drop(while: { $0 == "." }).lowercased() {
        case "º", "°", "o": return base
        case "ª", "a": return number < Self.ordinals.count ? base.dropLast() + "a" : base
        case "er", "ᵉʳ": return number == 1 || number == 3 ? String(base.dropLast()) : nil
        default: return nil
        }
    }

    func year(_ number: Int) -> String { cardinal(number, .alone) }

    func time(hour: Int, minute: Int, isTwelveHour: Bool) -> String {
        let hours = cardinal(hour, .feminine)
        guard minute > 0 else { return hours }
        switch minute {
        case 15 where hour <= 12: return hours + " y cuarto"
        case 30 where hour <= 12: return hours + " y media"
        default: return hours + " y " + cardinal(minute, .alone)
        }
    }

    func date(day: Int, month: Int, year: Int?, after previous: String) -> String {
        (day == 1 ? "primero" : cardinal(day, .alone)) + " de " + vocabulary.months[month - 1]
            + (year.map { " de " + self.year($0) } ?? "")
    }

    func amount(_ major: Int, _ minor: Int, _ currency: SpokenCurrency) -> String {
        if minor == 0 { return counted(major, currency.major) }
        if major == 0 { return counted(minor, currency.minor) }
        return counted(major, currency.major) + " con " + cardinal(minor, .alone)
    }

    func fraction(_ digits: [Int]) -> String { shortFraction(digits) }
}
