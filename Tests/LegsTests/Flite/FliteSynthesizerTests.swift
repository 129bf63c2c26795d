import Actors
import Legs
import Testing

@Suite("Flite synthesiser", .timeLimit(.minutes(5)))
struct FliteSynthesizerTests {
    private static let sentence = "Your appointment is on Wednesday at half past nine."

    private func failure(_ request: SpeechRequest, _ synthesizer: FliteSynthesizer = FliteSynthesizer()) async
        -> LegError?
    {
        do {
            for try await _ in synthesizer.synthesize(request) {}
            return nil
        } catch { return error as? LegError }
    }

    private func request(_ text: String, voice: String = "slt", language: String = "en-US", rate: Int = 8_000)
        -> SpeechRequest
    {
        SpeechRequest(text: text, voice: voice, language: language, sampleRate: rate)
    }

    @Test(arguments: FliteSynthesizer.voices) func speechHasATelephonesLevelAndASpeakersPace(voice: String) async throws
    {
        let piece = try await SpokenPiece(Self.sentence, voice: voice)
        // 12 to 20 characters per second is how people read aloud.
        #expect((2.4...4.5).contains(Double(piece.audio.count) / 8_000))
        #expect((-24 ... -17).contains(piece.activeLevel))
        #expect(piece.audio.allSatisfy { abs(Int($0)) < 32_000 })
        // A held vowel or a hum would pass the level test: speech rises and falls several times per second.
        let frames = stride(from: 0, to: piece.audio.count - 159, by: 160).map { piece.level($0..<($0 + 160)) }
        let crossings = zip(frames, frames.dropFirst()).filter { ($0 < -30) != ($1 < -30) }.count
        #expect(crossings >= 6)
    }

    @Test(arguments: FliteSynthesizer.voices) func everyRateIsTheSameSpeech(voice: String) async throws {
        let telephone = try await SpokenPiece(Self.sentence, voice: voice)
        for rate in [16_000, 24_000, 48_000] {
            let piece = try await SpokenPiece(Self.sentence, voice: voice, rate: rate)
            let factor = rate / 8_000
            #expect(abs(piece.audio.count - telephone.audio.count * factor) <= factor)
            #expect(piece.written == telephone.written)
            #expect(
                zip(piece.words, telephone.words).allSatisfy {
                    abs($0.samples.upperBound - $1.samples.upperBound * factor) <= factor
                }
            )
        }
    }

    @Test(arguments: ["", "   ", "\n\t", "...", "- –", "!"], FliteSynthesizer.voices)
    func textWithNothingToSayIsAnEmptyStream(text: String, voice: String) async throws {
        let piece = try await SpokenPiece(text, voice: voice)
        #expect(piece.audio.isEmpty && piece.words.isEmpty)
    }

    @Test func anEmptyVoiceNameTakesTheDefault() async throws {
        let piece = try await SpokenPiece("Yes.", voice: "")
        let slt = try await SpokenPiece("Yes.", voice: "slt")
        #expect(piece.audio.count == slt.audio.count)
    }

    @Test func whatCannotBeSpokenIsRefusedWithItsRemedy() async {
        let voice = await failure(request("Hi", voice: "nova"))
        #expect(voice?.code == "voice")
        #expect(voice?.cause.contains("slt, rms, kal16") == true)
        #expect(voice?.isRetryable == false)
        #expect(await failure(request("Bonjour", language: "fr-FR"))?.code == "voice")
        #expect(await failure(request("G'day", language: "en-AU")) == nil)
        #expect(await failure(request("你好"))?.code == "refused")
        #expect(await failure(request("Hi", rate: 0))?.code == "refused")
        #expect(await failure(request(String(repeating: "a ", count: 2_001)))?.code == "refused")
    }

    @Test func errorsDoNotRepeatTheText() async {
        for request in [request("你好 12", language: "de"), request("Zebra", voice: "x"), request("你好")] {
            let error = await failure(request)
            #expect(error?.description.contains("Zebra") == false && error?.description.contains("你好") == false)
        }
    }

    @Test func eightAtOnceSpeakAsOneAlone() async throws {
        var configuration = FliteSynthesizer.Configuration()
        configuration.threads = 8
        let synthesizer = FliteSynthesizer(configuration)
        for voice in FliteSynthesizer.voices {
            let alone = try await SpokenPiece(Self.sentence, by: synthesizer, voice: voice)
            try await withThrowingTaskGroup(of: SpokenPiece.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await SpokenPiece(Self.sentence, by: synthesizer, voice: voice) }
                }
                for try await piece in group {
                    #expect(piece.words == alone.words)
                    #expect(piece.audio.count == alone.audio.count)
                    // The statistical voices excite their filter with rand(): alike, but not equal, samples.
                    #expect(voice != "kal16" || piece.audio == alone.audio)
                    #expect(abs(piece.activeLevel - alone.activeLevel) < 1)
                }
            }
        }
    }

    @Test func aFullQueueIsBusyAndDrainsAgain() async throws {
        var configuration = FliteSynthesizer.Configuration()
        configuration.threads = 1
        configuration.queueLimit = 1
        let synthesizer = FliteSynthesizer(configuration)
        // Seconds of work, which holds the only thread until this reader leaves.
        let long = request(String(repeating: "And then we went home. ", count: 150))
        var waiting: AsyncThrowingStream<SpeechDelta, any Error>?
        for try await _ in synthesizer.synthesize(long) {
            waiting = synthesizer.synthesize(request("Yes."))
            let refused = await failure(request("Yes."), synthesizer)
            #expect(refused?.code == "busy" && refused?.isRetryable == true)
            break
        }
        var samples = 0
        for try await delta in try #require(waiting) {
            if case .audio(let audio) = delta { samples += audio.count }
        }
        #expect(samples > 2_000)
    }

    @Test func flitesWorkStopsWhenTheListenerSaysSo() {
        final class Listener: FliteListener {
            var (begun, received) = (0, 0)
            func begin(_ plan: FlitePlan) -> Bool {
                begun += 1
                return true
            }
            func receive(_ samples: UnsafeBufferPointer<Int16>) -> Bool {
                received += 1
                return received < 3
            }
        }
        for voice in FliteVoice.allCases {
            let listener = Listener()
            let text = Array(String(repeating: "And then we went home. ", count: 20).utf8)
            #expect(FliteUtterance.synthesize(text, voice: voice, listener: listener))
            #expect(listener.begun == 1)
            #expect(listener.received == 3)
        }
    }

    @Test func aReaderThatLeavesFreesTheThreadForTheNext() async throws {
        var configuration = FliteSynthesizer.Configuration()
        configuration.threads = 1
        let synthesizer = FliteSynthesizer(configuration)
        let long = String(repeating: "And then we went home. ", count: 100)
        for _ in 0..<3 {
            for try await delta in synthesizer.synthesize(request(long)) {
                if case .audio = delta { break }
            }
        }
        let task = Task { try await SpokenPiece(long, by: synthesizer) }
        task.cancel()
        let cancelled = try await task.value
        #expect(cancelled.audio.count < 100 * 8_000)
        #expect(try await !SpokenPiece("Yes.", by: synthesizer).audio.isEmpty)
    }
}
