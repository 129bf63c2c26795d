/// A stretch of the written text and what is said for it.
struct SpokenReplacement: Sendable, Equatable {
    /// UTF-8 offsets.
    var range: Range<Int>
    var text: String
}

/// What stands between two spaces of a written text: a word with the punctuation around it.
struct SpokenToken: Sendable {
    /// The word without punctuation.
    let text: String
    /// Its UTF-8 offsets.
    let core: Range<Int>
    /// What stands before and behind it: `(`, `.",`
    let opening: String
    let closing: String

    private static let openers: Set<Character> = [
        "(", "[", "{", "\"", "'", "\u{AB}", "\u{201C}", "\u{201E}", "\u{2018}", "\u{BF}", "\u{A1}",
    ]
    private static let closers: Set<Character> = [
        ".", ",", ";", ":", "!", "?", "\u{2026}", ")", "]", "}", "\"", "'", "\u{BB}", "\u{201D}", "\u{2019}",
        "\u{201C}",
    ]

    static func tokens(of text: String) -> [SpokenToken] {
        var tokens: [SpokenToken] = []
        var offset = 0
        var word: [Character] = []
        var start = 0
        for character in text {
            if character.isWhitespace {
                if !word.isEmpty { tokens.append(SpokenToken(word, at: start)) }
                word.removeAll(keepingCapacity: true)
            } else {
                if word.isEmpty { start = offset }
                word.append(character)
            }
            offset += character.utf8.count
        }
        if !word.isEmpty { tokens.append(SpokenToken(word, at: start)) }
        return tokens
    }

    private init(_ word: [Character], at start: Int) {
        var first = 0
        while first < word.count, Self.openers.contains(word[first]) { first += 1 }
        var end = word.count
        while end > first, Self.closers.contains(word[end - 1]) { end -= 1 }
        opening = String(word[..<first])
        text = String(word[first..<end])
        closing = String(word[end...])
        isPlain = word[first..<end].allSatisfy { $0.isLowercase }
        let lower = start + opening.utf8.count
        core = lower..<lower + text.utf8.count
    }

    /// For comparing.
    /// - Parameter isLast: what stands behind the last word of a phrase does not belong to it.
    func folded(isLast: Bool) -> String { (isLast ? text : text + closing).lowercased() }

    /// An abbreviation's full stop stands behind it.
    var hasStop: Bool { closing.hasPrefix(".") }
    /// Small letters only: no rule but the abbreviations' has anything to do with it.
    let isPlain: Bool
    /// Nothing parts it from the next token.
    var isOpenEnded: Bool { closing.isEmpty }
    /// All of it is figures.
    var isFigures: Bool { !text.isEmpty && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }
    var startsWithLetter: Bool { text.first?.isLetter == true }
}
