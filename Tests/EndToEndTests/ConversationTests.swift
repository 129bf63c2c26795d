import Actors
import Caller
import Foundation
import Legs
import TestSupport
import Testing

/// Calls over real sockets, with real recognition and a real voice.
@Suite("End to end: conversations", .serialized)
struct ConversationTests {
    private struct Story {
        var report: CallReport
        var events: [EngineEvent]

        func texts(_ name: EngineEvent.Name) -> [String] { events.filter { $0.name == name }.compactMap(\.text) }
    }

    private func place(
        _ utterances: [Utterance],
        on engine: TestEngine,
        change: (inout TwilioCallConfiguration) -> Void = { _ in }
    ) async throws -> Story {
        var call = TwilioCallConfiguration(engineURL: engine.url, utterances: utterances)
        call.authToken = engine.authToken
        change(&call)
        let token = OperatorToken.mint(secret: engine.jwtSecret, now: Date())
        let words = try await EngineEvents.connect(engineURL: engine.url, token: token, callSid: call.callSid)
        let (feed, feeder) = AsyncStream.makeStream(of: EngineEvent.self)
        let listener = Task {
            await words.follow { feeder.yield($0) }
            feeder.finish()
        }
        let report = try await TwilioCall(configuration: call).run { _ in }
        var events: [EngineEvent] = []
        for await event in feed { events.append(event) }
        listener.cancel()
        return Story(report: report, events: events)
    }

    private func sample(_ name: String) throws -> Utterance {
        let path = Fixtures.repository.appendingPathComponent("profiles/samples/\(name).wav").path
        return Utterance(name: name, audio: try AudioFile.read(path))
    }

    private func recording(_ name: String) throws -> Utterance {
        Utterance(
            name: name,
            audio: try AudioFile.read(Fixtures.folder.appendingPathComponent("speech/\(name).ulaw").path)
        )
    }

    @Test(.timeLimit(.minutes(3))) func aBookingIsHeardAnsweredInterruptedAndEnded() async throws {
        let engine = try await TestEngine(profiles: Embedded.profiles, legs: Embedded.legs)
        let utterances = try ["1-book", "2-name", "3-yes", "4-bye"].map(sample)
        let story = try await place(utterances, on: engine) {
            $0.manner.bargeIns = [BargeIn(after: .milliseconds(1500), agentTurn: 2)]
        }
        // Words understood.
        let heard = story.texts(.callerSaid)
        #expect(heard.count == 4, "\(heard)")
        for word in ["appointment", "thursday", "nine"] { #expect(heard.first?.contains(word) == true, "\(heard)") }
        // Words answered.
        let said = story.texts(.agentSaid)
        #expect(said.first?.contains("Oakfield") == true)
        #expect(said.contains { $0.contains("pet's name") }, "\(said)")
        #expect(said.contains { $0.contains("Thursday") && $0.contains("nine") }, "\(said)")
        // The interruption.
        let interruption = try #require(story.events.first { $0.name == .interrupted && $0.heard?.isEmpty == false })
        let words = interruption.heard ?? ""
        #expect(said.contains { $0.hasPrefix(words) && $0 != words }, "\(words)")
        #expect((interruption.detectMs ?? .infinity) <= 300)
        // On a busy machine a pause between two sentences can look like the agent's end to the caller, who then interrupts
        // once more: every clear must have its interruption.
        let interruptions = story.events.filter { $0.name == .interrupted }.count
        #expect(story.report.playout.clears == interruptions)
        #expect(story.report.warnings.isEmpty, "\(story.report.warnings)")
        // The end, and every stage of every turn.
        #expect(story.events.last?.outcome == "agent_hung_up")
        let turns = story.events.filter { $0.name == .turn }
        #expect(turns.count == 4)
        for turn in turns {
            for stage in [
                "endpoint", "stt_final", "llm_first_token", "tts_first_audio", "first_frame", "total", "engine",
            ] {
                #expect(turn.stages?[stage] != nil, "turn \(turn.turn ?? 0) lacks \(stage)")
            }
        }
        // What the phone played is what was said: never more than was sent, and no gap inside a sentence.
        #expect(story.report.heard.count == story.report.said.count)
        var metrics = ""
        // The place is free a moment after the call was told to have ended; the test's time limit is the patience.
        repeat {
            try await Task.sleep(for: .milliseconds(20))
            metrics = try await engine.metrics()
        } while !metrics.contains("\nparley_calls_active 0\n")
        for line in [
            "parley_calls_total{provider=\"twilio\",outcome=\"agent_hung_up\"} 1",
            "parley_turn_seconds_count{stage=\"engine\"} 4",
            "parley_barge_in_seconds_count{stage=\"clear\"} \(interruptions)",
            "parley_ring_overflow_total{ring=\"inbound\"} 0",
        ] {
            #expect(metrics.contains(line), "\(line)")
        }
        #expect(!metrics.contains("parley_tick_duration_seconds_count 0\n"))
        #expect(!metrics.contains("parley_actor_mailbox_seconds_count{actor=\"call\"} 0\n"))
        try await engine.stop()
    }

    @Test(.timeLimit(.minutes(5))) func aCallerWhoAsksForAPersonIsTransferred() async throws {
        let engine = try await TestEngine(profiles: Embedded.profiles, legs: Embedded.legs)
        let story = try await place([try recording("flite_slt_05")], on: engine)
        #expect(story.events.last?.outcome == "transferred")
        #expect(story.events.contains { $0.name == .action && $0.action == "transfer" })
        try await engine.stop()
    }

    @Test(.timeLimit(.minutes(5))) func aCallerWhoNeverSpeaksIsAskedAndThenLeft() async throws {
        var profiles = Embedded.profiles
        for index in profiles.indices {
            profiles[index].silence.afterMilliseconds = 1000
            profiles[index].silence.hangUpAfter = 1
        }
        let engine = try await TestEngine(profiles: profiles, legs: Embedded.legs)
        let silence = Utterance(name: "silence", audio: [UInt8](repeating: 0xFF, count: 8000 * 20))
        let story = try await place([silence], on: engine)
        #expect(story.events.last?.outcome == "silent", "\(story.texts(.agentSaid))")
        #expect(story.texts(.callerSaid).isEmpty)
        try await engine.stop()
    }

    @Test(.timeLimit(.minutes(3))) func callsAtOnceDoNotDisturbEachOther() async throws {
        let engine = try await TestEngine(profiles: Embedded.profiles, legs: Embedded.legs)
        let utterance = try sample("1-book")
        let stories = try await withThrowingTaskGroup(of: Story.self) { group in
            for _ in 0..<3 { group.addTask { try await place([utterance], on: engine) } }
            return try await group.reduce(into: [Story]()) { $0.append($1) }
        }
        for story in stories {
            #expect(story.texts(.callerSaid).first?.contains("thursday") == true, "\(story.texts(.callerSaid))")
            #expect(Set(story.events.map(\.callSid)).count == 1)
        }
        try await engine.stop()
    }
}
