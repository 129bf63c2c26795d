import Actors
import Engine
import TestSupport

/// A reply of random text, how a voice would say it, and what is really heard of it when.
struct RandomReply {
    private static let parts = [
        "Yes,", "of course.", "We open", "at 9:30", "am", "and", "it costs $25,", "for Dr. Lee", "on 2025-03-03.",
        "Call +1 202 555 0142",
        "or mail anna@vets.com.", "That is 25% more.", "**Bring**", "the [vaccination card](https://a.example/b)",
        "please!", "\n- Dogs",
        "\n", "well-known", "(really)", "— so —", "it's 5 km", "the FBI", "😀", "\"No,\"", "he said...", "Oakfield's",
        "1,234.5",
        "U.S.", "£2.5 million", "<b>now</b>", "e.g. cats", "etc.", "?",
    ]

    let text: String
    let profile: TenantProfile
    /// As the conversation hands them to the voice.
    private(set) var pieces: [String] = []
    /// As the voice tells them: of the written piece.
    private(set) var words: [[SpokenWord]] = []
    /// Where the last sound of each written word is, over all pieces, and where its piece begins.
    private(set) var ends: [(piece: Int, sample: Int)] = []
    private(set) var lengths: [Int] = []

    init(seed: UInt64, isModelled: Bool = false) {
        var generator = SeededGenerator(seed: seed)
        text = (0..<Int.random(in: 2...16, using: &generator)).map { _ in
            Self.parts.randomElement(using: &generator) ?? ""
        }.joined(separator: " ")
        profile = .varied { $0.pronunciations = ["Oakfield": "Oak field"] }
        pieces = PieceSplitter.pieces(of: text, language: profile.language)
        for (index, piece) in pieces.enumerated() {
            let speakable = SpeakableText(
                piece,
                language: profile.language,
                pronunciations: Pronunciations(profile.pronunciations)
            )
            let (spoken, length) = Self.spoken(speakable.spoken, &generator)
            lengths.append(length)
            let written = speakable.written(spoken)
            ends += Self.ends(of: written, in: piece).map { (index, $0) }
            words.append(isModelled ? Self.modelled(speakable, length, profile) : written)
        }
    }

    /// Each word of the spoken form lasts 60 to 500 ms, with a pause behind some.
    private static func spoken(_ text: String, _ generator: inout SeededGenerator) -> ([SpokenWord], length: Int) {
        var words: [SpokenWord] = []
        var offset = 0
        var sample = Int.random(in: 0...400, using: &generator)
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if word.contains(where: { $0.isLetter || $0.isNumber }) {
                let length = Int.random(in: 480...4000, using: &generator)
                words.append(
                    SpokenWord(utf8Range: offset..<offset + word.utf8.count, samples: sample..<sample + length)
                )
                sample += length + (Bool.random(using: &generator) ? 0 : Int.random(in: 0...1600, using: &generator))
            }
            offset += word.utf8.count + 1
        }
        return (words, sample)
    }

    private static func modelled(_ text: SpeakableText, _ length: Int, _ profile: TenantProfile) -> [SpokenWord] {
        var timings = WordTimings(text.spoken, language: profile.language, sampleRate: 8000)
        _ = timings.add([Int16](repeating: 3000, count: length))
        timings.finish()
        return text.written(timings.words)
    }

    /// The last sample of each written word that has a letter or a figure.
    private static func ends(of words: [SpokenWord], in piece: String) -> [Int] {
        var ends: [Int] = []
        var offset = 0
        for token in piece.split(separator: " ", omittingEmptySubsequences: false) {
            let range = offset..<offset + token.utf8.count
            if let last = words.last(where: { range.overlaps($0.utf8Range) }) { ends.append(last.samples.upperBound) }
            offset = range.upperBound + 1
        }
        return ends
    }

    var spoken: SpokenReply {
        var reply = SpokenReply(number: 1)
        reply.pieces = zip(pieces, words).map { SpokenReply.Piece(text: $0, words: $1) }
        return reply
    }

    /// Written words that have sounded to their end.
    func heardWords(piece: Int, samples: Int) -> Int {
        ends.filter { $0.piece < piece || $0.piece == piece && $0.sample <= samples }.count
    }

    /// Every 20 ms of the reply, and as many random samples.
    func instants(seed: UInt64) -> [HeardPosition] {
        var generator = SeededGenerator(seed: seed)
        return lengths.enumerated().flatMap { piece, length in
            stride(from: 0, through: length + 160, by: 160).flatMap { sample in
                [sample, Int.random(in: 0...length + 1, using: &generator)].map {
                    HeardPosition(reply: 1, piece: Int32(piece), samples: Int32($0), isConfirmed: true)
                }
            }
        }
    }

    /// Words with a letter or a figure.
    static func count(_ text: String) -> Int {
        text.split(separator: " ").filter { $0.contains { $0.isLetter || $0.isNumber } }.count
    }
}
