import Actors

/// Finds out when each word of a text sounds, from a vendor's times of spoken characters.
///
/// What is spoken may differ from what is written (a vendor reads "10" as "ten"): words that occur in both, in the same order,
/// are anchors (the longest common subsequence); words between anchors share the time between them and are labelled
/// estimates. Times are samples from the start of the piece.
package struct WordAligner: Sendable {
    private struct Spoken {
        var text: String
        var samples: Range<Int>
    }

    /// A whole spoken word, as it is compared.
    private struct Heard {
        var key: String
        var samples: Range<Int>
    }

    /// Spoken characters that are looked at: some times the text, so that no vendor can make this long.
    private let characterLimit: Int
    /// The largest table of the comparison, in cells: 8 MB.
    private static let tableLimit = 4 << 20

    private let words: [WrittenWord]
    private var finished: [Heard] = []
    private var open: Spoken?
    private var characters = 0

    package init(text: String) {
        words = WrittenWord.words(of: text)
        characterLimit = 4 * text.unicodeScalars.count + 256
    }

    /// One spoken character, or several that sound together, and when. White space ends a word.
    package mutating func add(_ character: String, samples: Range<Int>) {
        guard characters < characterLimit else { return }
        characters += 1
        guard character.contains(where: { !$0.isWhitespace }) else { return endWord() }
        let begun = open?.samples ?? samples
        open = Spoken(
            text: (open?.text ?? "") + character,
            samples: begun.lowerBound..<max(begun.upperBound, samples.upperBound)
        )
    }

    private mutating func endWord() {
        if let ended = open.flatMap(Self.heard) { finished.append(ended) }
        open = nil
    }

    private static func heard(_ spoken: Spoken) -> Heard? {
        WrittenWord.key(of: spoken.text).map { Heard(key: $0, samples: spoken.samples) }
    }

    /// The words whose times are known, or can be told from their neighbours', in the order of the text.
    ///
    /// - Parameter total: samples of the whole piece once it is over: then every word has a time.
    package func timedWords(total: Int? = nil) -> [SpokenWord] {
        let anchors = anchors(isOver: total != nil)
        var result: [SpokenWord] = []
        var next = 0
        var time = 0
        for anchor in anchors {
            estimate(next..<anchor.word, from: time, to: max(time, anchor.samples.lowerBound), into: &result)
            let start = max(time, anchor.samples.lowerBound)
            let end = max(start, anchor.samples.upperBound)
            result.append(SpokenWord(utf8Range: words[anchor.word].utf8Range, samples: start..<end))
            (next, time) = (anchor.word + 1, end)
        }
        if let total { estimate(next..<words.count, from: time, to: max(time, total), into: &result) }
        return result
    }

    /// Shares a stretch of time among words by their length.
    private func estimate(_ range: Range<Int>, from start: Int, to end: Int, into result: inout [SpokenWord]) {
        let whole = words[range].reduce(0) { $0 + $1.key.utf8.count }
        var before = 0
        for word in words[range] {
            let from = start + (end - start) * before / whole
            before += word.key.utf8.count
            let to = start + (end - start) * before / whole
            result.append(SpokenWord(utf8Range: word.utf8Range, samples: from..<to, isEstimated: true))
        }
    }

    // MARK: - Comparing

    private struct Anchor {
        var word: Int
        var samples: Range<Int>
    }

    private func anchors(isOver: Bool) -> [Anchor] {
        let spoken = finished + (isOver ? [open.flatMap(Self.heard)].compactMap { $0 } : [])
        var anchors: [Anchor] = []
        var (word, heard) = (0, 0)
        let common = CommonSubsequence(words.map(\.key), spoken.map(\.key), cellLimit: Self.tableLimit)
        for (written, spokenIndex) in common.pairs {
            anchors.append(Anchor(word: written, samples: spoken[spokenIndex].samples))
            (word, heard) = (written + 1, spokenIndex + 1)
        }
        // Times may end inside a word: its beginning already tells where it starts. Each word that was spoken since the last
        // anchor, and is written otherwise, may stand before it.
        guard !isOver, let open, let key = WrittenWord.key(of: open.text) else { return anchors }
        let candidates = word..<min(words.count, word + spoken.count - heard + 1)
        if let begun = candidates.first(where: { words[$0].key.hasPrefix(key) }) {
            anchors.append(Anchor(word: begun, samples: open.samples))
        }
        return anchors
    }
}
