import Actors

/// Turns the vendor's character times, chunk by chunk, into the times of the words as they are written.
package struct ElevenLabsTiming: Sendable {
    private var aligner: WordAligner
    private let rate: Int
    private var told: [SpokenWord] = []

    /// - Parameter rate: samples per second that the words' times are wanted in.
    package init(text: String, rate: Int) {
        aligner = WordAligner(text: text)
        self.rate = rate
    }

    /// Takes a message's alignment: of the text as written where the vendor gives it, else as read.
    ///
    /// - Parameter start: samples of the piece before this chunk; the chunk's own times count from its start.
    /// - Returns: all words known so far, or none when nothing new was learnt.
    package mutating func add(_ message: ElevenLabsMessage, at start: Int) -> [SpokenWord] {
        let given = [message.alignment, message.normalizedAlignment].lazy.compactMap { $0 }
        guard let alignment = given.first(where: { $0.isWhole && !$0.chars.isEmpty }) else { return [] }
        for index in alignment.chars.indices {
            let from = start + samples(alignment.charStartTimesMs[index])
            aligner.add(alignment.chars[index], samples: from..<from + samples(alignment.charDurationsMs[index]))
        }
        return news(aligner.timedWords())
    }

    /// The piece is over: words whose times the vendor never told are estimated.
    /// - Returns: all words, or none when nothing new was learnt.
    package mutating func finish(total: Int) -> [SpokenWord] {
        total > 0 ? news(aligner.timedWords(total: total)) : []
    }

    private mutating func news(_ words: [SpokenWord]) -> [SpokenWord] {
        guard words != told else { return [] }
        told = words
        return words
    }

    private func samples(_ milliseconds: Double) -> Int { Int(milliseconds * Double(rate) / 1000) }
}
