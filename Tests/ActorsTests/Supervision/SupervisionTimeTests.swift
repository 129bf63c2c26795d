import Actors
import Engine
import TestSupport
import Testing

/// Supervision on the real clock, where threads are many.
@Suite("Supervision time", .timeLimit(.minutes(10)))
struct SupervisionTimeTests {
    /// Says nothing, and does not end.
    private struct MuteVoice: Synthesizer {
        let provider = "mute"
        let isCancelled = Counter()
        func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
            AsyncThrowingStream { stream in
                stream.onTermination = { if case .cancelled = $0 { _ = isCancelled.next() } }
            }
        }
    }

    @Test func aMuteVoiceIsReplacedWhenItsTimeIsOver() async throws {
        var settings = SupervisionSettings.TTS()
        settings.firstAudio = .milliseconds(20)
        settings.firstAudioAfterFailure = .seconds(30)
        settings.betweenAudio = .seconds(30)
        let mute = MuteVoice()
        let voice = SupervisedSynthesizer([mute, FakeVoice()], health: ProviderHealth(), settings: settings)
        var samples = 0
        var replacements: [String] = []
        for try await delta in voice.synthesize(SpeechRequest(text: "one two", voice: "v", language: "en")) {
            switch delta {
            case .audio(let audio): samples += audio.count
            case .replaced(let replacement): replacements.append("\(replacement.error.code) \(replacement.to)")
            case .words: break
            }
        }
        #expect(samples == 1_600)
        #expect(replacements == ["timeout fake"])
        #expect(mute.isCancelled.value == 1)
    }

    @Test func aReaderWhoLeavesIsNoFailureOfTheVoice() async {
        let mute = MuteVoice()
        let health = ProviderHealth()
        var settings = SupervisionSettings.TTS()
        settings.firstAudio = .seconds(30)
        let voice = SupervisedSynthesizer([mute], health: health, settings: settings)
        let reader = Task {
            for try await _ in voice.synthesize(SpeechRequest(text: "one", voice: "v", language: "en")) {}
        }
        reader.cancel()
        _ = await reader.result
        // Nothing was learnt about a provider that was given up by its reader.
        #expect(health.snapshot().allSatisfy { $0.failed == 0 })
    }

    @Test func aThousandTurnsOnManyThreadsAreHeardOnce() async throws {
        let names = ["a", "b"]
        let health = ProviderHealth()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for call in 0..<100 {
                group.addTask {
                    let (finals, heard) = AsyncStream.makeStream(of: Int.self)
                    let transcriber = SupervisedTranscriber(
                        names.map { _ in FakeTranscriber(Array(repeating: "hours", count: 10)) },
                        health: health
                    )
                    let session = try await transcriber.open(TranscriptionRequest(profile: .test)) { event in
                        if case .final(_, let turn) = event { heard.yield(turn) }
                    }
                    var next = finals.makeAsyncIterator()
                    for turn in 0..<10 {
                        session.begin(turn: turn)
                        session.feed([Int16(call)])
                        session.end(turn: turn)
                        #expect(await next.next() == turn)
                    }
                    session.close()
                    heard.finish()
                    // None came twice.
                    #expect(await next.next() == nil)
                    return 1
                }
            }
            var calls = 0
            for try await call in group { calls += call }
            #expect(calls == 100)
        }
    }
}
