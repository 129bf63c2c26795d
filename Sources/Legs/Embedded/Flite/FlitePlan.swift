import Actors

/// What flite has decided before the first sample: which written token sounds when.
package struct FlitePlan {
    /// A run of characters between white space, as flite read it.
    package struct Token {
        /// Just past the token's separator, in bytes of the text; the text's length for the last token.
        package var position: Int
        /// Opening and closing punctuation around the word.
        package var prefix: String
        package var suffix: String
        /// Seconds from the start of flite's audio; `nil` for a token without sound (a lone dash).
        package var seconds: Range<Double>?
    }

    package var tokens: [Token]
    /// From the first to the last sound that is not a pause, in seconds; `nil` if there is none.
    package var speech: Range<Double>?
}

extension FlitePlan {
    /// The written words with their times, in samples at `rate` counted from `start` seconds.
    func words(of text: SpeechText, from start: Double, rate: Int) -> [SpokenWord] {
        var words: [SpokenWord] = []
        var previous = 0
        for token in tokens {
            let characters = Self.word(token, in: text.ascii, from: previous)
            previous = token.position
            guard let seconds = token.seconds, !characters.isEmpty else { continue }
            let sample = { (time: Double) in max(0, Int(((time - start) * Double(rate)).rounded())) }
            let begin = max(sample(seconds.lowerBound), words.last?.samples.upperBound ?? 0)
            words.append(
                SpokenWord(
                    utf8Range: text.written(characters),
                    samples: begin..<max(begin, sample(seconds.upperBound))
                )
            )
        }
        return words
    }

    /// The token's characters without white space and punctuation around them.
    private static func word(_ token: Token, in ascii: [UInt8], from previous: Int) -> Range<Int> {
        var begin = min(previous, ascii.count)
        var end = max(begin, min(token.position, ascii.count))
        let space = UInt8(ascii: " ")
        while begin < end, ascii[begin] == space { begin += 1 }
        while begin < end, ascii[end - 1] == space { end -= 1 }
        if ascii[begin..<end].starts(with: token.prefix.utf8) { begin += token.prefix.utf8.count }
        if ascii[begin..<end].reversed().starts(with: token.suffix.utf8.reversed()) { end -= token.suffix.utf8.count }
        return begin..<end
    }
}
