/// Numbers that follow one another with nothing between them that would end a number: what a caller dictates in one go.
struct DigitRun: Sendable {
    struct Group: Sendable {
        var tokens: Range<Int>
        var digits: String
        var isSpoken: Bool
        /// Between this group and the one before; filler words count as a space.
        var gap: String
    }

    var groups: [Group]

    var digits: [UInt8] { groups.flatMap { $0.digits.utf8.map { $0 - 0x30 } } }
    var count: Int { groups.reduce(0) { $0 + $1.digits.utf8.count } }

    func part(_ range: Range<Int>) -> DigitRun { DigitRun(groups: Array(groups[range])) }

    /// Of the whole run.
    var tokens: Range<Int> { groups[0].tokens.lowerBound..<groups[groups.count - 1].tokens.upperBound }

    // MARK: Finding

    /// - Complexity: O(n) in the tokens.
    static func all(in text: TextTokens, words: NumberWords) -> [DigitRun] {
        var runs: [DigitRun] = []
        var open: [Group] = []
        var index = 0
        var fillers = 0
        func close() {
            if !open.isEmpty { runs.append(DigitRun(groups: open)) }
            open = []
            fillers = 0
        }
        while index < text.count {
            if !open.isEmpty, !joins(text[index].gap) { close() }
            if let (digits, count, isSpoken) = number(at: index, in: text, words: words, isBeside: !open.isEmpty) {
                let gap = fillers > 0 ? " " : String(text[index].gap)
                open.append(Group(tokens: index..<index + count, digits: digits, isSpoken: isSpoken, gap: gap))
                fillers = 0
                index += count
            } else {
                fillers += 1
                if !fillerWords.contains(text[index].folded) || fillers > 2 { close() }
                index += 1
            }
        }
        close()
        return runs
    }

    private static func number(
        at index: Int,
        in text: TextTokens,
        words: NumberWords,
        isBeside: Bool
    ) -> (digits: String, count: Int, isSpoken: Bool)? {
        let token = text[index]
        if token.isNumber { return (token.folded, 1, false) }
        if let (digits, count) = words.number(at: index, in: text) { return (digits, count, true) }
        guard index + 1 < text.count else {
            return words.beside[token.folded].flatMap { isBeside ? ($0, 1, true) : nil }
        }
        let next =
            words.number(at: index + 1, in: text) ?? (text[index + 1].isNumber ? (text[index + 1].folded, 1) : nil)
        if let times = words.repeats[token.folded], let next, next.0.utf8.count == 1 {
            return (String(repeating: next.0, count: times), 1 + next.1, true)
        }
        if let digit = words.beside[token.folded],
            isBeside || next != nil || words.repeats[text[index + 1].folded] != nil
        {
            return (digit, 1, true)
        }
        return nil
    }

    /// Marks that may stand inside a number. A colon is a time's, and a sign of money or a share ends the number.
    private static func joins(_ gap: Substring) -> Bool {
        gap.utf8.count <= 24 && gap.allSatisfy { $0 != ":" && $0 != "%" && !$0.isCurrencySymbol }
    }

    private static let fillerWords: Set<String> = [
        "uh", "um", "er", "erm", "and", "then", "dash", "hyphen", "space",
        "euh", "et", "puis", "tiret", "espace",
        "ah", "ahm", "eh", "ehm", "und", "dann", "strich", "bindestrich",
        "este", "y", "luego", "guion",
    ]

    // MARK: What it is not

    /// Prices, dates or years in a row, and nothing else.
    var isOrdinary: Bool { isDecimals || isDates || isYears || isGroupedAmount }

    /// `12.50, 13.50`
    private var isDecimals: Bool {
        groups.count % 2 == 0
            && stride(from: 0, to: groups.count, by: 2).allSatisfy { index in
                let (whole, part) = (groups[index], groups[index + 1])
                return whole.digits.utf8.count <= 4 && part.digits.utf8.count == 2
                    && (part.gap == "." || part.gap == ",")
                    && (index == 0 || groups[index].gap.count > 1 || groups[index].gap == " ")
            }
    }

    /// `12.05.2026`, `2026-05-12`, also several of them, and `20260512`.
    private var isDates: Bool {
        if groups.count == 1, groups[0].digits.utf8.count == 8 {
            let text = groups[0].digits
            return Self.isDate(
                Int(text.prefix(4)) ?? 0,
                Int(text.dropFirst(4).prefix(2)) ?? 0,
                Int(text.suffix(2)) ?? 0
            )
        }
        return groups.count % 3 == 0
            && stride(from: 0, to: groups.count, by: 3).allSatisfy { index in
                let parts = groups[index..<index + 3]
                guard parts[index + 1].gap == parts[index + 2].gap, [".", "/", "-"].contains(parts[index + 1].gap)
                else {
                    return false
                }
                let (first, middle, last) = (parts[index].digits, parts[index + 1].digits, parts[index + 2].digits)
                let numbers = [first, middle, last].map { Int($0) ?? 0 }
                if first.utf8.count == 4 { return Self.isDate(numbers[0], numbers[1], numbers[2]) }
                guard first.utf8.count <= 2, middle.utf8.count <= 2, [2, 4].contains(last.utf8.count) else {
                    return false
                }
                let year = last.utf8.count == 2 ? 2000 + numbers[2] : numbers[2]
                return Self.isDate(year, numbers[1], numbers[0]) || Self.isDate(year, numbers[0], numbers[1])
            }
    }

    private static func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        (1900..<2100).contains(year) && (1...12).contains(month) && (1...31).contains(day)
    }

    /// `2019-2023`, `2019, 2020 and 2021`: no payment card begins with 19 or 20 (ISO/IEC 7812-1, issuers in use).
    private var isYears: Bool {
        groups.allSatisfy { $0.digits.utf8.count == 4 && (1900..<2100).contains(Int($0.digits) ?? 0) }
            && (groups.count <= 2 || groups.dropFirst().allSatisfy { $0.gap != "-" })
    }

    /// `1.234.567`, `1,234,567`, `1'234'567`, with decimals behind it or not.
    private var isGroupedAmount: Bool {
        guard groups.count > 1, (1...3).contains(groups[0].digits.utf8.count), groups[0].digits.first != "0" else {
            return false
        }
        let mark = groups[1].gap
        guard [".", ",", "'", "\u{2019}", "\u{202F}"].contains(mark) else { return false }
        var rest = groups.dropFirst()
        if let last = rest.last, rest.count > 1, last.digits.utf8.count <= 2, last.gap != mark {
            rest = rest.dropLast()
        }
        return rest.allSatisfy { $0.gap == mark && $0.digits.utf8.count == 3 }
    }
}
