/// How numbers, dates and times are said in one language. Values: they read nothing but their arguments.
protocol SpokenLanguage: Sendable {
    var vocabulary: SpokenVocabulary { get }
    /// - Parameter number: 0 to 999 999 999 999 999.
    func cardinal(_ number: Int, _ form: NumberForm) -> String
    /// - Parameter previous: the word before it in lower case; it decides the ending in some languages.
    func ordinal(_ number: Int, after previous: String) -> String
    /// - Parameter number: 1000 to 2999.
    func year(_ number: Int) -> String
    /// A time of day.
    /// - Parameter isTwelveHour: the half of the day follows (`9:30 pm`).
    func time(hour: Int, minute: Int, isTwelveHour: Bool) -> String
    /// - Parameters:
    ///   - month: 1 to 12.
    ///   - previous: the word before it in lower case.
    func date(day: Int, month: Int, year: Int?, after previous: String) -> String
    /// An amount with its hundredths.
    func amount(_ major: Int, _ minor: Int, _ currency: SpokenCurrency) -> String
    /// The figures behind a decimal sign.
    func fraction(_ digits: [Int]) -> String
    /// An ordinal as it is written (`3rd`, `1er`, `2.º`); nil when it is none.
    func ordinal(writtenAs text: String) -> String?
}

/// What stands behind a number.
enum NumberForm: Sendable {
    case alone, masculine, feminine
}

struct SpokenNoun: Sendable {
    var one: String
    var many: String
    var isFeminine = false

    init(_ one: String, _ many: String, isFeminine: Bool = false) {
        self.one = one
        self.many = many
        self.isFeminine = isFeminine
    }
}

struct SpokenCurrency: Sendable {
    var major: SpokenNoun
    var minor: SpokenNoun
}

/// A language's words for what is written as signs, figures and abbreviations.
struct SpokenVocabulary: Sendable {
    var digits: [String]
    var minus: String
    var plus: String
    /// The decimal sign as a word, and as it is written.
    var point: String
    var decimalSign: Character
    /// Between the thousands.
    var groupSign: Character
    /// Thousands may also be parted by spaces.
    var groupsBySpaces: Bool
    /// "9-12": nine *to* twelve.
    var to: String
    var percent: String
    /// For `#5`.
    var numberSign: String
    var about: String
    /// January first.
    var months: [String]
    /// As written, without full stop, lower case; full names included.
    var monthNames: [String: Int]
    /// After them a figure of four digits is a year.
    var yearWords: Set<String>
    /// By sign or code.
    var currencies: [String: SpokenCurrency]
    /// "million" and its like, lower case, and what is said for them with a currency behind.
    var magnitudes: [String: String]
    var units: [String: SpokenNoun]
    var address: AddressWords
    /// Lower case; keys that end with a full stop need one.
    var abbreviations: [String: String]
    /// Only where a figure follows.
    var figureAbbreviations: [String: String]
    /// Two words, lower case, parted by one space.
    var phraseAbbreviations: [String: String]
    /// Before a name, and elsewhere.
    var nameAbbreviations: [String: (beforeName: String, otherwise: String)]
    /// Spelled letter by letter although they could be read.
    var spelled: Set<String>
    /// Lone signs between words.
    var signs: [String: String]
    var fractions: [String: String]

    struct AddressWords: Sendable {
        var at: String
        var dot: String
        var dash: String
        var underscore: String
        var slash: String
        var plus: String
        var colon: String
    }
}

enum SpokenLanguages {
    /// - Parameter tag: BCP 47.
    /// - Returns: nil for a language whose spoken forms are not known.
    static func of(_ tag: String) -> (any SpokenLanguage)? {
        let parts = tag.split { $0 == "-" || $0 == "_" }
        switch parts.first?.lowercased() {
        case "en": return EnglishSpeech(isAmerican: parts.count < 2 || parts.contains { $0.lowercased() == "us" })
        case "fr": return FrenchSpeech()
        case "de": return GermanSpeech()
        case "es": return SpanishSpeech()
        default: return nil
        }
    }
}

extension SpokenLanguage {
    /// A number with the noun behind it.
    func counted(_ number: Int, _ noun: SpokenNoun) -> String {
        cardinal(number, noun.isFeminine ? .feminine : .masculine) + " " + (number == 1 ? noun.one : noun.many)
    }

    /// Figures one by one.
    func spelled(_ digits: some Sequence<Int>) -> String {
        digits.map { vocabulary.digits[$0] }.joined(separator: " ")
    }

    /// Figures one by one while the number begins with zeros or is long; as a number otherwise.
    func shortFraction(_ digits: [Int]) -> String {
        guard digits.count <= 2, digits.first != 0 else { return spelled(digits) }
        return cardinal(digits.reduce(0) { $0 * 10 + $1 }, .alone)
    }
}
