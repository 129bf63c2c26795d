/// A called number in whatever spelling a provider or a telephone system gives it.
enum DialledNumber: Equatable {
    /// With its country code: `+12025550142`.
    case international(String)
    /// Digits without a plus: a national number, or an international one behind its dialling prefix.
    case digits(String)
    /// A client's name, a SIP user that is no number, `anonymous`.
    case name

    /// No number is longer, with any punctuation; what is longer is not looked at.
    private static let maximumCharacters = 128

    /// Reads a number through its punctuation and its URI; never fails, never guesses a country.
    ///
    /// - `tel:+1-202-555-0142;ext=5` and `tel:5550142;phone-context=+1202` (RFC 3966), `sip:+12025550142@example.net`
    ///   (RFC 3261 section 19.1), `+44 (0)20 7946 0018` (the zero is only dialled inside the country), digits of any script.
    static func read(_ text: String) -> DialledNumber {
        guard text.utf8.count <= maximumCharacters else { return .name }
        var rest = Substring(text)
        if let colon = rest.firstIndex(of: ":") {
            let scheme = rest[..<colon].lowercased()
            rest = rest[rest.index(after: colon)...]
            switch scheme {
            case "tel": break
            case "sip", "sips":
                guard let at = rest.firstIndex(of: "@") else { return .name }
                rest = rest[..<at].prefix { $0 != ":" }
            default: return .name
            }
        }
        var context = ""
        let parameters = rest.split(separator: ";").dropFirst()
        rest = rest.prefix { $0 != ";" }
        for parameter in parameters where parameter.lowercased().hasPrefix("phone-context=+") {
            context = String(parameter.dropFirst("phone-context=".count))
        }
        return plain(rest, context: context)
    }

    private static func plain(_ text: Substring, context: String) -> DialledNumber {
        // In a SIP user a plus may be written as %2B.
        let text = text.lowercased().hasPrefix("%2b") ? "+" + text.dropFirst(3) : String(text)
        guard let digits = scan(text, dropsTrunk: isPlus(text.first { !$0.isWhitespace })) else { return .name }
        if digits.hasPlus { return .international("+" + digits.text) }
        if !context.isEmpty, let prefix = scan(context, dropsTrunk: false), prefix.hasPlus {
            return .international("+" + prefix.text + digits.text)
        }
        return .digits(digits.text)
    }

    /// - Returns: nil when there is a letter, a plus in the middle, or no digit at all.
    private static func scan(_ text: String, dropsTrunk: Bool) -> (text: String, hasPlus: Bool)? {
        var found = ""
        var hasPlus = false
        let text = dropsTrunk ? withoutTrunk(text) : text
        for character in text {
            if let digit = decimal(character) {
                found.append(String(digit))
            } else if isPlus(character), found.isEmpty, !hasPlus {
                hasPlus = true
            } else if !isPunctuation(character) {
                return nil
            }
        }
        return found.isEmpty ? nil : (found, hasPlus)
    }

    /// A digit of any script, but no superscript, no fraction and no roman number.
    private static func decimal(_ character: Character) -> Int? {
        guard character.unicodeScalars.first?.properties.numericType == .decimal else { return nil }
        return character.wholeNumberValue
    }

    private static func withoutTrunk(_ text: String) -> String {
        let parts = text.split(separator: "(0)", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? parts[0] + " " + parts[1] : text
    }

    private static func isPlus(_ character: Character?) -> Bool { character == "+" || character == "\u{FF0B}" }

    /// RFC 3966 section 5.1.1 (visual separators), the slash of continental Europe, spaces and dashes of typography.
    private static func isPunctuation(_ character: Character) -> Bool {
        "-.()/\u{2010}\u{2011}\u{2012}\u{2013}\u{2212}\u{200E}\u{202A}\u{202C}".contains(character)
            || character.isWhitespace
    }
}

extension DialledNumber {
    /// Every spelling without a plus under which an E.164 number may arrive: as it is, behind the international prefixes,
    /// as a national number with and without its trunk prefix.
    static func spellings(of number: String) -> Set<String> {
        let digits = String(number.dropFirst())
        let code = countryCode(of: digits)
        let national = String(digits.dropFirst(code.count))
        return [digits, "00" + digits, "011" + digits, national, (trunkPrefixes[code] ?? "0") + national]
    }

    /// - Source: ITU-T E.164 Annex A and its list of assigned codes: no code begins with another one.
    static func countryCode(of digits: String) -> String {
        if let first = digits.first, "17".contains(first) { return String(first) }
        let two = String(digits.prefix(2))
        return twoDigitCodes.contains(two) ? two : String(digits.prefix(3))
    }

    private static let twoDigitCodes: Set<String> = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51",
        "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86",
        "90",
        "91", "92", "93", "94", "95", "98",
    ]

    /// Where it is not 0 (ITU-T Operational Bulletin, national trunk prefixes).
    private static let trunkPrefixes = ["1": "1", "7": "8", "36": "06"]
}
