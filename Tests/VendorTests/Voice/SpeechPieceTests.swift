import Actors
import Foundation
import Legs
import TestSupport
import Testing

@Suite("A piece of speech", .timeLimit(.minutes(5)))
struct SpeechPieceTests {
    private let desk = VoiceDesk(provider: "test")

    private func stream(
        _ limits: VoiceLimits = VoiceBench.patient(),
        work: @escaping @Sendable (SpeechPiece) async throws -> Void
    ) -> AsyncThrowingStream<SpeechDelta, any Error> {
        SpeechPiece.stream(
            VoiceBench.request("Some words."),
            encoding: .muLaw(rate: 8000),
            limits: limits,
            desk: desk,
            work: work
        )
    }

    private func read(_ stream: AsyncThrowingStream<SpeechDelta, any Error>) async throws -> Int {
        var samples = 0
        for try await case .audio(let audio) in stream { samples += audio.count }
        return samples
    }

    /// The vendor's work returns while it is still being told to stop, before the error is thrown.
    @Test func aLatePieceThrowsHoweverFastItsWorkStops() async throws {
        var limits = VoiceBench.patient()
        limits.firstAudio = .milliseconds(1)
        for _ in 0..<10 {
            let stream = stream(limits) { piece in
                let (stopped, stop) = AsyncStream.makeStream(of: Void.self)
                piece.onStop { _ in
                    stop.finish()
                    usleep(20_000)
                }
                for await _ in stopped {}
            }
            let error = await #expect(throws: LegError.self) { try await read(stream) }
            #expect(error?.code == "timeout")
        }
        try await VoiceBench.until { desk.pieces == 0 }
    }

    /// An interruption while the vendor's audio comes in.
    @Test func readersThatLeaveWhileTheyAreToldHoldNobodyUp() async throws {
        try await Crossfire.run(rounds: 1000, tell: { usleep(1000) }) {
            let stream = stream { piece in
                await withCheckedContinuation { stopped in
                    Thread.detachNewThread {
                        while !piece.isSettled, (try? piece.audio([0xFF])) != nil {}
                        stopped.resume()
                    }
                }
            }
            return Task { do { for try await _ in stream {} } catch {} }
        }
        try await VoiceBench.until { desk.pieces == 0 }
    }

    @Test func nothingReachesTheReaderAfterTheError() async throws {
        let stream = stream { piece in
            try piece.audio([1, 2, 3])
            throw piece.errors.unavailable("gone")
        }
        var samples = 0
        let error = await #expect(throws: LegError.self) {
            for try await case .audio(let audio) in stream { samples += audio.count }
        }
        #expect(error?.code == "unavailable")
        #expect(samples == 3)
    }

    @Test func workIsToldOnceThatItsReaderWentAway() async throws {
        let (told, tell) = AsyncStream.makeStream(of: SpeechPiece.Stop.self)
        let reader = Task {
            try await read(
                stream { piece in
                    let (stopped, stop) = AsyncStream.makeStream(of: Void.self)
                    piece.onStop { reason in
                        tell.yield(reason)
                        stop.finish()
                    }
                    try piece.audio([1])
                    for await _ in stopped {}
                    try piece.audio([2, 3])
                    // Also one that asks too late is told.
                    piece.onStop {
                        tell.yield($0)
                        tell.finish()
                    }
                }
            )
        }
        reader.cancel()
        var reasons: [SpeechPiece.Stop] = []
        for await reason in told { reasons.append(reason) }
        #expect(reasons == [.cancelled, .cancelled])
        try await VoiceBench.until { desk.pieces == 0 }
    }

    @Test func anErrorThatIsNoLegErrorBecomesOne() async {
        struct Odd: Error {}
        let error = await #expect(throws: LegError.self) { try await read(stream { _ in throw Odd() }) }
        #expect(error?.code == "unavailable")
        #expect(error?.provider == "test")
    }

    @Test func audioPastWhatTheTextCanNeedIsRefused() async {
        var limits = VoiceBench.patient()
        limits.audioBase = .milliseconds(100)
        limits.audioPerCharacter = .zero
        let error = await #expect(throws: LegError.self) {
            try await read(stream(limits) { try $0.audio([UInt8](repeating: 0xFF, count: 801)) })
        }
        #expect(error?.code == "protocol")
    }

    @Test func aRateThatDoesNotExistIsRefused() async {
        let stream = SpeechPiece.stream(
            VoiceBench.request("Words.", rate: 1),
            encoding: .muLaw(rate: 8000),
            limits: VoiceBench.patient(),
            desk: desk
        ) { _ in }
        let error = await #expect(throws: LegError.self) { try await read(stream) }
        #expect(error?.code == "refused")
    }
}
