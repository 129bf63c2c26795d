/// A number as a language writes it: `-1,234.56`, `1.234,56`.
struct SpokenNumeral: Sendable {
    var isNegative = false
    var hasPlus = false
    var integer: [Int] = []
    /// nil: no decimal sign.
    var fraction: [Int]?
    /// The thousands are parted.
    var isGrouped = false

    /// Longest number that is said as one; figure by figure beyond.
    static let maximumFigures = 15

    init?(_ text: some StringProtocol, _ vocabulary: SpokenVocabulary) {
        guard text.utf8.count <= 64 else { return nil }
        var rest = text[...]
        if let sign = rest.first, "+-\u{2212}".contains(sign) {
            hasPlus = sign == "+"
            isNegative = !hasPlus
            rest = rest.dropFirst()
        }
        let parts = rest.split(separator: vocabulary.decimalSign, omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2 else { return nil }
        if parts.count == 2 {
            guard let figures = Self.figures(parts[1]), !figures.isEmpty else { return nil }
            fraction = figures
        }
        let groups = whole.split(separator: vocabulary.groupSign, omittingEmptySubsequences: false)
        if groups.count == 2, fraction == nil, vocabulary.groupSign == ".", groups[1].count != 3 {
            // "3.5" where a comma is usual.
            guard let figures = Self.figures(groups[1]), !figures.isEmpty else { return nil }
            fraction = figures
            guard let figures = Self.figures(groups[0]), !figures.isEmpty else { return nil }
            integer = figures
            return
        }
        isGrouped = groups.count > 1
        for (place, group) in groups.enumerated() {
            guard let figures = Self.figures(group) else { return nil }
            if isGrouped, place > 0 ? figures.count != 3 : !(1...3 ~= figures.count) { return nil }
            integer += figures
        }
        guard !integer.isEmpty else { return nil }
    }

    static func figures(_ text: some StringProtocol) -> [Int]? {
        var figures: [Int] = []
        for character in text {
            guard character.isASCII, let figure = character.wholeNumberValue else { return nil }
            figures.append(figure)
        }
        return figures
    }

    /// nil for a number too long to be one, or one that begins with zeros.
    var value: Int? {
        guard integer.count <= Self.maximumFigures, integer.count == 1 || integer[0] != 0 else { return nil }
        return integer.reduce(0) { $0 * 10 + $1 }
    }

    var isOne: Bool { value == 1 && fraction == nil }
}

extension SpokenReader {
    func words(_ numeral: SpokenNumeral, _ form: NumberForm) -> String {
        let sign = numeral.isNegative ? vocabulary.minus + " " : numeral.hasPlus ? vocabulary.plus + " " : ""
        guard let value = numeral.value else {
            let whole = grouped(numeral.integer).map { language.spelled($0) }.joined(separator: ", ")
            return sign + whole + (numeral.fraction.map { " " + vocabulary.point + " " + language.spelled($0) } ?? "")
        }
        guard let fraction = numeral.fraction else { return sign + language.cardinal(value, form) }
        return sign + language.cardinal(value, .alone) + " " + vocabulary.point + " " + language.fraction(fraction)
    }

    /// A number with a noun behind it: "one kilometer", "2.5 kilometers".
    func noun(_ numeral: SpokenNumeral, _ noun: SpokenNoun) -> String {
        let isSingular = language is FrenchSpeech ? (numeral.value ?? 2) < 2 : numeral.isOne
        return isSingular ? noun.one : noun.many
    }

    /// Figures in groups people can follow: of three, the last of up to four.
    func grouped(_ figures: [Int]) -> [[Int]] {
        var groups: [[Int]] = []
        var rest = figures[...]
        while rest.count > 4 {
            groups.append(Array(rest.prefix(3)))
            rest = rest.dropFirst(3)
        }
        return groups + [Array(rest)]
    }

    /// `5-10` and `5–10`, the smaller first.
    func range(_ text: String) -> (SpokenNumeral, SpokenNumeral)? {
        let parts = text.split(separator: "\u{2013}", omittingEmptySubsequences: false)
        let sides = parts.count == 2 ? parts : text.split(separator: "-", omittingEmptySubsequences: false)
        guard sides.count == 2, let low = SpokenNumeral(sides[0], vocabulary),
            let high = SpokenNumeral(sides[1], vocabulary), let least = low.value, let most = high.value,
            least < most || least == most && low.fraction != nil, !high.isNegative, !high.hasPlus
        else { return nil }
        return (low, high)
    }
}
