/// How the numbers from 0 to 99 are said, so that digits that were dictated are digits.
struct NumberWords: Sendable {
    /// By first word: the words that follow and the digits they all mean, longest first.
    private var phrases: [String: [(rest: [String], digits: String)]] = [:]
    /// Words for "the next digit comes this often".
    private(set) var repeats: [String: Int] = [:]
    /// Words that are a digit only beside other digits.
    private(set) var beside: [String: String] = [:]

    /// - Parameter languages: BCP 47; the four known ones where none of them is known.
    init(languages: [String]) {
        let wanted = Set(languages.map { String($0.lowercased().prefix { $0 != "-" && $0 != "_" }) })
        let known = wanted.intersection(Self.tables.keys)
        for name in (known.isEmpty ? Set(Self.tables.keys) : known).sorted() {
            for (phrase, digits) in Self.tables[name] ?? [] { add(phrase, digits) }
        }
        for first in phrases.keys { phrases[first]?.sort { $0.rest.count > $1.rest.count } }
        if known.isEmpty || known.contains("en") {
            repeats.merge(["double": 2, "triple": 3, "treble": 3]) { $1 }
            beside.merge(["oh": "0", "o": "0"]) { $1 }
        }
        if known.isEmpty || known.contains("fr") { repeats.merge(["double": 2, "triple": 3]) { $1 } }
        if known.isEmpty || known.contains("de") { repeats.merge(["doppel": 2, "zweimal": 2, "dreimal": 3]) { $1 } }
        if known.isEmpty || known.contains("es") { repeats.merge(["doble": 2, "triple": 3]) { $1 } }
    }

    private mutating func add(_ phrase: String, _ digits: String) {
        let words = phrase.split(separator: " ").map(String.init)
        phrases[words[0], default: []].append((Array(words.dropFirst()), digits))
    }

    /// The number said at a token: its digits and the tokens it takes; nil for any other word.
    func number(at index: Int, in text: TextTokens) -> (digits: String, count: Int)? {
        guard !text[index].isNumber, let candidates = phrases[text[index].folded] else { return nil }
        for candidate in candidates where index + candidate.rest.count < text.count {
            let follows = candidate.rest.enumerated().allSatisfy { offset, word in
                let token = text[index + 1 + offset]
                return token.folded == word
                    && token.gap.allSatisfy { $0.isWhitespace || $0 == "-" || $0 == "\u{2010}" || $0 == "\u{2011}" }
            }
            if follows { return (candidate.digits, candidate.rest.count + 1) }
        }
        return nil
    }

    // MARK: The languages

    private static let tables: [String: [(String, String)]] = [
        "en": english, "fr": french, "de": german, "es": spanish,
    ]

    private static let english: [(String, String)] = {
        let units = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        ]
        let tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
        var all = units.enumerated().map { ($1, String($0)) } + [("nought", "0")]
        for (index, ten) in tens.enumerated() {
            all.append((ten, "\(index + 2)0"))
            for unit in 1...9 { all.append(("\(ten) \(units[unit])", "\(index + 2)\(unit)")) }
        }
        for unit in 1...9 { all.append(("\(units[unit]) hundred", "\(unit)00")) }
        return all
    }()

    private static let french: [(String, String)] = {
        let units = [
            "zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
            "treize", "quatorze", "quinze", "seize", "dix sept", "dix huit", "dix neuf",
        ]
        var all = units.enumerated().map { ($1, String($0)) } + [("une", "1")]
        for (ten, word) in [(2, "vingt"), (3, "trente"), (4, "quarante"), (5, "cinquante"), (6, "soixante")] {
            all.append((word, "\(ten)0"))
            all += [("\(word) et un", "\(ten)1"), ("\(word) et une", "\(ten)1")]
            for unit in 1...9 { all.append(("\(word) \(units[unit])", "\(ten)\(unit)")) }
        }
        all.append(("soixante et onze", "71"))
        for unit in 10...19 { all.append(("soixante \(units[unit])", "\(unit + 60)")) }
        all += [("quatre vingts", "80"), ("quatre vingt", "80")]
        for unit in 1...19 { all.append(("quatre vingt \(units[unit])", "\(unit + 80)")) }
        // Belgium and Switzerland.
        for (ten, word) in [(7, "septante"), (8, "huitante"), (8, "octante"), (9, "nonante")] {
            all += [(word, "\(ten)0"), ("\(word) et un", "\(ten)1")]
            for unit in 1...9 { all.append(("\(word) \(units[unit])", "\(ten)\(unit)")) }
        }
        return all
    }()

    private static let german: [(String, String)] = {
        let units = [
            "null", "eins", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwolf",
            "dreizehn", "vierzehn", "funfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
        ]
        let tens = ["zwanzig", "dreissig", "vierzig", "funfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
        var all = units.enumerated().map { ($1, String($0)) } + [("zwo", "2"), ("fuenf", "5"), ("zwoelf", "12")]
        for (index, ten) in tens.enumerated() {
            all.append((ten, "\(index + 2)0"))
            for unit in 1...9 {
                let name = unit == 1 ? "ein" : units[unit]
                all += [("\(name)und\(ten)", "\(index + 2)\(unit)"), ("\(name) und \(ten)", "\(index + 2)\(unit)")]
            }
        }
        return all
    }()

    private static let spanish: [(String, String)] = {
        let units = [
            "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
            "trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve",
        ]
        let tens = ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
        var all = units.enumerated().map { ($1, String($0)) } + [("un", "1"), ("una", "1"), ("veinte", "20")]
        for unit in 1...9 { all.append(("veinti\(units[unit])", "2\(unit)")) }
        all.append(("veintiun", "21"))
        for (index, ten) in tens.enumerated() {
            all.append((ten, "\(index + 3)0"))
            for unit in 1...9 { all.append(("\(ten) y \(units[unit])", "\(index + 3)\(unit)")) }
        }
        return all
    }()
}
