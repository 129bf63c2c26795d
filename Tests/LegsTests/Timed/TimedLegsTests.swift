import Actors
import Legs
import Synchronization
import TestSupport
import Testing

@Suite("Timed legs", .timeLimit(.minutes(5)))
struct TimedLegsTests {
    /// What a session reported, and a way to wait for it.
    private final class Heard: Sendable {
        private let (stream, continuation) = AsyncStream.makeStream(of: TranscriptEvent.self)

        func add(_ event: TranscriptEvent) { continuation.yield(event) }
        func close() { continuation.finish() }

        func next() async -> TranscriptEvent? {
            for await event in stream { return event }
            return nil
        }

        var all: [TranscriptEvent] {
            get async {
                var all: [TranscriptEvent] = []
                for await event in stream { all.append(event) }
                return all
            }
        }
    }

    private func session(_ delay: Duration, _ heard: Heard) async throws -> any TranscriptionSession {
        try await TimedTranscriber(delay: delay).open(TranscriptionRequest(profile: .test)) { heard.add($0) }
    }

    private func final(_ turn: Int) -> TranscriptEvent {
        .final(Transcript(text: TimedTranscriber.words, provider: "timed"), turn: turn)
    }

    @Test(arguments: [Duration.zero, .milliseconds(5)]) func everyTurnGetsItsTranscript(_ delay: Duration) async throws
    {
        let heard = Heard()
        let session = try await session(delay, heard)
        for turn in 1...3 {
            session.begin(turn: turn)
            session.feed([Int16](repeating: 0, count: 160))
            session.end(turn: turn)
            #expect(await heard.next() == final(turn))
        }
    }

    private func provisional(_ turn: Int) -> TranscriptEvent {
        .provisional(Transcript(text: TimedTranscriber.words, provider: "timed"), turn: turn)
    }

    @Test(arguments: [Duration.zero, .milliseconds(5)]) func aPauseGivesTheWordsAndTheEndRepeatsThem(
        _ delay: Duration
    ) async throws {
        let heard = Heard()
        let session = try await session(delay, heard)
        for turn in 1...3 {
            session.begin(turn: turn)
            session.pause(turn: turn)
            #expect(await heard.next() == provisional(turn))
            session.resume(turn: turn)
            session.pause(turn: turn)
            #expect(await heard.next() == provisional(turn))
            session.feed([Int16](repeating: 0, count: 160))
            session.end(turn: turn)
            #expect(await heard.next() == final(turn))
        }
    }

    @Test func anEndBeforeThePausesWordsGivesThemOnce() async throws {
        let heard = Heard()
        let session = try await session(.milliseconds(50), heard)
        session.begin(turn: 1)
        session.pause(turn: 1)
        session.end(turn: 1)
        #expect(await heard.next() == final(1))
        session.close()
        heard.close()
        #expect(await heard.all.isEmpty)
    }

    @Test func aCallerWhoGoesOnMakesThePauseVoid() async throws {
        let heard = Heard()
        let session = try await session(.seconds(600), heard)
        session.begin(turn: 1)
        session.pause(turn: 1)
        session.resume(turn: 1)
        session.close()
        heard.close()
        #expect(await heard.all.isEmpty)
    }

    @Test func aCancelledTurnAndAnEndedCallSayNothing() async throws {
        let heard = Heard()
        let session = try await session(.seconds(600), heard)
        session.begin(turn: 1)
        session.end(turn: 1)
        session.cancel()
        session.begin(turn: 2)
        session.end(turn: 2)
        session.close()
        heard.close()
        #expect(await heard.all.isEmpty)
    }

    @Test func theWordsAreNoEmergencyOfASampleTenant() throws {
        for tenant in ["oakfield-vets", "saffron-catering"] {
            let profile = try ReceptionistFixtures.profile(tenant)
            let spotter = EmergencySpotter(words: profile.emergency.words)
            #expect(spotter.spot(TimedTranscriber.words) == nil)
        }
    }

    // MARK: The model

    private func dialogue(_ delay: Duration) async throws -> any DialogueSession {
        try await TimedModel(delay: delay).open(DialogueRequest(profile: .test))
    }

