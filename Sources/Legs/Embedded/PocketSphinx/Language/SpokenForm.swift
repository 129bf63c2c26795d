import Foundation

/// Turns a tenant's written phrases into the words a caller speaks, spelled as the pronunciation dictionary spells
/// them.
///
/// Lower case; punctuation goes, apostrophes inside a word stay; numbers are spelled out (`10:30` -> `ten thirty`,
/// `3rd` -> `third`, `24` -> `twenty four`, five and more digits one by one); `7pm` -> `seven p.m.`; `&` -> `and`.
package enum SpokenForm {
    package static func words(_ text: String) -> [String] {
        var words: [String] = []
        for token in tokens(of: text) {
            guard let first = token.first else { continue }
            if first.isNumber {
                words += number(token)
            } else if (token == "am" || token == "pm"), words.last.map(numberWords.contains) == true {
                words.append(token == "am" ? "a.m." : "p.m.")
            } else {
                words.append(token)
            }
        }
        return words
    }

    /// A dictionary entry without the number of its alternative pronunciation: `a(2)` -> `a`.
    static func spelling(_ entry: String) -> String {
        entry.hasSuffix(")") ? String(entry.prefix { $0 != "(" }) : entry
    }

    /// What the recogniser says, as the rest of the product writes it: `a.m.` -> `am`.
    static func written(_ word: String) -> String {
        switch word {
        case "a.m.": "am"
        case "p.m.": "pm"
        default: word
        }
    }

    /// 0...9 999 as a cardinal; longer runs digit by digit.
    static func cardinal(_ digits: String) -> [String] {
        guard digits.count <= 4, let value = Int(digits), digits.first != "0" || digits.count == 1 else {
            return digits.compactMap { $0.wholeNumberValue.map { units[$0] } }
        }
        if value >= 1000 {
            return cardinal("\(value / 1000)") + ["thousand"] + (value % 1000 == 0 ? [] : cardinal("\(value % 1000)"))
        }
        if value >= 100 {
            return [units[value / 100], "hundred"] + (value % 100 == 0 ? [] : cardinal("\(value % 100)"))
        }
        if value < 20 { return [units[value]] }
        return [tens[value / 10]] + (value % 10 == 0 ? [] : [units[value % 10]])
    }

    static func ordinal(_ digits: String) -> [String] {
        var words = cardinal(digits)
        guard let last = words.popLast() else { return [] }
        if let irregular = irregularOrdinals[last] {
            words.append(irregular)
        } else if last.hasSuffix("y") {
            words.append(last.dropLast() + "ieth")
        } else {
            words.append(last + "th")
        }
        return words
    }

    /// `10:30`, `3rd`, `7pm`, `24`.
    private static func number(_ token: String) -> [String] {
        let digits = String(token.prefix(while: \.isNumber))
        let rest = String(token.dropFirst(digits.count))
        switch rest {
        case "": return cardinal(digits)
        case "st", "nd", "rd", "th": return ordinal(digits)
        case "am": return cardinal(digits) + ["a.m."]
        case "pm": return cardinal(digits) + ["p.m."]
        default:
            guard rest.hasPrefix(":") else { return cardinal(digits) + words(rest) }
            let minutes = String(rest.dropFirst().prefix(while: \.isNumber))
            let suffix = words(String(rest.dropFirst(minutes.count + 1)))
            let spoken =
                switch minutes {
                case "00": ["o'clock"]
                case _ where minutes.hasPrefix("0"): ["oh"] + cardinal(String(minutes.dropFirst()))
                default: cardinal(minutes)
                }
            let meridian = suffix.map { $0 == "am" ? "a.m." : $0 == "pm" ? "p.m." : $0 }
            return cardinal(digits) + (minutes == "00" && !meridian.isEmpty ? [] : spoken) + meridian
        }
    }

    private static func tokens(of text: String) -> [String] {
        let lower = text.lowercased().replacing("\u{2019}", with: "'").replacing("a.m.", with: "am")
            .replacing("p.m.", with: "pm").replacing("&", with: " and ")
        var tokens: [String] = []
        var token = ""
        for character in lower {
            let isPart =
                (character.isASCII && (character.isLetter || character.isNumber)) || character == "'"
                || (character == ":" && token.last?.isNumber == true)
            if isPart {
                token.append(character)
            } else if let plain = asciiLetter(character) {
                token.append(plain)
            } else {
                tokens.append(token)
                token = ""
            }
        }
        tokens.append(token)
        return tokens.map { $0.trimming("':") }.filter { !$0.isEmpty }
    }

    /// The dictionary holds ASCII words only: `é` is read as `e`.
    private static func asciiLetter(_ character: Character) -> Character? {
        guard character.isLetter,
            let base = String(character).decomposedStringWithCanonicalMapping.unicodeScalars.first,
            base.isASCII
        else { return nil }
        return Character(base)
    }

    static let units = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    static let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    private static let numberWords = Set(units + tens.dropFirst(2) + ["o'clock"])
    private static let irregularOrdinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]
}

extension String {
    fileprivate func trimming(_ marks: String) -> String {
        String(drop { marks.contains($0) }.reversed().drop { marks.contains($0) }.reversed())
    }
}
