import Actors
import Engine
import Foundation
import Logging
import TestSupport
import Testing

/// What an emergency, a key, an operator and consent do to a whole call.
@Suite("Live calls", .timeLimit(.minutes(5)))
struct LiveCallTests {
    /// A recogniser that writes an emergency word down as soon as it has heard a fifth of a second of the caller.
    private struct AlarmedTranscriber: Transcriber {
        let provider = "fake"

        func open(
            _ request: TranscriptionRequest,
            events: @escaping @Sendable (TranscriptEvent) -> Void
        ) async throws -> any TranscriptionSession { Session(events: events) }

        private final class Session: TranscriptionSession {
            private let events: @Sendable (TranscriptEvent) -> Void
            private let samples = Locked(0)
            init(events: @escaping @Sendable (TranscriptEvent) -> Void) { self.events = events }

            func expect(_ expectation: Actors.Expectation) {}
            func begin(turn: Int) {}
            func feed(_ samples: [Int16]) {
                let total = self.samples.withLock { total in
                    total += samples.count
                    return total
                }
                if total >= 1600 { events(.partial("help he is bleeding", turn: 1)) }
            }
            func end(turn: Int) {}
            func cancel() {}
            func close() {}
        }
    }

    /// A model that never answers.
    private struct HangingModel: DialogueModel, DialogueSession {
        let provider = "fake"
        func open(_ request: DialogueRequest) async throws -> any DialogueSession { self }
        func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error> {
            AsyncThrowingStream { _ in }
        }
    }

    /// A voice that says the greeting and then nothing any more.
    private struct FailingVoice: Synthesizer {
        let provider = "fake"
        func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
            guard request.text.contains("Help") else { return FakeVoice().synthesize(request) }
            return AsyncThrowingStream {
                $0.finish(
                    throwing: LegError(leg: .tts, provider: "fake", code: "voice", cause: "none", isRetryable: false)
                )
            }
        }
    }

    @Test(arguments: [false, true])
    func anEmergencyWordIsActedOnWhileTheModelHangsAndTheVoiceFails(voiceFails: Bool) async throws {
        let bench = CallBench(
            transcriber: AlarmedTranscriber(),
            model: HangingModel(),
            synthesizer: voiceFails ? FailingVoice() : FakeVoice()
        )
        var line = try bench.start(.test)
        try await line.say("flite_slt_05")
        let reason = try await line.waitForEnd()
        #expect(reason == .transferred)
        let delays = bench.observer.happenings.compactMap {
            if case .emergency("bleeding", let delay) = $0 { delay } else { nil }
        }
        #expect(delays.count == 1)
        // From the newest sound of the caller the recogniser had to the agent's stop.
        #expect(try #require(delays.first) <= .milliseconds(500), "\(delays)")
        await bench.stop()
    }

    @Test func aKeyOfTheMenuEndsTheCallInVoicemail() async throws {
        let bench = CallBench()
        var line = try bench.start(
            .varied {
                $0.menu = TenantProfile.testMenu
                $0.voicemail = .init(say: "Please speak after the tone.")
            }
        )
        await bench.observer.waitFor { if case .agentSaid = $0 { true } else { false } }
        line.press("3")
        let reason = try await line.waitForEnd()
        #expect(reason == .voicemail)
        await bench.stop()
    }

    @Test func anOperatorReachesALiveCallAndNoOther() async throws {
        let bench = CallBench()
        var line = try bench.start(.test)
        await bench.observer.waitFor { if case .agentSaid = $0 { true } else { false } }
        #expect(!bench.exchange.instruct("2", .hangUp))
        #expect(bench.exchange.instruct("1", .transfer(number: "+15550188", announcement: "To the ward.", brief: "A.")))
        let reason = try await line.waitForEnd()
        #expect(reason == .transferred)
        await bench.observer.waitFor {
            if case .ended(let outcome) = $0 {
                outcome.transferTo == "+15550188" && outcome.transferBrief == "A."
            } else {
                false
            }
        }
        await bench.stop()
        #expect(!bench.exchange.instruct("1", .hangUp))
    }

    @Test func aCallerIsHeldWhileTheProviderMovesTheCall() async throws {
        let profile = TenantProfile.varied {
            $0.sound.holdMusic = Fixtures.repository.appendingPathComponent("profiles/sounds/hold.wav").path
        }
        let sounds = SoundLibrary(logger: Logger(label: "test", factory: { _ in LogLines() }))
        await sounds.load([profile])
        let bench = CallBench(sounds: sounds)
        var line = try bench.start(profile, handOverTime: .seconds(60))
        bench.exchange.instruct("1", .transfer(number: "+15550188", announcement: nil, brief: nil))
        while !bench.observer.happenings.contains(.handingOver(to: "+15550188", brief: nil)) {
            line.pump()
            try await Task.sleep(for: .milliseconds(2))
        }
        line.hangUp()
        await bench.observer.waitFor {
            if case .ended(let outcome) = $0 { outcome.reason == .transferred } else { false }
        }
        let closed = line.closed
        #expect(closed == nil)
        await bench.stop()
    }

    /// Nothing to be heard while waiting: the provider's own ringing is better than silence.
    @Test func withoutHoldMusicTheProvidersVerbMovesTheCallAtOnce() async throws {
        let bench = CallBench()
        var line = try bench.start(.test, handOverTime: .seconds(60))
        bench.exchange.instruct("1", .transfer(number: "+15550188", announcement: nil, brief: nil))
        let reason = try await line.waitForEnd()
        #expect(reason == .transferred)
        #expect(!bench.observer.happenings.contains(.handingOver(to: "+15550188", brief: nil)))
        await bench.stop()
    }

    @Test(arguments: [("1", true), ("2", false)] as [(Character, Bool)])
    func onlyACallerWhoAgreesLeavesARecording(key: Character, isRecorded: Bool) async throws {
        let disk = FakeDisk()
        var limits = RecordingLimits()
        limits.period = .milliseconds(2)
        let recorders = CallRecorders(
            [.recording, .capture],
            storage: disk,
            limits: limits,
            logger: Logger(label: "test", factory: { _ in LogLines() })
        )
        recorders.start()
        let bench = CallBench(recorders: recorders)
        var line = try bench.start(.varied { $0.consent = .init(kind: .ask, say: "May we record?") })
        await bench.observer.waitFor { if case .agentSaid = $0 { true } else { false } }
        // A few words only: the question waits for its answer in real time, and a busy machine takes long for a whole sentence.
        try await line.say("flite_slt_00", frames: 40)
        #expect(disk.files.isEmpty)
        line.press(key)
        await bench.observer.waitFor { $0 == .consent(isGiven: isRecorded) }
        try await line.say("flite_slt_00")
        line.hangUp()
        await bench.stop()
        while recorders.activeCalls > 0 { await recorders.drain(limit: .seconds(1)) }
        #expect(disk.files.keys.sorted() == (isRecorded ? ["recording/1"] : []))
        recorders.stop()
    }
}
