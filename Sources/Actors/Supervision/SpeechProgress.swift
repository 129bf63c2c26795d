/// What of one piece has been spoken, and where the next voice goes on when one fails.
///
/// Voices follow one another on one time line: words keep their offsets in the whole piece's text, samples go on counting. A
/// word that was broken off is spoken again; where nothing tells which word that was, rather one too many than one too few.
struct SpeechProgress: Sendable {
    /// Speech without word times is taken to run at this pace.
    static let charactersPerSecond = 15

    let text: String
    let sampleRate: Int
    /// Samples passed on.
    private(set) var delivered = 0
    /// Words of voices that were given up.
    private var spoken: [SpokenWord] = []
    /// Where the voice that speaks now began.
    private var textStart = 0
    private var sampleStart = 0
    /// Its words, on the piece's time line.
    private var words: [SpokenWord] = []

    init(text: String, sampleRate: Int) {
        self.text = text
        self.sampleRate = sampleRate
    }

    /// What the voice that speaks now was given.
    var rest: String { String(decoding: text.utf8.dropFirst(textStart), as: UTF8.self) }
    /// There is something to say.
    var isSpeakable: Bool { rest.contains { $0.isLetter || $0.isNumber } }
    var hasSound: Bool { delivered > sampleStart }

    /// The voice has told when its words sound.
    /// - Returns: all words known so far.
    mutating func plan(_ told: [SpokenWord]) -> [SpokenWord] {
        let end = text.utf8.count
        words = told.compactMap { word in
            let range = word.utf8Range.lowerBound + textStart..<word.utf8Range.upperBound + textStart
            guard word.utf8Range.lowerBound >= 0, range.upperBound <= end, word.samples.lowerBound >= 0 else {
                return nil
            }
            return SpokenWord(
                utf8Range: range,
                samples: word.samples.lowerBound + sampleStart..<word.samples.upperBound + sampleStart,
                isEstimated: word.isEstimated
            )
        }
        return spoken + words
    }

    /// The voice's first sound is there. After another voice's words its own must follow, or the other's last one would pass
    /// for the piece's last.
    /// - Returns: all words, if they are not known yet and must be.
    mutating func begin() -> [SpokenWord]? {
        guard !spoken.isEmpty, words.isEmpty else { return nil }
        words = modelled(textStart..<text.utf8.count, from: sampleStart, samples: nil)
        return spoken + words
    }

    mutating func deliver(_ count: Int) { delivered += count }

    /// The voice says it is done, but has not begun its last word.
    var isCutShort: Bool {
        guard let last = words.last, !last.isEstimated else { return false }
        // Word times are exact to a tenth of a second; two are no rounding.
        return delivered < last.samples.lowerBound - sampleRate * 2 / 10
    }

    /// The voice failed: the next one goes on with `rest`.
    mutating func handOver() {
        guard delivered > sampleStart else {
            words = []
            return
        }
        let known = words.prefix { $0.samples.upperBound <= delivered }
        let start = restart(after: Array(known))
        let heard = known.filter { $0.utf8Range.upperBound <= start }
        let told = heard.last?.utf8Range.upperBound ?? textStart
        let soundStart = heard.last?.samples.upperBound ?? sampleStart
        spoken += heard + modelled(told..<start, from: soundStart, samples: max(0, delivered - soundStart))
        textStart = start
        sampleStart = delivered
        words = []
    }

    /// UTF-8 offset of the word the next voice begins with.
    private func restart(after known: [SpokenWord]) -> Int {
        if known.count < words.count, !words[known.count].isEstimated {
            return boundary(words[known.count].utf8Range.lowerBound)
        }
        let isExact = known.last?.isEstimated == false
        let from = isExact ? known.last?.utf8Range.upperBound ?? textStart : textStart
        let tokens = Self.words(of: text).filter { $0.lowerBound >= from }
        guard let first = tokens.first else { return text.utf8.count }
        let reached: Int
        if !isExact, known.count < words.count {
            reached = words[known.count].utf8Range.lowerBound
        } else {
            let since = isExact ? known.last?.samples.upperBound ?? sampleStart : sampleStart
            reached = first.lowerBound + max(0, delivered - since) * Self.charactersPerSecond / sampleRate
        }
        // The word that is reached, and to be sure the one before it.
        let index = tokens.lastIndex { $0.lowerBound <= reached } ?? 0
        return tokens[max(0, index - 1)].lowerBound
    }

    /// A character begins here, or at the nearest place before.
    private func boundary(_ offset: Int) -> Int {
        var offset = min(max(offset, textStart), text.utf8.count)
        while offset > textStart, String(text.utf8.dropFirst(offset)) == nil { offset -= 1 }
        return offset
    }

    /// Words that nobody timed: each gets its share of the time by its length.
    /// - Parameter samples: nil: at the usual pace.
    private func modelled(_ range: Range<Int>, from start: Int, samples: Int?) -> [SpokenWord] {
        let tokens = Self.words(of: text).filter {
            $0.lowerBound >= range.lowerBound && $0.upperBound <= range.upperBound
        }
        guard let first = tokens.first, let last = tokens.last else { return [] }
        let characters = last.upperBound - first.lowerBound
        let total = samples ?? characters * sampleRate / Self.charactersPerSecond
        func sample(_ offset: Int) -> Int { start + (offset - first.lowerBound) * total / max(1, characters) }
        return tokens.map {
            SpokenWord(utf8Range: $0, samples: sample($0.lowerBound)..<sample($0.upperBound), isEstimated: true)
        }
    }

    /// UTF-8 ranges of what stands between white space.
    static func words(of text: String) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        var offset = 0
        for character in text {
            if character.isWhitespace {
                if let start { words.append(start..<offset) }
                start = nil
            } else if start == nil {
                start = offset
            }
            offset += character.utf8.count
        }
        if let start { words.append(start..<offset) }
        return words
    }
}
