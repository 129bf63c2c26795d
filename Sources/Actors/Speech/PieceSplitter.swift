/// Cuts streamed text into speakable pieces: whole sentences, and a long first sentence at its first clause, so that
/// synthesis starts on the first words and not after the last.
public struct PieceSplitter: Sendable {
    private var pending = ""
    /// A sentence longer than this is cut at a comma or semicolon; synthesis time grows with a piece's length.
    private let longPiece: Int

    public init(longPiece: Int = 80) { self.longPiece = longPiece }

    /// Words whose full stop ends no sentence.
    private static let abbreviations: Set<String> = [
        "dr", "mr", "mrs", "ms", "prof", "st", "no", "vs", "etc", "e.g", "i.e", "a.m", "p.m", "approx", "inc", "ltd",
    ]

    /// - Returns: the pieces that became complete.
    public mutating func push(_ text: String) -> [String] {
        pending += text
        var pieces: [String] = []
        while let end = nextCut() {
            append(String(pending[..<end]), to: &pieces)
            pending = String(pending[end...])
        }
        return pieces
    }

    /// The text is over.
    /// - Returns: what was still pending.
    public mutating func finish() -> [String] {
        var pieces: [String] = []
        append(pending, to: &pieces)
        pending = ""
        return pieces
    }

    /// All pieces of a complete text.
    public static func pieces(of text: String) -> [String] {
        var splitter = PieceSplitter()
        return splitter.push(text) + splitter.finish()
    }

    private func append(_ text: String, to pieces: inout [String]) {
        let piece = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if piece.contains(where: { $0.isLetter || $0.isNumber }) { pieces.append(piece) }
    }

    /// The end of the first complete piece: just past its white space, so that a full stop inside "10.30" never counts.
    private func nextCut() -> String.Index? {
        var index = pending.startIndex
        var length = 0
        while index < pending.endIndex {
            let character = pending[index]
            let next = pending.index(after: index)
            length += 1
            if character == "\n" { return next }
            if next < pending.endIndex, pending[next].isWhitespace {
                let after = pending.index(after: next)
                switch character {
                case "!", "?", "\u{2026}": return after
                case "." where !endsWithAbbreviation(before: index): return after
                case ",", ";", ":": if length >= longPiece { return after }
                default: break
                }
            }
            index = next
        }
        return nil
    }

    private func endsWithAbbreviation(before stop: String.Index) -> Bool {
        let word = pending[..<stop].reversed().prefix { $0.isLetter || $0 == "." }.reversed()
        return word.count == 1 && word.first?.isUppercase == true
            || Self.abbreviations.contains(String(word).lowercased())
    }
}
