import Engine

/// One answer of the agent: its pieces as they were handed to the voice, in written words, and when these sound.
public struct SpokenReply: Sendable {
    public struct Piece: Sendable {
        public var text: String
        /// Of the written text. Empty until the voice has told.
        public var words: [SpokenWord]

        public init(text: String, words: [SpokenWord] = []) {
            self.text = text
            self.words = words
        }
    }

    public let number: Int32
    public var pieces: [Piece] = []
    /// What was said and heard before this reply continued it.
    public var prefix = ""

    public init(number: Int32) { self.number = number }

    public var text: String { join([prefix] + pieces.map(\.text)) }

    /// The words the caller has heard when `position` has sounded: a prefix of `text`, cut after a whole word.
    public func heard(at position: HeardPosition) -> String {
        join([prefix] + pieces.indices.map { parts(of: $0, at: position).heard })
    }

    /// What the caller has not heard: with `heard` it is the whole text, nothing twice and nothing left out.
    public func unheard(at position: HeardPosition) -> [String] {
        pieces.indices.map { parts(of: $0, at: position).unheard }.filter { !$0.isEmpty }
    }

    /// `position` is modelled, or the words around it are.
    public func isEstimated(at position: HeardPosition) -> Bool {
        guard position.reply == number, !text.isEmpty else { return false }
        if !position.isConfirmed { return true }
        let index = Int(position.piece)
        return pieces.indices.contains(index) && pieces[index].words.contains { $0.isEstimated }
    }

    /// What the dialogue remembers of a reply that was interrupted; nil when nothing of it was heard.
    /// - Parameter isModelled: the provider's confirmations are no more than a model.
    public func message(at position: HeardPosition, isModelled: Bool = false) -> DialogueMessage? {
        let words = heard(at: position)
        guard !words.isEmpty else { return nil }
        return DialogueMessage(
            party: .agent,
            text: words,
            wasInterrupted: true,
            isEstimated: isModelled || isEstimated(at: position)
        )
    }

    private func parts(of index: Int, at position: HeardPosition) -> (heard: String, unheard: String) {
        let text = pieces[index].text
        guard position.reply == number, index <= Int(position.piece) else { return ("", text) }
        guard index == Int(position.piece) else { return (text, "") }
        let bytes = Array(text.utf8)
        let cut = WordBorder.cut(bytes, words: pieces[index].words, at: Int(position.samples))
        let space = UInt8(ascii: " ")
        let rest = bytes[cut...].drop { $0 == space }
        var end = cut
        while end > 0, bytes[end - 1] == space { end -= 1 }
        return (String(decoding: bytes[..<end], as: UTF8.self), String(decoding: rest, as: UTF8.self))
    }

    private func join(_ parts: [String]) -> String { parts.filter { !$0.isEmpty }.joined(separator: " ") }
}

/// Where a written text may be parted into heard and unheard: between two words.
private enum WordBorder {
    /// UTF-8 bytes of `text` that were heard.
    static func cut(_ text: [UInt8], words: [SpokenWord], at samples: Int) -> Int {
        // A word counts as heard when most of it was.
        guard
            let last = words.lastIndex(where: { $0.samples.lowerBound + $0.samples.count * 6 / 10 <= samples })
        else { return 0 }
        let heard = min(words[last].utf8Range.upperBound, text.count)
        let end = tokenEnd(text, from: heard)
        // The full stop belongs to the last word, and so does what has no sound.
        if !hasWord(text[end...]) { return isWhole(last, words, end) ? text.count : back(text, heard) }
        return isWhole(last, words, end) ? end : back(text, heard)
    }

    /// No later word of the voice belongs to what stands before `end`.
    private static func isWhole(_ last: Int, _ words: [SpokenWord], _ end: Int) -> Bool {
        last + 1 == words.count || words[last + 1].utf8Range.lowerBound >= end
    }

    /// Half of a written word was heard: it was not, unless its script has no spaces.
    private static func back(_ text: [UInt8], _ heard: Int) -> Int {
        var cut = heard
        while cut > 0, cut < text.count, text[cut] & 0xC0 == 0x80 { cut -= 1 }
        var start = cut
        while start > 0, text[start - 1] != UInt8(ascii: " ") { start -= 1 }
        return ClosedScript.contains(String(decoding: text[start..<cut], as: UTF8.self)) ? cut : start
    }

    private static func tokenEnd(_ text: [UInt8], from place: Int) -> Int {
        text[place...].firstIndex(of: UInt8(ascii: " ")) ?? text.count
    }

    private static func hasWord(_ text: ArraySlice<UInt8>) -> Bool {
        String(decoding: text, as: UTF8.self).unicodeScalars.contains {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
    }
}
