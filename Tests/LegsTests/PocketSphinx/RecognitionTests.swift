import Actors
import Legs
import Testing

@Suite("Recognition of telephone speech", .serialized, .timeLimit(.minutes(5)))
struct RecognitionTests {
    /// A recording of the three voices, what the dialogue waits for, and the words that must be understood.
    struct Sentence: Sendable, CustomTestStringConvertible {
        let number: String
        let expectation: Actors.Expectation
        let words: [String]
        /// Any one of these is right where several are alike ("yes", "yep").
        var oneOf: [String] = []
        var voices = ["slt", "rms", "awb"]
        var testDescription: String { "\(number) \((words + oneOf).joined(separator: " "))" }
    }

    static let sentences = [
        Sentence(number: "00", expectation: .intents, words: ["appointment", "tuesday", "thirty"]),
        Sentence(number: "01", expectation: .intents, words: ["cancel", "appointment", "friday"]),
        Sentence(number: "02", expectation: .yesNo, words: ["works"], oneOf: ["yes", "yep", "yeah"]),
        Sentence(number: "03", expectation: .yesNo, words: [], oneOf: ["no", "nope"]),
        Sentence(number: "05", expectation: .intents, words: ["speak", "person"]),
        Sentence(number: "06", expectation: .intents, words: ["emergency"]),
        Sentence(number: "08", expectation: .intents, words: ["repeat", "that"]),
        Sentence(number: "10", expectation: .dayTime, words: ["next", "nine", "morning"]),
        Sentence(number: "11", expectation: .intents, words: ["goodbye"]),
    ]

    @Test("The words that matter are understood", arguments: sentences)
    func contentWords(_ sentence: Sentence) async throws {
        for voice in sentence.voices {
            let heard = try await RecognizerBench.hear(
                "speech/flite_\(voice)_\(sentence.number).ulaw",
                expecting: sentence.expectation
            )
            #expect(heard.finals.count == 1)
            #expect(!heard.isRejected, "\(voice): \(heard.text)")
            for word in sentence.words { #expect(heard.words.contains(word), "\(voice): \(heard.text)") }
            if !sentence.oneOf.isEmpty {
                #expect(sentence.oneOf.contains { heard.words.contains($0) }, "\(voice): \(heard.text)")
            }
        }
    }

    @Test("A spoken number comes out digit by digit", arguments: ["slt", "rms", "awb"])
    func digits(_ voice: String) async throws {
        let heard = try await RecognizerBench.hear("speech/flite_\(voice)_04.ulaw", expecting: .digits)
        #expect(heard.text.hasSuffix("five five five one two three four"), "\(heard.text)")
    }

    @Test(
        "What the dialogue waits for excludes nothing else",
        arguments: [Actors.Expectation.yesNo, .dayTime, .name, .digits]
    )
    func otherWishes(_ expectation: Actors.Expectation) async throws {
        let emergency = try await RecognizerBench.hear("speech/flite_rms_06.ulaw", expecting: expectation)
        #expect(emergency.words.contains("emergency"), "\(emergency.text)")
        let person = try await RecognizerBench.hear("speech/flite_slt_05.ulaw", expecting: expectation)
        #expect(person.words.contains("person"), "\(person.text)")
        let cancel = try await RecognizerBench.hear("speech/flite_slt_01.ulaw", expecting: expectation)
        #expect(cancel.words.contains("cancel"), "\(cancel.text)")
    }

    @Test("A danger is in the partial words before the caller has finished")
    func emergencyPartial() async throws {
        let heard = try await RecognizerBench.hear("speech/flite_slt_06.ulaw")
        #expect(heard.partials.contains { $0.contains("emergency") }, "\(heard.partials)")
    }

    @Test("Partial words are reported when they change, and only then")
    func partialsChange() async throws {
        let heard = try await RecognizerBench.hear("speech/flite_rms_01.ulaw")
        #expect(heard.partials.count > 2)
        #expect(zip(heard.partials, heard.partials.dropFirst()).allSatisfy { $0 != $1 })
        #expect(heard.partials.allSatisfy { !$0.isEmpty })
    }

    @Test("A human voice is understood where its words are known")
    func humanDigits() async throws {
        let heard = try await RecognizerBench.hear("speech/human_cards_004.ulaw", expecting: .digits)
        #expect(heard.text == "five five")
        #expect(!heard.isRejected)
    }

    @Test("A novel read aloud is rejected", arguments: ["0880", "0890", "0920"])
    func outOfDomain(_ number: String) async throws {
        let heard = try await RecognizerBench.hear("speech/human_librivox_\(number).ulaw")
        #expect(heard.finals.count == 1)
        #expect(heard.isRejected || heard.text.isEmpty, "\(heard.text)")
    }

    @Test("Noise alone is rejected or gives no words", arguments: ["white", "pink", "street", "babble", "music"])
    func noise(_ kind: String) async throws {
        let heard = try await RecognizerBench.hear("vad/noise_\(kind).ulaw")
        #expect(heard.finals.count == 1)
        #expect(heard.isRejected || heard.text.isEmpty, "\(heard.text)")
    }

    @Test("Silence and no audio give an empty final", arguments: [0, 160, 8000, 40_000])
    func silence(_ count: Int) async throws {
        let heard = try await RecognizerBench.hear(Array(repeating: 0, count: count))
        #expect(heard.finals == [Transcript(text: "", confidence: 0, provider: "embedded")])
        #expect(heard.partials.isEmpty)
    }

    @Test("Digital silence around the words does no harm")
    func silenceAround() async throws {
        let quiet = [Int16](repeating: 0, count: 6000)
        let speech = try RecognizerBench.samples("speech/flite_slt_01.ulaw")
        let heard = try await RecognizerBench.hear(quiet + speech + quiet)
        #expect(heard.words.contains("cancel") && heard.words.contains("friday"), "\(heard.text)")
    }

    @Test("A quiet and a loud caller are understood alike", arguments: [0.25, 2.5])
    func level(_ gain: Double) async throws {
        let speech = try RecognizerBench.samples("speech/flite_slt_01.ulaw").map {
            Int16(max(-32_768, min(32_767, Double($0) * gain)))
        }
        let heard = try await RecognizerBench.hear(speech)
        #expect(heard.words.contains("cancel") && heard.words.contains("friday"), "\(heard.text)")
    }
}
