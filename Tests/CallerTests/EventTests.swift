import Caller
import Foundation
import Testing

@Suite("Server-Sent Events")
struct ServerSentEventsTests {
    private static let stream =
        "\u{FEFF}: hello\r\n\r\nid: 1\nevent: connected\ndata: {}\n\n:keepalive\n\n"
        + "event:call_started\rdata: a\rdata:  b\r\r"
        + "data: é👍\r\ndata\r\nretry: 5\r\n\r\nevent: nothing\n\ndata: unfinished"
    private static let expected = [
        ServerSentEvents.Event(name: "connected", data: "{}"),
        ServerSentEvents.Event(name: "call_started", data: "a\n b"),
        ServerSentEvents.Event(name: "message", data: "é👍\n"),
    ]

    @Test func everySplitOfAStreamGivesTheSameEvents() {
        let bytes = Array(Self.stream.utf8)
        for cut in 0...bytes.count {
            var parser = ServerSentEvents()
            #expect(parser.read(bytes[..<cut]) + parser.read(bytes[cut...]) == Self.expected)
        }
    }

    @Test func oneByteAtATimeGivesTheSameEvents() {
        var parser = ServerSentEvents()
        let events = Array(Self.stream.utf8).flatMap { parser.read([$0]) }
        #expect(events == Self.expected)
    }
}

@Suite("Engine events")
struct EngineEventTests {
    private func event(_ name: String, _ data: String) -> EngineEvent? { EngineEvent(.init(name: name, data: data)) }

    @Test func aTurnsStagesAreRead() {
        let read = event(
            "call_turn",
            #"{"callSid":"CA1","turn":2,"stages":{"endpoint":512,"total":546.5,"x":"y"},"new":[]}"#
        )
        #expect(read?.name == .turn)
        #expect(read?.turn == 2)
        #expect(read?.stages == ["endpoint": 512, "total": 546.5])
    }

    @Test(arguments: [
        ("call_ai_completed", #"{"callSid":"CA1"}"#), ("call_turn", "{}"), ("call_turn", "[]"),
        ("call_turn", "nonsense"),
        ("call_turn", #"{"callSid":7}"#),
    ])
    func whatIsNotOurEventIsIgnored(_ name: String, _ data: String) {
        #expect(event(name, data) == nil)
    }

    @Test func onlyTheEventsOfOurCallArriveAndTheTokenIsSent() async throws {
        var manner = FakeEngine.Manner()
        manner.events = """
            event: call_caller_said
            data: {"callSid":"CAother","text":"not ours"}

            event: call_caller_said
            data: {"callSid":"CAours","turn":1,"text":"hello","confidence":0.5,"atMs":120}

            event: something_new
            data: {"callSid":"CAours"}

            event: call_ended
            data: {"callSid":"CAours","outcome":"completed","turns":1,"durationMs":900}

            event: call_caller_said
            data: {"callSid":"CAours","text":"after the end"}


            """
        let engine = FakeEngine(manner)
        let url = try await engine.start()
        let events = try await EngineEvents.connect(engineURL: url, token: "a.b.c", callSid: "CAours")
        var read: [EngineEvent] = []
        await events.follow { read.append($0) }
        #expect(read.map(\.name) == [.callerSaid, .ended])
        #expect(read.first?.text == "hello")
        #expect(engine.seen.eventsURI == "/api/v1/events/stream?token=a.b.c")
        try await engine.stop()
    }

    @Test func aTokenThatIsNotAcceptedIsSaidSo() async throws {
        var manner = FakeEngine.Manner()
        manner.eventsStatus = .unauthorized
        let engine = FakeEngine(manner)
        let url = try await engine.start()
        let error = await #expect(throws: EngineEvents.Unavailable.self) {
            try await EngineEvents.connect(engineURL: url, token: "x", callSid: "CA")
        }
        #expect(error?.description == "the engine did not accept the token")
        try await engine.stop()
    }
}

@Suite("Call narrator")
struct CallNarratorTests {
    private func engine(_ name: String, _ data: String) throws -> EngineEvent {
        try #require(EngineEvent(.init(name: name, data: data)))
    }

