/// Telephone numbers the way people write and say them in the countries of the known languages.
///
/// - Source: ITU-T E.164 (at most 15 digits); the national plans of North America (3-3-4), France (0 and pairs), Germany
///   (0, area, subscriber), the United Kingdom (0) and Spain (nine digits from 6 to 9).
enum PhoneNumber {
    /// The groups of a run, from a place on, that are a number; the longest first part that is one.
    static func groups(in run: DigitRun, from: Int, text: TextTokens) -> Range<Int>? {
        for start in from..<run.groups.count {
            for end in (start..<min(start + 15, run.groups.count)).reversed() {
                let part = run.part(start..<end + 1)
                if (7...15).contains(part.count), isNumber(part, text: text) { return start..<end + 1 }
            }
        }
        return nil
    }

    private static func isNumber(_ run: DigitRun, text: TextTokens) -> Bool {
        let count = run.count
        let first = text[run.tokens.lowerBound]
        if first.gap.last == "+" { return true }
        guard !run.isOrdinary, !isMoney(run, text: text) else { return false }
        let digits = run.digits
        if digits[0] == 0, digits[1] == 0, count >= 9 { return true }
        let lengths = run.groups.map { $0.digits.utf8.count }
        let isSpelled = run.groups.allSatisfy { $0.digits.utf8.count == 1 || $0.isSpoken && Set($0.digits).count == 1 }
        if isSpelled { return true }
        if run.groups.allSatisfy(\.isSpoken) { return digits[0] == 0 ? count >= 8 : count >= 10 }
        guard !run.groups.dropFirst().contains(where: { $0.gap.contains(",") }) else { return false }
        if isIntroduced(run, text: text) { return true }
        if digits[0] == 0 { return count >= 9 && lengths.allSatisfy { $0 >= 2 } }
        if run.groups.count == 1 {
            return count == 10 || count == 11 && digits[0] == 1 || count == 9 && digits[0] >= 6
        }
        switch lengths {
        case [3, 3, 4], [3, 7], [6, 4]: return true
        case [1, 3, 3, 4], [1, 10]: return digits[0] == 1
        case [3, 4]: return run.groups[1].gap == "-" || run.groups[1].gap == "."
        case [3, 3, 3], [3, 2, 2, 2], [2, 3, 2, 2], [3, 6]: return digits[0] >= 6
        default: return false
        }
    }

    /// "my phone is 555 0142".
    private static func isIntroduced(_ run: DigitRun, text: TextTokens) -> Bool {
        let start = run.tokens.lowerBound
        return (max(0, start - 5)..<start).contains { introductions.contains(text[$0].folded) }
    }

    private static func isMoney(_ run: DigitRun, text: TextTokens) -> Bool {
        let tokens = run.tokens
        if text[tokens.lowerBound].gap.suffix(2).contains(where: \.isCurrencySymbol) { return true }
        if text.gap(after: tokens.upperBound - 1).prefix(2).contains(where: { $0.isCurrencySymbol || $0 == "%" }) {
            return true
        }
        let beside = [tokens.lowerBound - 1, tokens.upperBound].filter { $0 >= 0 && $0 < text.count }
        return beside.contains { units.contains(text[$0].folded) }
    }

    private static let introductions: Set<String> = [
        "phone", "telephone", "tel", "mobile", "cell", "cellphone", "callback", "fax", "whatsapp",
        "telefon", "telefonnummer", "rufnummer", "handy", "handynummer", "mobil", "mobilnummer",
        "portable", "telefono", "movil", "celular",
    ]

    private static let units: Set<String> = [
        "dollar", "dollars", "bucks", "usd", "cad", "aud", "cent", "cents", "pound", "pounds", "gbp", "pence", "euro",
        "euros", "eur", "chf", "franc", "francs", "franken", "rappen", "peso", "pesos", "dolares", "centimes",
        "centimos", "percent", "prozent", "pourcent", "million", "millions", "millionen", "thousand", "hundred",
    ]
}
