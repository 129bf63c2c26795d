/// The text of one answer on its way from one model, then perhaps another, to the caller.
///
/// Only whole words pass: a word that a failing model broke off is left to the next one. A next model that begins the answer
/// again instead of continuing it is passed on from where it comes to something new. An endless answer ends with a sentence.
struct BoundedAnswer: Sendable {
    /// Everything passed on.
    private(set) var passed = ""
    /// The answer is as long as it may be.
    private(set) var isFull = false
    /// The last word, while it may still go on.
    private var held = ""
    /// What the next model says, while it only repeats what was passed on already.
    private var echo: String?
    private var isJoining = false
    private var length = 0
    private let sentenceLimit: Int
    private let wordLimit: Int

    /// A word longer than this is no word: scripts without spaces are not held up.
    private static let longestWord = 32
    /// What is shorter than this may be said twice in an answer.
    private static let shortestEcho = 12

    init(longestAnswer: Int, longestSentence: Int) {
        sentenceLimit = longestAnswer
        wordLimit = longestAnswer + longestSentence
    }

    var saysSomething: Bool { passed.contains { !$0.isWhitespace } }

    /// - Returns: what passes.
    mutating func push(_ text: String) -> String {
        guard !isFull else { return "" }
        return take(withoutEcho(text))
    }

    /// The model has said everything.
    /// - Returns: what was still held.
    mutating func finish() -> String {
        guard !isFull else { return "" }
        // A beginning that was said before is no news.
        echo = nil
        return pass(held[...], holding: "")
    }

    /// The model failed, and another continues.
    mutating func interrupt() {
        held = ""
        guard !passed.isEmpty else { return }
        isJoining = true
        echo = passed.count >= Self.shortestEcho ? "" : nil
    }

    private mutating func withoutEcho(_ text: String) -> String {
        guard let before = echo else { return text }
        let said = passed.drop(while: \.isWhitespace)
        let heard = String((before + text).drop(while: \.isWhitespace))
        if said.hasPrefix(heard) {
            echo = heard
            return ""
        }
        echo = nil
        return heard.hasPrefix(said) ? String(heard.dropFirst(said.count)) : before + text
    }

    private mutating func take(_ text: String) -> String {
        var text = text
        if isJoining {
            text = joined(text)
            guard !text.isEmpty else { return "" }
            isJoining = false
        }
        let whole = held + text
        var cut = whole.endIndex
        var letters = 0
        while cut > whole.startIndex, letters <= Self.longestWord {
            let previous = whole.index(before: cut)
            guard Self.belongsToAWord(previous, in: whole) else { break }
            cut = previous
            letters += 1
        }
        if letters > Self.longestWord { cut = whole.endIndex }
        return pass(whole[..<cut], holding: String(whole[cut...]))
    }

    /// The next model's first words, with exactly the space they need.
    private func joined(_ text: String) -> String {
        let words = text.drop(while: \.isWhitespace)
        guard let last = passed.last, let first = words.first else { return "" }
        if last.isWhitespace { return String(words) }
        let isSpaced = words.count < text.count || first.isLetter || first.isNumber
        return Self.isSpacedScript(last) && isSpaced ? " " + words : String(words)
    }

    private mutating func pass(_ text: Substring, holding rest: String) -> String {
        held = rest
        var result = ""
        for character in text {
            if length >= sentenceLimit, character.isWhitespace, let last = result.last ?? passed.last,
                length >= wordLimit || ".!?\u{2026}".contains(last)
            {
                isFull = true
                break
            }
            result.append(character)
            length += 1
            if length >= sentenceLimit, "\u{3002}\u{FF01}\u{FF1F}".contains(character) || length >= wordLimit + 64 {
                isFull = true
                break
            }
        }
        if isFull { held = "" }
        passed += result
        return result
    }

    private static func belongsToAWord(_ index: String.Index, in text: String) -> Bool {
        let character = text[index]
        if character.isLetter || character.isNumber { return isSpacedScript(character) }
        guard index > text.startIndex else { return false }
        let before = text[text.index(before: index)]
        // "don't", "10.30": the next provider must not be left with a half of them.
        return "'\u{2019}".contains(character) && before.isLetter || ".,:".contains(character) && before.isNumber
    }

    /// Chinese, Japanese and Korean blocks and everything above are written without spaces, or in syllables.
    private static func isSpacedScript(_ character: Character) -> Bool {
        character.unicodeScalars.first.map { $0.value < 0x2E80 } ?? false
    }
}