    private func turn(_ json: String) throws -> CallReport.Turn {
        try JSONDecoder().decode(CallReport.Turn.self, from: Data(json.utf8))
    }

    private static let interruptedTurn =
        #"{"turn":2,"utterance":"u","startedMs":6000,"firstSpeechMs":6100,"answeredEarly":false,"#
        + #""interruption":{"agentHadSpokenMs":1500,"clearMs":190,"silentMs":231}}"#

    @Test func wordsAreAlignedByTimeAndSpeaker() throws {
        let narrator = Narration(followsWords: true, styled: false)
        #expect(
            narrator.lines(
                for: try engine("call_agent_said", #"{"callSid":"C","turn":0,"text":"Good morning","atMs":310}"#)
            )
                == ["   0.31 s  agent   Good morning"]
        )
        #expect(
            narrator.lines(
                for: try engine("call_caller_said", #"{"callSid":"C","turn":1,"text":"Hi\u001b[2J","atMs":14020}"#)
            )
                == ["  14.02 s  caller  Hi [2J"]
        )
        let stages = #"{"callSid":"C","turn":1,"stages":{"total":546,"endpoint":512,"stt_final":3,"engine":21.4}}"#
        #expect(
            narrator.lines(for: try engine("call_turn", stages))
                == ["          turn 1: endpoint 512, transcript 3, engine 21, total 546 ms"]
        )
    }

    @Test func anInterruptionIsToldOnceWithItsTimeAndItsWords() throws {
        let words = try engine(
            "call_interrupted",
            #"{"callSid":"C","turn":1,"heard":"We have","atMs":6300,"detectMs":180}"#
        )
        let silence = CallEvent.interrupted(try turn(Self.interruptedTurn))
        let line = "   6.10 s  caller interrupts: agent silent after 231 ms, had said: \"We have\""
        let first = Narration(followsWords: true, styled: false)
        #expect(first.lines(for: words).isEmpty)
        #expect(first.lines(for: silence) == [line])
        let second = Narration(followsWords: true, styled: false)
        #expect(second.lines(for: silence).isEmpty)
        #expect(second.lines(for: words) == [line])
        #expect(second.pending().isEmpty)
        let lonely = Narration(followsWords: true, styled: false)
        _ = lonely.lines(for: words)
        #expect(lonely.pending() == ["   6.30 s  caller interrupts: detected after 180 ms, had said: \"We have\""])
        let wordless = Narration(followsWords: false, styled: false)
        #expect(wordless.lines(for: silence) == ["   6.10 s  caller interrupts: agent silent after 231 ms"])
    }

    @Test func withoutWordsTheTimingsAreTold() throws {
        let narrator = Narration(followsWords: false, styled: false)
        let answered = try turn(
            #"{"turn":1,"utterance":"u","startedMs":900,"answerAudibleMs":4020,"responseMs":540,"answeredEarly":false}"#
        )
        #expect(narrator.lines(for: .greeted(atMs: 300)) == ["   0.30 s  agent   (is heard)"])
        #expect(
            narrator.lines(for: .responded(answered))
                == ["   4.02 s  agent   (is heard)", "          turn 1: answered after 540 ms"]
        )
    }

    @Test func coloursAreForTerminalsOnly() throws {
        let said = try engine("call_agent_said", #"{"callSid":"C","text":"x","atMs":0}"#)
        let plain = Narration(followsWords: true, styled: false)
        let styled = Narration(followsWords: true, styled: true)
        #expect(!plain.lines(for: said).joined().contains("\u{1B}"))
        #expect(styled.lines(for: said).joined().contains("\u{1B}"))
    }
}

/// A narrator that can be asked within an expectation.
private final class Narration {
    private var narrator: CallNarrator
    init(followsWords: Bool, styled: Bool) { narrator = CallNarrator(followsWords: followsWords, styled: styled) }
    func lines(for event: CallEvent) -> [String] { narrator.lines(for: event) }
    func lines(for event: EngineEvent) -> [String] { narrator.lines(for: event) }
    func pending() -> [String] { narrator.pending() }
}
