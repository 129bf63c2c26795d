import Actors
import Legs
import TestSupport
import Testing

/// The embedded recogniser on threads of its own.
@Suite("Decoding threads", .serialized, .timeLimit(.minutes(5)))
struct QueuedSessionTests {
    private static let speech = "speech/flite_rms_01.ulaw"

    /// What a session reported, kept and waited for.
    private final class Report: Sendable {
        let log = TranscriptLog()
        private let stream: AsyncStream<TranscriptEvent>
        private let continuation: AsyncStream<TranscriptEvent>.Continuation

        init() { (stream, continuation) = AsyncStream.makeStream() }

        func add(_ event: TranscriptEvent) {
            log.add(event)
            continuation.yield(event)
        }

        /// Until the turn's final transcript is there.
        func final(of turn: Int) async {
            for await event in stream { if case .final(_, turn) = event { return } }
        }

        func failure() async {
            for await event in stream { if case .failed = event { return } }
        }
    }

    private func open(_ transcriber: PocketSphinxTranscriber, _ report: Report) async throws -> any TranscriptionSession
    {
        try await transcriber.open(TranscriptionRequest(profile: ClinicProfile.profile)) { report.add($0) }
    }

    @Test func wordsAreThoseOfADecoderThatIsWaitedFor() async throws {
        let alone = try await RecognizerBench.hear(Self.speech)
        let transcriber = PocketSphinxTranscriber(configuration: .init(threads: 2))
        let reports = (0..<3).map { _ in Report() }
        var sessions: [any TranscriptionSession] = []
        for report in reports { sessions.append(try await open(transcriber, report)) }
        for session in sessions { RecognizerBench.play(try RecognizerBench.samples(Self.speech), to: session, turn: 1) }
        for report in reports {
            await report.final(of: 1)
            let heard = report.log.heard(turn: 1)
            #expect(heard.finals.map(\.text) == [alone.text])
            #expect(heard.partials == alone.partials)
        }
        sessions.forEach { $0.close() }
    }

    @Test func nothingIsSaidOfATurnThatWasDroppedWhileItWaited() async throws {
        let transcriber = PocketSphinxTranscriber(configuration: .init(threads: 1))
        let report = Report()
        let session = try await open(transcriber, report)
        let speech = try RecognizerBench.samples(Self.speech)
        session.begin(turn: 1)
        session.feed(speech)
        session.cancel()
        // Beginning again drops what was going on; what had ended before is still told.
        session.begin(turn: 2)
        session.feed(speech)
        RecognizerBench.play(speech, to: session, turn: 3)
        session.begin(turn: 4)
        session.cancel()
        await report.final(of: 3)
        session.close()
        for turn in [1, 2, 4] {
            let heard = report.log.heard(turn: turn)
            #expect(heard.finals.isEmpty && heard.partials.isEmpty, "turn \(turn)")
        }
        #expect(report.log.heard(turn: 3).words.contains("cancel"))
    }

    @Test func aCallThatIsTooFarBehindHasNoRecogniserAndSaysSoOnce() async throws {
        let transcriber = PocketSphinxTranscriber(configuration: .init(threads: 1, longestWaitSeconds: 1))
        let report = Report()
        let session = try await open(transcriber, report)
        session.begin(turn: 1)
        // More than may wait, at once: the decoder cannot have taken any of it.
        for _ in 0..<3 { session.feed([Int16](repeating: 0, count: 16_000)) }
        session.end(turn: 1)
        await report.failure()
        session.close()
        let failures = report.log.events.compactMap { if case .failed(let error) = $0 { error } else { nil } }
        #expect(failures.map(\.code) == ["busy"])
        #expect(report.log.heard(turn: 1).finals.isEmpty)
    }

    /// A call that ends makes room for the next one, however long its decoder still works.
    @Test func whoComesRightAfterAnotherLeftIsServed() async throws {
        let transcriber = PocketSphinxTranscriber(configuration: .init(maximumDecoders: 1, threads: 1))
        let speech = try RecognizerBench.samples(Self.speech)
        for turn in 1...3 {
            let report = Report()
            let session = try await open(transcriber, report)
            session.begin(turn: turn)
            session.feed(speech)
            session.close()
        }
        let report = Report()
        let session = try await open(transcriber, report)
        let refusal = await #expect(throws: LegError.self) { _ = try await open(transcriber, Report()) }
        #expect(refusal?.code == "busy")
        RecognizerBench.play(speech, to: session, turn: 9)
        await report.final(of: 9)
        session.close()
        #expect(report.log.heard(turn: 9).words.contains("cancel"))
    }
}
