import Foundation

/// Words without case and diacritics, and with elided articles and pronouns cut off (`l'urgence` -> `l`, `urgence`), so that
/// a profile and a recogniser need not agree on spelling.
struct FoldedWords: Sendable {
    private(set) var tokens: [String] = []
    /// For each token, the word it is a part of.
    private(set) var places: [Int] = []

    /// - Parameter words: as `SpokenWords` gives them.
    init(_ words: [String]) {
        tokens.reserveCapacity(words.count)
        places.reserveCapacity(words.count)
        for (place, word) in words.enumerated() {
            if Self.isPlain(word) {
                tokens.append(word)
                places.append(place)
                continue
            }
            for token in Self.parts(of: Self.folded(word)) {
                tokens.append(token)
                places.append(place)
            }
        }
    }

    init(_ text: String) { self.init(SpokenWords.words(text)) }

    /// Nothing to fold and nothing to cut: `SpokenWords` has made it lower case.
    private static func isPlain(_ word: String) -> Bool {
        word.utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "'") }
    }

    /// Lower case, without the accents of Latin, Greek and Cyrillic letters; ligatures and the sharp s are written out.
    static func folded(_ word: String) -> String {
        let lower = word.lowercased()
        guard lower.utf8.contains(where: { $0 >= 0x80 }) else { return lower }
        var folded = String.UnicodeScalarView()
        for scalar in lower.decomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar {
            case "\u{300}"..."\u{36F}": continue  // combining diacritical marks
            case "\u{DF}": folded.append(contentsOf: "ss".unicodeScalars)
            case "\u{E6}": folded.append(contentsOf: "ae".unicodeScalars)
            case "\u{153}": folded.append(contentsOf: "oe".unicodeScalars)
            case "\u{F8}": folded.append("o")
            case "\u{131}": folded.append("i")
            case "\u{2019}": folded.append("'")
            default: folded.append(scalar)
            }
        }
        return String(folded)
    }

    private static func parts(of word: String) -> [String] {
        guard let apostrophe = word.firstIndex(of: "'"), word != "o'clock" else { return [word] }
        return [String(word[..<apostrophe]), String(word[word.index(after: apostrophe)...])].filter { !$0.isEmpty }
    }
}

/// Scripts that are written without spaces between words, or with endings joined to them: a phrase is looked for anywhere.
enum ClosedScript {
    static func contains(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: true  // Thai, Lao, Burmese, Khmer
            case 0x3040...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF: true  // kana, Han
            case 0x1100...0x11FF, 0xAC00...0xD7AF: true  // Hangul: particles are joined to the noun
            default: false
            }
        }
    }
}
