/// Cuts what a recogniser wrote into plain lower-case words, so that every matcher sees the same thing.
///
/// Contractions are opened (`isn't` -> `is not`, `I'd` -> `i would`), punctuation goes, `7pm` becomes `7 pm`, and a
/// clock time keeps its colon (`10:30`). A recogniser that writes no apostrophes (`isnt`) gives the same words.
public enum SpokenWords {
    /// An utterance longer than this is cut: a turn lasts 30 s at most, and speech has 2 to 3 words a second.
    public static let maximumWords = 200
    static let maximumCharacters = 2000

    /// - Returns: at most `maximumWords` words, in order; empty when there is no letter and no digit.
    public static func words(_ text: String) -> [String] {
        Array(cut(text.prefix(maximumCharacters)).prefix(maximumWords))
    }

    /// Like `words`, but of a text that is too long the end is kept: what was said last.
    static func newest(_ text: String) -> [String] {
        Array(cut(text.suffix(maximumCharacters)).suffix(maximumWords))
    }

    private static func cut(_ text: Substring) -> [String] {
        var words: [String] = []
        var scanner = Scanner()
        for character in text.lowercased() {
            if let token = scanner.take(character) { append(token, to: &words) }
        }
        if let token = scanner.finish() { append(token, to: &words) }
        return words
    }

    private static func append(_ token: String, to words: inout [String]) {
        if let whole = opened[token] {
            words.append(contentsOf: whole)
        } else if let (number, suffix) = clockSuffix(token) {
            words.append(contentsOf: [number, suffix])
        } else if let apostrophe = token.firstIndex(of: "'"), token != "o'clock", !token.hasPrefix("o'") {
            openContraction(token, at: apostrophe, into: &words)
        } else {
            words.append(token)
        }
    }

    private static func openContraction(_ token: String, at apostrophe: String.Index, into words: inout [String]) {
        let base = String(token[..<apostrophe])
        let ending = String(token[token.index(after: apostrophe)...])
        switch ending {
        case "t" where base.hasSuffix("n") && base.count > 1: words += [String(base.dropLast()), "not"]
        case "m": words += [base, "am"]
        case "re": words += [base, "are"]
        case "ve": words += [base, "have"]
        case "ll": words += [base, "will"]
        case "d": words += [base, "would"]
        case "s" where Self.takesIs.contains(base): words += [base, "is"]
        case "s", "": words.append(base)  // a possessive
        default: words.append(token)
        }
    }

    /// `7pm` -> (`7`, `pm`).
    private static func clockSuffix(_ token: String) -> (String, String)? {
        guard token.first?.isNumber == true, token.hasSuffix("am") || token.hasSuffix("pm") else { return nil }
        let number = token.dropLast(2)
        guard !number.isEmpty, number.allSatisfy({ $0.isNumber || $0 == ":" }) else { return nil }
        return (String(number), String(token.suffix(2)))
    }

    private static let takesIs: Set<String> = [
        "it", "that", "what", "there", "he", "she", "who", "where", "here", "how", "when", "this", "name", "everything",
    ]

    private static let opened: [String: [String]] = [
        "can't": ["can", "not"], "cant": ["can", "not"], "cannot": ["can", "not"],
        "won't": ["will", "not"], "wont": ["will", "not"], "shan't": ["shall", "not"],
        "ain't": ["is", "not"], "aint": ["is", "not"], "isnt": ["is", "not"], "arent": ["are", "not"],
        "wasnt": ["was", "not"], "werent": ["were", "not"], "dont": ["do", "not"], "doesnt": ["does", "not"],
        "didnt": ["did", "not"], "havent": ["have", "not"], "hasnt": ["has", "not"], "couldnt": ["could", "not"],
        "wouldnt": ["would", "not"], "im": ["i", "am"], "ive": ["i", "have"], "thats": ["that", "is"],
        "whats": ["what", "is"], "theres": ["there", "is"], "let's": ["let", "us"], "lets": ["let", "us"],
        "gonna": ["going", "to"], "wanna": ["want", "to"], "gotta": ["got", "to"], "ok": ["okay"],
        "goodbye": ["goodbye"], "oclock": ["o'clock"], "&": ["and"],
    ]

    /// Joins characters to tokens. A mark between two digits belongs to the number: `10:30`, `10.30`, `1,200`.
    private struct Scanner {
        private var token = ""
        private var pending: Character?

        mutating func take(_ character: Character) -> String? {
            if character == "&" {
                let done = finish()
                token = "&"
                return done
            }
            if character.isLetter || character.isNumber {
                return join(character)
            }
            if pending == nil, token.last.map({ $0.isLetter || $0.isNumber }) == true, Self.joints.contains(character) {
                pending = character
                return nil
            }
            return finish()
        }

        private mutating func join(_ character: Character) -> String? {
            guard let mark = pending else {
                if token == "&" { return replace(with: character) }
                token.append(character)
                return nil
            }
            pending = nil
            let betweenDigits = token.last?.isNumber == true && character.isNumber
            switch mark {
            case ":" where betweenDigits, "." where betweenDigits: token.append(":")
            case "," where betweenDigits: break
            case "'", "\u{2019}": token.append("'")
            case "." where token == "a" || token == "p": break  // a.m., p.m.
            default: return replace(with: character)
            }
            token.append(character)
            return nil
        }

        private mutating func replace(with character: Character) -> String? {
            let done = token
            token = String(character)
            return done.isEmpty ? nil : done
        }

        mutating func finish() -> String? {
            pending = nil
            defer { token = "" }
            return token.isEmpty ? nil : token
        }

        private static let joints: Set<Character> = [":", ".", ",", "'", "\u{2019}"]
    }
}
