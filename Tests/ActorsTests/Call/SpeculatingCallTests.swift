import Actors
import Engine
import TestSupport
import Testing

/// Answers begun in the caller's pauses, on real workers with real tasks: what is cancelled really ends.
@Suite("Speculating calls", .timeLimit(.minutes(5)))
struct SpeculatingCallTests {
    /// A recogniser that knows the words at every pause.
    private struct PausingTranscriber: Transcriber {
        let provider = "fake"
        func open(
            _ request: TranscriptionRequest,
            events: @escaping @Sendable (TranscriptEvent) -> Void
        ) async throws -> any TranscriptionSession { Session(events: events) }

        private final class Session: TranscriptionSession {
            private let events: @Sendable (TranscriptEvent) -> Void
            private let pauses = Locked(0)
            init(events: @escaping @Sendable (TranscriptEvent) -> Void) { self.events = events }

            private var transcript: Transcript {
                Transcript(text: "words up to pause \(pauses.withLock { $0 })", provider: "fake")
            }
            func expect(_ expectation: Actors.Expectation) {}
            func begin(turn: Int) {}
            func feed(_ samples: [Int16]) {}
            func pause(turn: Int) {
                pauses.withLock { $0 += 1 }
                events(.provisional(transcript, turn: turn))
            }
            func end(turn: Int) { events(.final(transcript, turn: turn)) }
            func cancel() {}
            func close() {}
        }
    }

    /// A model that does nothing outside the call before the turn is over, and then hangs up.
    private final class CarefulModel: DialogueModel, DialogueSession {
        let provider = "fake"
        let committed = EventCounter()
        let cancelled = EventCounter()
        let asked = EventCounter()
        /// Of those, in a pause the caller may still end.
        let askedAhead = EventCounter()
        /// What it was asked about, in order.
        let words = Locked<[String]>([])

        func open(_ request: DialogueRequest) async throws -> any DialogueSession { self }

        func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error> {
            asked.increment()
            if case .speech(let transcript) = turn.cause { words.withLock { $0.append(transcript.text) } }
            if turn.commit != nil { askedAhead.increment() }
            return AsyncThrowingStream { stream in
                let task = Task {
                    stream.yield(.text("One moment. "))
                    do {
                        try await turn.commit?.wait()
                        committed.increment()
                        stream.yield(.text("Goodbye."))
                        stream.yield(.action(.hangUp))
                        stream.finish()
                    } catch {
                        cancelled.increment()
                        stream.finish(throwing: error)
                    }
                }
                stream.onTermination = { _ in task.cancel() }
            }
        }
    }

    private struct Judge: SentenceJudge {
        let verdict: SentenceState
        func judge(_ text: String, answering question: Actors.Expectation?, hasEndpoint: Bool) -> SentenceState {
            verdict
        }
    }

    /// The engine's rules for "words up to pause 1" know nothing against beginning; somebody else's may.
    @Test(arguments: [SentenceState.unknown, .unfinished])
    func anotherJudgeDecidesWhetherAnAnswerIsBegunInAPause(verdict: SentenceState) async throws {
        let model = CarefulModel()
        let judged = Locked<Set<String>>([])
        let bench = CallBench(
            transcriber: PausingTranscriber(),
            model: model,
            judge: { profile in
                judged.withLock { _ = $0.insert(profile.id) }
                return Judge(verdict: verdict)
            }
        )
        var line = try bench.start(.test)
        await bench.observer.waitFor { if case .agentSaid = $0 { true } else { false } }
        try await line.say("flite_slt_00")
        _ = try await line.waitForEnd()
        await bench.stop()
        #expect(judged.withLock { $0 } == [TenantProfile.test.id])
        #expect(model.asked.value > 0)
        #expect((model.askedAhead.value > 0) == (verdict == .unknown))
    }

    @Test func theLastPausesAnswerIsGivenAndTheOthersEnd() async throws {
        let model = CarefulModel()
        let bench = CallBench(transcriber: PausingTranscriber(), model: model)
        var line = try bench.start(.test)
        await bench.observer.waitFor { if case .agentSaid = $0 { true } else { false } }
        // The pauses in and after a sentence; the caller's last one ends the turn.
        try await line.say("flite_slt_00")
        let reason = try await line.waitForEnd()
        #expect(reason == .agentHungUp)
        await bench.stop()
        #expect(model.committed.value == 1)
        // A waiter that was cancelled gets its turn on another thread.
        while model.committed.value + model.cancelled.value < model.asked.value {
            try await Task.sleep(for: .milliseconds(2))
        }
        let said = bench.observer.happenings.compactMap {
            if case .callerSaid(_, let text, _) = $0 { text } else { nil }
        }
        #expect(said.count == 1)
        // A pause that was over before its words were known has asked nobody.
        #expect(said.first == model.words.withLock { $0.last })
        #expect(said.first?.hasPrefix("words up to pause ") == true)
    }

    @Test func aHangUpInThePauseEndsTheAnswer() async throws {
        let model = CarefulModel()
        let bench = CallBench(transcriber: PausingTranscriber(), model: model)
        var line = try bench.start(.test)
        await bench.observer.waitFor { if case .agentSaid = $0 { true } else { false } }
        // Up to the middle of the pause after the sentence (3 800 ms), and no further.
        try await line.say("flite_slt_00", frames: 205)
        while model.asked.value == 0 { try await Task.sleep(for: .milliseconds(2)) }
        line.hangUp()
        await bench.observer.waitFor { if case .ended = $0 { true } else { false } }
        await bench.stop()
        while model.cancelled.value + model.committed.value < model.asked.value {
            try await Task.sleep(for: .milliseconds(2))
        }
        // A machine that stood still for a second has ended the turn first: then it was said.
        let said = bench.observer.happenings.count { if case .callerSaid = $0 { true } else { false } }
        #expect(said == Int(model.committed.value))
    }
}
