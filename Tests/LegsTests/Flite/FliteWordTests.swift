import Actors
import Legs
import Testing

@Suite("Flite word times", .timeLimit(.minutes(5)))
struct FliteWordTests {
    static let sentences: [(text: String, words: [String])] = [
        ("Hello, how can I help you?", ["Hello", "how", "can", "I", "help", "you"]),
        ("It costs $25.", ["It", "costs", "$25"]),
        ("Come at 10:30 on the 5th.", ["Come", "at", "10:30", "on", "the", "5th"]),
        ("Dr. Smith's dog", ["Dr.", "Smith's", "dog"]),
        ("Zoë's café opens", ["Zoë's", "café", "opens"]),
        ("“Really?” he said – (maybe).", ["Really", "he", "said", "maybe"]),
        ("  one\ntwo\t three  ", ["one", "two", "three"]),
        ("Pay €5 now", ["Pay", "€", "5", "now"]),
        ("Fish & chips, 50% off!", ["Fish", "&", "chips", "50%", "off"]),
        ("e-mail or call 555-0199", ["e-mail", "or", "call", "555-0199"]),
        ("Yes", ["Yes"]),
        ("AT&T calls…", ["AT", "&", "T", "calls"]),
    ]

    @Test(arguments: FliteSynthesizer.voices) func rangesCutTheWrittenWordsOutOfTheText(voice: String) async throws {
        let synthesizer = FliteSynthesizer()
        for sentence in Self.sentences {
            let piece = try await SpokenPiece(sentence.text, by: synthesizer, voice: voice)
            #expect(piece.written == sentence.words)
            #expect(!piece.isDisordered)
        }
    }

    @Test(arguments: FliteSynthesizer.voices, [8_000, 16_000, 24_000])
    func timesRiseAndLieWithinTheAudio(voice: String, rate: Int) async throws {
        let text = "Hello, Dr. Smith's bill is $25.50 at 10:30 on the 5th, or so. “Really?” he said – ok!"
        let piece = try await SpokenPiece(text, voice: voice, rate: rate)
        #expect(piece.words.count == 17)
        for (word, next) in zip(piece.words, piece.words.dropFirst()) {
            #expect(word.samples.upperBound <= next.samples.lowerBound)
            #expect(word.utf8Range.upperBound <= next.utf8Range.lowerBound)
        }
        #expect(piece.words.allSatisfy { !$0.samples.isEmpty })
        // 40 ms of silence before the first word, 120 ms after the last.
        let first = try #require(piece.words.first)
        let last = try #require(piece.words.last)
        #expect(abs(first.samples.lowerBound - rate * 40 / 1_000) <= rate / 8_000)
        #expect(abs(piece.audio.count - last.samples.upperBound - rate * 120 / 1_000) <= rate / 8_000)
    }

    @Test(arguments: FliteSynthesizer.voices) func soundIsInTheWordsAndNotBetweenThem(voice: String) async throws {
        // Vowels and nasals at the edges, so that a word is loud from end to end.
        let text = "Anna, all our animals are able, although many are ill, and we aim, all over, another aim, and all."
        let piece = try await SpokenPiece(text, voice: voice)
        var pauses = 0
        for (word, next) in zip(piece.words, piece.words.dropFirst()) {
            let gap = word.samples.upperBound..<next.samples.lowerBound
            guard gap.count >= 640 else { continue }
            pauses += 1
            let inner = (gap.lowerBound + 200)..<(gap.upperBound - 200)
            #expect(piece.level(inner) < piece.level(word.samples) - 20)
            #expect(piece.level(inner) < piece.level(next.samples) - 20)
        }
        #expect(pauses >= 4)
        #expect(piece.level(0..<240) < -50)
    }

    /// Whatever a language model writes: no trap, whole characters, rising times.
    @Test(arguments: [1, 2, 3] as [UInt64]) func anyTextGivesSoundWords(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let synthesizer = FliteSynthesizer()
        let alphabet: [Character] =
            Array("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789")
            + Array("    ....,,;:!?'\"()[]{}<>-_/|@#$%^&*+=~`\\\n\t")
            + ["é", "ß", "€", "½", "–", "…", "”", "👍", "好", "\u{301}", "\u{0}", "\u{7F}"]
        for _ in 0..<40 {
            let count = Int.random(in: 0...50, using: &random)
            let text = String((0..<count).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] })
            guard let piece = try? await SpokenPiece(text, by: synthesizer, voice: "kal16") else {
                #expect(!SpeechText(text).hasWords, "seed \(seed): \(text.debugDescription)")
                continue
            }
            var (samples, bytes) = (0, 0)
            for word in piece.words {
                #expect(word.samples.lowerBound >= samples, "seed \(seed): \(text.debugDescription)")
                #expect(word.utf8Range.lowerBound >= bytes, "seed \(seed): \(text.debugDescription)")
                samples = word.samples.upperBound
                bytes = word.utf8Range.upperBound
            }
            #expect(samples <= piece.audio.count && bytes <= text.utf8.count, "seed \(seed)")
            #expect(piece.written.allSatisfy { !$0.isEmpty && text.contains($0) }, "seed \(seed)")
        }
    }
}

/// SplitMix64: the same numbers for the same seed on every machine.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
