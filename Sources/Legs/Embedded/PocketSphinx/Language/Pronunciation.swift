/// Guesses how an English word sounds from its letters, for words the dictionary does not hold (brands, clinic names).
///
/// Longest match from the left over a table of spellings. A guess is often wrong in a vowel, which the recogniser
/// forgives in words of three and more sounds; what matters is that a tenant's odd word never stops its vocabulary from
/// loading.
package enum Pronunciation {
    /// - Returns: ARPABET phones of the CMU set, never empty. Letters only are looked at.
    package static func phones(of word: String) -> [String] {
        let letters = word.lowercased().filter { $0.isASCII && $0.isLetter }
        guard letters.contains(where: { "aeiouy".contains($0) }), letters.count > 1 else {
            let names = letters.flatMap { letterNames[$0] ?? [] }
            return names.isEmpty ? ["AH"] : names
        }
        var phones: [String] = []
        var rest = Substring(letters)
        while !rest.isEmpty {
            let (taken, sounds) = match(rest, isStart: rest.startIndex == letters.startIndex, before: phones)
            phones += sounds
            rest = rest.dropFirst(taken)
        }
        return phones.isEmpty ? ["AH"] : phones
    }

    private static func match(_ rest: Substring, isStart: Bool, before: [String]) -> (Int, [String]) {
        if isStart {
            for (spelling, sounds) in starts where rest.hasPrefix(spelling) { return (spelling.count, sounds) }
        }
        for (spelling, sounds) in ends where rest == spelling && !before.isEmpty { return (spelling.count, sounds) }
        // A vowel, one consonant and a final e: the vowel says its name ("tale").
        if let long = longVowels[rest.first ?? " "], isOpenSyllable(rest.dropFirst()) { return (1, long) }
        for length in stride(from: min(4, rest.count), through: 2, by: -1) {
            let spelling = String(rest.prefix(length))
            if let sounds = spellings[spelling] { return (length, sounds) }
        }
        let letter = rest.first ?? " "
        let next = rest.dropFirst().first
        // A doubled consonant sounds once.
        if letter == next, !"aeiou".contains(letter) { return (1, []) }
        switch (letter, next) {
        case ("c", "e"), ("c", "i"), ("c", "y"): return (1, ["S"])
        case ("g", "e"), ("g", "i"), ("g", "y"): return (1, ["JH"])
        case ("y", _) where isStart && next.map({ "aeiou".contains($0) }) == true: return (1, ["Y"])
        case ("y", nil): return (1, ["IY"])
        default: return (1, singles[letter] ?? [])
        }
    }

    private static func isOpenSyllable(_ rest: Substring) -> Bool {
        guard rest.count == 2 || (rest.count == 3 && rest.last == "s"), let consonant = rest.first else { return false }
        return !"aeiouywxrh".contains(consonant) && rest.dropFirst().first == "e"
    }

    private static let starts: [(String, [String])] = [
        ("kn", ["N"]), ("gn", ["N"]), ("wr", ["R"]), ("ps", ["S"]), ("x", ["Z"]), ("mc", ["M", "AH", "K"]),
    ]
    private static let ends: [(String, [String])] = [
        ("tion", ["SH", "AH", "N"]), ("sion", ["ZH", "AH", "N"]), ("ture", ["CH", "ER"]), ("le", ["AH", "L"]),
        ("es", ["IH", "Z"]), ("ed", ["D"]), ("er", ["ER"]), ("or", ["ER"]), ("ey", ["IY"]), ("ie", ["IY"]),
        ("a", ["AH"]),
        ("o", ["OW"]), ("i", ["IY"]), ("e", []),
    ]
    private static let longVowels: [Character: [String]] = [
        "a": ["EY"], "i": ["AY"], "o": ["OW"], "u": ["UW"], "e": ["IY"],
    ]
    private static let spellings: [String: [String]] = [
        "tion": ["SH", "AH", "N"], "ough": ["OW"], "augh": ["AO"], "eigh": ["EY"], "igh": ["AY"], "tch": ["CH"],
        "dge": ["JH"], "sch": ["S", "K"], "air": ["EH", "R"], "ear": ["IH", "R"], "eer": ["IH", "R"],
        "our": ["AO", "R"],
        "oor": ["AO", "R"], "ch": ["CH"], "sh": ["SH"], "th": ["TH"], "ph": ["F"], "gh": ["G"], "wh": ["W"],
        "ck": ["K"],
        "ng": ["NG"], "qu": ["K", "W"], "ee": ["IY"], "ea": ["IY"], "ie": ["IY"], "ei": ["EY"], "ai": ["EY"],
        "ay": ["EY"],
        "oa": ["OW"], "oe": ["OW"], "oo": ["UW"], "ou": ["AW"], "ow": ["OW"], "oi": ["OY"], "oy": ["OY"], "au": ["AO"],
        "aw": ["AO"], "ew": ["UW"], "ue": ["UW"], "ui": ["UW"], "ar": ["AA", "R"], "er": ["ER"], "ir": ["ER"],
        "ur": ["ER"],
        "or": ["AO", "R"], "ia": ["IY", "AH"], "io": ["IY", "OW"],
    ]
    private static let singles: [Character: [String]] = [
        "a": ["AE"], "b": ["B"], "c": ["K"], "d": ["D"], "e": ["EH"], "f": ["F"], "g": ["G"], "h": ["HH"], "i": ["IH"],
        "j": ["JH"], "k": ["K"], "l": ["L"], "m": ["M"], "n": ["N"], "o": ["AA"], "p": ["P"], "q": ["K"], "r": ["R"],
        "s": ["S"], "t": ["T"], "u": ["AH"], "v": ["V"], "w": ["W"], "x": ["K", "S"], "y": ["IH"], "z": ["Z"],
    ]
    private static let letterNames: [Character: [String]] = [
        "a": ["EY"], "b": ["B", "IY"], "c": ["S", "IY"], "d": ["D", "IY"], "e": ["IY"], "f": ["EH", "F"],
        "g": ["JH", "IY"],
        "h": ["EY", "CH"], "i": ["AY"], "j": ["JH", "EY"], "k": ["K", "EY"], "l": ["EH", "L"], "m": ["EH", "M"],
        "n": ["EH", "N"], "o": ["OW"], "p": ["P", "IY"], "q": ["K", "Y", "UW"], "r": ["AA", "R"], "s": ["EH", "S"],
        "t": ["T", "IY"], "u": ["Y", "UW"], "v": ["V", "IY"], "w": ["D", "AH", "B", "AH", "L", "Y", "UW"],
        "x": ["EH", "K", "S"], "y": ["W", "AY"], "z": ["Z", "IY"],
    ]
}