    private let turn = DialogueTurn(number: 1, cause: .notUnderstood, history: [])

    @Test func theReplyComesWordByWordAndIsTheSameEachTime() async throws {
        let dialogue = try await dialogue(.zero)
        for _ in 0..<2 {
            var pieces: [String] = []
            for try await delta in dialogue.reply(to: turn) {
                guard case .text(let text) = delta else { continue }
                pieces.append(text)
            }
            #expect(pieces.count == TimedModel.reply.split(separator: " ").count)
            #expect(pieces.joined() == TimedModel.reply + " ")
        }
    }

    @Test func theReplyLastsAboutEightSecondsInFourPieces() async throws {
        let pieces = PieceSplitter.pieces(of: TimedModel.reply)
        #expect(pieces.count == 4)
        var samples = 0
        for piece in pieces { samples += try await speech(piece, rate: 8000).audio.count }
        #expect((7.5...8.5).contains(Double(samples) / 8000))
    }

    @Test func aCancelledReaderIsLetGoAtOnce() async throws {
        let dialogue = try await dialogue(.seconds(600))
        let voice = TimedSynthesizer(delay: .seconds(600))
        let turn = turn
        let readers = [
            Task { for try await _ in dialogue.reply(to: turn) {} },
            Task { for try await _ in voice.synthesize(SpeechRequest(text: "Hello.", voice: "", language: "en")) {} },
        ]
        for reader in readers { reader.cancel() }
        // Without cancellation this outlasts the suite's time limit.
        for reader in readers { _ = await reader.result }
    }

    // MARK: The voice

    private func speech(_ text: String, rate: Int) async throws -> (words: [SpokenWord], audio: [Int16], blocks: Int) {
        var words: [SpokenWord] = []
        var audio: [Int16] = []
        var blocks = 0
        let request = SpeechRequest(text: text, voice: "slt", language: "en-US", sampleRate: rate)
        for try await delta in TimedSynthesizer(delay: .zero).synthesize(request) {
            switch delta {
            case .words(let times):
                #expect(words.isEmpty && audio.isEmpty)
                words = times
            case .audio(let samples):
                audio += samples
                blocks += 1
            case .replaced:
                Issue.record("there is nobody else")
            }
        }
        return (words, audio, blocks)
    }

    @Test(arguments: [8000, 16_000, 24_000]) func wordsCoverTheTextAndTheAudio(_ rate: Int) async throws {
        let text = "Grüße, this is a piece of some length."
        let spoken = try await speech(text, rate: rate)
        let written = spoken.words.map { word in
            String(decoding: Array(text.utf8)[word.utf8Range], as: UTF8.self)
        }
        #expect(written == text.split(separator: " ").map(String.init))
        #expect(spoken.words.last?.samples.upperBound == spoken.audio.count)
        #expect(spoken.audio.count == text.utf8.count * rate / 16)
        #expect(spoken.blocks == (spoken.audio.count + rate - 1) / rate)
        for (earlier, later) in zip(spoken.words, spoken.words.dropFirst()) {
            #expect(earlier.samples.upperBound <= later.samples.lowerBound)
        }
    }

    @Test func theToneIsLoudFromItsFirstFrameAndNeverClips() async throws {
        let audio = try await speech("A piece of speech that lasts some seconds.", rate: 8000).audio
        let squares = audio.map { Double($0) * Double($0) }
        let first = (squares[..<160].reduce(0, +) / 160).squareRoot()
        let all = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
        #expect(first > 1000)
        #expect((2000...5000).contains(all))
        #expect(audio.allSatisfy { abs(Int($0)) < 32_767 })
    }

    @Test func whatCannotBeSpokenIsSilentOrRefused() async throws {
        #expect(try await speech("", rate: 8000).audio.isEmpty)
        #expect(try await speech("   ", rate: 8000).words.isEmpty)
        await #expect(throws: LegError.self) { try await speech("Hello.", rate: 999) }
        await #expect(throws: LegError.self) { try await speech(String(repeating: "a", count: 5000), rate: 8000) }
    }
}
