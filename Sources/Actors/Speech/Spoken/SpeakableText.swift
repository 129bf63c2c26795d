/// A written piece and how it is said, with the way back: what was heard of the spoken form is known in written words.
///
/// Languages: English, French, German, Spanish. Text in any other passes as it is written, but for the pronunciations.
/// Cost: linear in the text.
public struct SpeakableText: Sendable, Equatable {
    /// A stretch of the written text that is said differently. UTF-8 offsets.
    public struct Span: Sendable, Equatable {
        public let written: Range<Int>
        public let spoken: Range<Int>
    }

    public let written: String
    public let spoken: String
    /// In order; between them the two texts are the same.
    public let spans: [Span]

    /// - Parameters:
    ///   - language: BCP 47; its region decides how `3/4/2025` is read.
    ///   - style: what is spelled out.
    public init(
        _ written: String,
        language: String = "en",
        style: SpeechStyle = .spoken,
        pronunciations: Pronunciations = .none
    ) {
        self.written = written
        let language = SpokenLanguages.of(language)
        guard language != nil && !style.isEmpty || !pronunciations.isEmpty else {
            spoken = written
            spans = []
            return
        }
        var reader = SpokenReader(written, language: language, style: style, pronunciations: pronunciations)
        (spoken, spans) = Self.replace(reader.read(), in: written)
    }

    private static func replace(_ replacements: [SpokenReplacement], in written: String) -> (String, [Span]) {
        let bytes = Array(written.utf8)
        var spoken: [UInt8] = []
        spoken.reserveCapacity(bytes.count * 2)
        var spans: [Span] = []
        var done = 0
        for replacement in replacements where replacement.range.lowerBound >= done {
            spoken += bytes[done..<replacement.range.lowerBound]
            let start = spoken.count
            spoken += replacement.text.utf8
            spans.append(Span(written: replacement.range, spoken: start..<spoken.count))
            done = replacement.range.upperBound
        }
        spoken += bytes[done...]
        return (String(decoding: spoken, as: UTF8.self), spans)
    }

    /// The written stretch behind a stretch of the spoken form; what is said as one is one.
    public func written(_ range: Range<Int>) -> Range<Int> {
        Self.map(range, spans, from: \.spoken, to: \.written, limit: written.utf8.count)
    }

    /// How a stretch of the written text is said.
    public func spoken(_ range: Range<Int>) -> Range<Int> {
        Self.map(range, spans, from: \.written, to: \.spoken, limit: spoken.utf8.count)
    }

    private static func map(
        _ range: Range<Int>,
        _ spans: [Span],
        from: KeyPath<Span, Range<Int>>,
        to: KeyPath<Span, Range<Int>>,
        limit: Int
    ) -> Range<Int> {
        // The last span that begins at or before a place.
        func before(_ place: Int) -> Span? {
            var low = 0
            var high = spans.count
            while low < high {
                let middle = (low + high) / 2
                if spans[middle][keyPath: from].lowerBound <= place { low = middle + 1 } else { high = middle }
            }
            return low > 0 ? spans[low - 1] : nil
        }
        func shifted(_ place: Int, _ span: Span?) -> Int {
            guard let span else { return min(place, limit) }
            return min(limit, place - span[keyPath: from].upperBound + span[keyPath: to].upperBound)
        }
        let first = before(range.lowerBound)
        let isInside = first.map { range.lowerBound < $0[keyPath: from].upperBound } ?? false
        let lower = isInside ? first?[keyPath: to].lowerBound ?? 0 : shifted(range.lowerBound, first)
        guard !range.isEmpty else { return lower..<lower }
        let last = before(range.upperBound - 1)
        let endsInside = last.map { range.upperBound <= $0[keyPath: from].upperBound } ?? false
        let upper = endsInside ? last?[keyPath: to].upperBound ?? 0 : shifted(range.upperBound, last)
        return lower..<max(lower, upper)
    }
}

extension SpeakableText {
    /// The times of the spoken words as times of written ones.
    ///
    /// Words said for one written word (`$25`) become one. Written words that are said as one stretch (`$2 million`) share its
    /// time by their length, and are estimates.
    public func written(_ words: [SpokenWord]) -> [SpokenWord] {
        guard !spans.isEmpty else { return words }
        var merged: [SpokenWord] = []
        for word in words {
            var mapped = word
            mapped.utf8Range = written(word.utf8Range)
            if let last = merged.last, mapped.utf8Range.lowerBound < last.utf8Range.upperBound {
                let end = merged.count - 1
                merged[end].utf8Range =
                    last.utf8Range.lowerBound..<max(last.utf8Range.upperBound, mapped.utf8Range.upperBound)
                merged[end].samples =
                    last.samples.lowerBound..<max(last.samples.upperBound, mapped.samples.upperBound)
                merged[end].isEstimated = last.isEstimated || mapped.isEstimated
            } else {
                merged.append(mapped)
            }
        }
        let bytes = Array(written.utf8)
        return merged.flatMap { Self.parted($0, bytes) }
    }

    private static func parted(_ word: SpokenWord, _ bytes: [UInt8]) -> [SpokenWord] {
        let parts = bytes[word.utf8Range].split(separator: UInt8(ascii: " "))
        guard parts.count > 1 else { return [word] }
        let total = parts.reduce(0) { $0 + $1.count }
        var done = 0
        return parts.map { part in
            let begin = word.samples.lowerBound + word.samples.count * done / total
            done += part.count
            let end = word.samples.lowerBound + word.samples.count * done / total
            return SpokenWord(utf8Range: part.startIndex..<part.endIndex, samples: begin..<end, isEstimated: true)
        }
    }
}
