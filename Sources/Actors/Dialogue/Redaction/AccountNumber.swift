/// International bank account numbers, written in one piece or in groups, or spelled.
///
/// - Source: ISO 13616-1:2020; check digits by ISO/IEC 7064 MOD 97-10; lengths from the SWIFT IBAN registry.
enum AccountNumber {
    /// The tokens of the accounts in a text.
    static func all(in text: TextTokens, words: NumberWords) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < text.count {
            if let end = end(from: index, in: text, words: words) {
                found.append(index..<end)
                index = end
            } else {
                index += 1
            }
        }
        return found
    }

    private static func end(from start: Int, in text: TextTokens, words: NumberWords) -> Int? {
        var characters: [UInt8] = []
        var index = start
        var wanted: Int?
        while index < text.count, characters.count < 34 {
            let token = text[index]
            if index > start, !token.gap.allSatisfy({ $0.isWhitespace || "-._,".contains($0) }) { return nil }
            if characters.count >= 2, let (digits, count) = words.number(at: index, in: text) {
                characters += Array(digits.utf8)
                index += count
            } else {
                // The country comes first: one word of two letters, or two letters.
                guard token.folded.utf8.allSatisfy({ $0 < 0x80 }), token.isNumber || token.folded.utf8.count <= 30
                else {
                    return nil
                }
                characters += Array(token.folded.utf8)
                index += 1
            }
            if wanted == nil, characters.count >= 2 {
                wanted = lengths[String(decoding: characters.prefix(2), as: UTF8.self)]
                guard wanted != nil else { return nil }
            }
            if characters.count >= 4, !characters[2...3].allSatisfy({ (0x30...0x39).contains($0) }) { return nil }
            if let wanted, characters.count >= wanted {
                return characters.count == wanted && isValid(characters) ? index : nil
            }
        }
        return nil
    }

    private static func isValid(_ characters: [UInt8]) -> Bool {
        var remainder = 0
        for character in characters.dropFirst(4) + characters.prefix(4) {
            switch character {
            case 0x30...0x39: remainder = (remainder * 10 + Int(character - 0x30)) % 97
            case 0x61...0x7A: remainder = (remainder * 100 + Int(character - 0x61) + 10) % 97
            default: return false
            }
        }
        return remainder == 1
    }

    private static let lengths: [String: Int] = [
        "ad": 24, "ae": 23, "al": 28, "at": 20, "ba": 20, "be": 16, "bg": 22, "br": 29, "ch": 21, "cy": 28, "cz": 24,
        "de": 22, "dk": 18, "ee": 20, "es": 24, "fi": 18, "fo": 18, "fr": 27, "gb": 22, "ge": 22, "gi": 23, "gl": 18,
        "gr": 27, "hr": 21, "hu": 28, "ie": 22, "il": 23, "is": 26, "it": 27, "kw": 30, "lb": 28, "li": 21, "lt": 20,
        "lu": 20, "lv": 21, "mc": 27, "md": 24, "me": 22, "mk": 19, "mt": 31, "nl": 18, "no": 15, "pl": 28, "pt": 25,
        "qa": 29, "ro": 24, "rs": 22, "sa": 24, "se": 24, "si": 19, "sk": 24, "sm": 27, "tn": 24, "tr": 26, "ua": 29,
    ]
}
