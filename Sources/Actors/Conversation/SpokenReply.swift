import Engine

/// One answer of the agent: its pieces as they were handed to the synthesiser, and when their words sound.
public struct SpokenReply: Sendable {
    public struct Piece: Sendable {
        public var text: String
        /// Empty until the synthesiser has told.
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
        join([prefix] + pieces.indices.map { String(pieces[$0].text.utf8.prefix(cut(of: $0, at: position))) ?? "" })
    }

    /// What the caller has not heard.
    public func unheard(at position: HeardPosition) -> [String] {
        pieces.indices.compactMap { index in
            let rest = String(pieces[index].text.utf8.dropFirst(cut(of: index, at: position))) ?? ""
            let trimmed = rest.drop { !$0.isLetter && !$0.isNumber }
            return trimmed.isEmpty ? nil : String(trimmed)
        }
    }

    /// UTF-8 bytes of a piece that were heard.
    private func cut(of index: Int, at position: HeardPosition) -> Int {
        guard position.reply == number else { return 0 }
        if index < Int(position.piece) { return pieces[index].text.utf8.count }
        guard index == Int(position.piece) else { return 0 }
        // A word counts as heard when most of it was.
        let heard = pieces[index].words.last { word in
            word.samples.lowerBound + word.samples.count * 6 / 10 <= Int(position.samples)
        }
        guard let heard else { return 0 }
        // The full stop belongs to the last word.
        let isLast = heard == pieces[index].words.last
        return isLast ? pieces[index].text.utf8.count : heard.utf8Range.upperBound
    }

    private func join(_ parts: [String]) -> String { parts.filter { !$0.isEmpty }.joined(separator: " ") }
}
