import Actors
import TestSupport
import Testing

@Suite("Modelled word times")
struct WordTimingsTests {
    private static let text = "Yes, of course. We open at nine."

    @Test(arguments: ["en", "fr", "de", "es", "ja"])
    func everyWordHasATimeInOrder(language: String) {
        let words = WordTimings(Self.text, language: language, sampleRate: 8000).words
        let bytes = Array(Self.text.utf8)
        #expect(
            words.map { String(decoding: bytes[$0.utf8Range], as: UTF8.self) }
                == ["Yes", "of", "course", "We", "open", "at", "nine"]
        )
        #expect(words.allSatisfy { $0.isEstimated && !$0.samples.isEmpty })
        #expect(zip(words, words.dropFirst()).allSatisfy { $0.samples.upperBound <= $1.samples.lowerBound })
    }

    @Test func theWholeIsExactOnceTheAudioIsOver() {
        var timings = WordTimings(Self.text, language: "en", sampleRate: 8000)
        _ = timings.add([Int16](repeating: 0, count: 800))
        _ = timings.add([Int16](repeating: 4000, count: 30_000))
        _ = timings.add([Int16](repeating: 0, count: 1600))
        timings.finish()
        #expect(timings.words.first?.samples.lowerBound == 800)
        #expect(abs((timings.words.last?.samples.upperBound ?? 0) - 30_800) <= 1)
    }

    @Test func audioThatOutgrowsTheModelStretchesIt() {
        var timings = WordTimings("Hello there.", language: "en", sampleRate: 8000)
        let before = timings.words.last?.samples.upperBound ?? 0
        var changes = 0
        for _ in 0..<500 { changes += timings.add([Int16](repeating: 4000, count: 160)) ? 1 : 0 }
        #expect((timings.words.last?.samples.upperBound ?? 0) >= 80_000 && before < 16_000)
        #expect(1...40 ~= changes, "not for every frame: \(changes)")
    }

    @Test(arguments: ["", "...", "—"])
    func textWithoutWordsHasNone(text: String) {
        var timings = WordTimings(text, language: "en", sampleRate: 8000)
        _ = timings.add([1, 2, 3])
        timings.finish()
        #expect(timings.words.isEmpty)
    }

    private static func deltas(_ voice: any Synthesizer, _ request: SpeechRequest) async throws -> [SpeechDelta] {
        var deltas: [SpeechDelta] = []
        for try await delta in voice.synthesize(request) { deltas.append(delta) }
        return deltas
    }

    @Test(.timeLimit(.minutes(5))) func aVoiceWithoutWordsGetsSome() async throws {
        let voice = ModelledWords(TellingVoice([.audio([Int16](repeating: 4000, count: 8000)), .audio([5, 6])]))
        let deltas = try await Self.deltas(voice, SpeechRequest(text: "Hello there.", voice: "", language: "en"))
        let kinds = deltas.map { if case .words = $0 { "words" } else { "audio" } }
        #expect(kinds == ["words", "audio", "audio", "words"])
        guard case .words(let last)? = deltas.last else { return }
        #expect(last.map(\.utf8Range) == [0..<5, 6..<11])
        #expect(last.allSatisfy { $0.isEstimated })
        #expect(abs((last.last?.samples.upperBound ?? 0) - 8000) <= 1)
    }

    @Test(.timeLimit(.minutes(5))) func wordsAVoiceTellsPassAsTheyAre() async throws {
        let told: [SpeechDelta] = [
            .words([SpokenWord(utf8Range: 0..<5, samples: 0..<100)]), .audio([1]),
            .words([SpokenWord(utf8Range: 0..<5, samples: 0..<90)]), .audio([2]),
        ]
        let deltas = try await Self.deltas(
            ModelledWords(TellingVoice(told)),
            SpeechRequest(text: "Hello there.", voice: "", language: "en")
        )
        #expect(deltas == told)
    }

    @Test(.timeLimit(.minutes(5))) func aVoiceIsGivenTheSpokenFormAndHeardInWrittenWords() async throws {
        let voice = SpokenVoice(FakeVoice(samplesPerWord: 100))
        let request = SpeechRequest(
            text: "Oakfield costs $25 now.",
            voice: "",
            language: "en",
            pronunciations: Pronunciations(["oakfield": "oak field"])
        )
        let deltas = try await Self.deltas(voice, request)
        guard case .words(let words)? = deltas.first else {
            Issue.record("no words")
            return
        }
        #expect(words.map(\.utf8Range) == [0..<8, 9..<14, 15..<18, 19..<23])
        #expect(words.map(\.samples) == [0..<200, 200..<300, 300..<500, 500..<600])
    }

    @Test(.timeLimit(.minutes(5))) func aVoicesFailureIsPassedOn() async throws {
        let failure = LegError(leg: .tts, provider: "scripted", code: "busy", cause: "429", isRetryable: true)
        let voice = SpokenVoice(ModelledWords(TellingVoice([.audio([1])], failure: failure)))
        await #expect(throws: failure) {
            _ = try await Self.deltas(voice, SpeechRequest(text: "It is $5.", voice: "", language: "en"))
        }
        #expect(voice.provider == "scripted")
    }

    @Test(.timeLimit(.minutes(5))) func whoStopsReadingStopsTheVoice() async throws {
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        let voice = SpokenVoice(ModelledWords(EndlessVoice(end: end)))
        let reader = Task {
            for try await delta in voice.synthesize(SpeechRequest(text: "It is $5.", voice: "", language: "en")) {
                if case .audio = delta { break }
            }
        }
        try await reader.value
        for await _ in ended {}
    }
}

/// Says what it is told to.
private struct TellingVoice: Synthesizer {
    let provider = "scripted"
    let deltas: [SpeechDelta]
    let failure: LegError?

    init(_ deltas: [SpeechDelta], failure: LegError? = nil) {
        self.deltas = deltas
        self.failure = failure
    }

    func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        AsyncThrowingStream { stream in
            for delta in deltas { stream.yield(delta) }
            stream.finish(throwing: failure)
        }
    }
}

/// Never ends by itself, and tells when nobody listens any more.
private struct EndlessVoice: Synthesizer {
    let provider = "endless"
    let end: AsyncStream<Void>.Continuation

    func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        AsyncThrowingStream { stream in
            stream.onTermination = { _ in end.finish() }
            stream.yield(.audio([1]))
        }
    }
}
