/// Drops what a model says again of an answer that was already begun: the whole of it, or from one of its sentences on.
///
/// Text is held back only while it is such a repetition.
struct RepeatFilter: Sendable {
    private let said: [String]
    /// Indices in `said` at which a sentence begins.
    private let starts: [Int]
    private var held = ""
    private var isThrough: Bool
    private(set) var hasDropped = false

    init(said text: String) {
        var words: [String] = []
        var starts: [Int] = []
        var endsSentence = true
        for word in Self.words(of: text[...], isWhole: true) {
            if endsSentence { starts.append(words.count) }
            words.append(word.folded)
            endsSentence = text[word.end...].first.map { ".?!".contains($0) } ?? true
        }
        said = words
        self.starts = starts
        isThrough = words.isEmpty
    }

    /// - Returns: what of the text so far is new; empty while that is not known.
    mutating func push(_ text: String) -> String {
        guard !isThrough else { return text }
        held += text
        return judge(isLast: false)
    }

    /// No more text comes.
    mutating func finish() -> String { isThrough ? "" : judge(isLast: true) }

    private mutating func judge(isLast: Bool) -> String {
        let words = Self.words(of: held[...], isWhole: isLast)
        let matching = starts.filter { start in
            zip(said[start...], words).allSatisfy { $0 == $1.folded }
        }
        if let start = matching.last(where: { said.count - $0 <= words.count }) {
            isThrough = true
            hasDropped = true
            let rest = held[words[said.count - start - 1].end...]
            // The full stop belongs to what is dropped.
            return String(rest.drop { !$0.isWhitespace && !$0.isLetter && !$0.isNumber })
        }
        if matching.isEmpty || isLast && words.isEmpty {
            isThrough = true
            return held
        }
        if isLast {
            isThrough = true
            hasDropped = true
        }
        return ""
    }

    /// - Parameter isWhole: the text ends with a whole word.
    private static func words(of text: Substring, isWhole: Bool) -> [(folded: String, end: String.Index)] {
        var words: [(folded: String, end: String.Index)] = []
        var rest = text
        while let start = rest.firstIndex(where: { $0.isLetter || $0.isNumber }) {
            let end = rest[start...].firstIndex { !$0.isLetter && !$0.isNumber } ?? rest.endIndex
            if end == rest.endIndex, !isWhole { break }
            words.append((rest[start..<end].lowercased(), end))
            rest = rest[end...]
        }
        return words
    }
}
