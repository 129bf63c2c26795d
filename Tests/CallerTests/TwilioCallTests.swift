import Caller
import Foundation
import NIOPosix
import Synchronization
import Testing

@Suite("A call over the loopback", .timeLimit(.minutes(5)))
struct TwilioCallTests {
    private func utterance(frames: Int = 20) -> Utterance {
        Utterance(
            name: "u.wav",
            audio: Tone.silence(frames: 5) + Tone.speech(frames: frames) + Tone.silence(frames: 5)
        )
    }

    private func configuration(_ url: String, utterances: Int = 1) -> TwilioCallConfiguration {
        var configuration = TwilioCallConfiguration(
            engineURL: url,
            utterances: (0..<utterances).map { _ in utterance() }
        )
        configuration.authToken = "12345"
        configuration.manner.waitSilence = .milliseconds(200)
        configuration.manner.maxWait = .seconds(5)
        configuration.manner.maxDuration = .seconds(20)
        return configuration
    }

    private func place(
        _ manner: FakeEngine.Manner = .init(),
        utterances: Int = 1,
        change: (inout TwilioCallConfiguration) -> Void = { _ in }
    ) async throws -> (CallReport, FakeEngine.Seen, TwilioCallConfiguration) {
        let engine = FakeEngine(manner)
        let url = try await engine.start()
        var configuration = configuration(url, utterances: utterances)
        change(&configuration)
        do {
            let report = try await TwilioCall(configuration: configuration).run()
            try await engine.stop()
            return (report, engine.seen, configuration)
        } catch {
            try await engine.stop()
            throw error
        }
    }

    @Test func aCallIsPlacedSpokenAnsweredAndHungUp() async throws {
        let (report, seen, configuration) = try await place(utterances: 2)
        #expect(report.end == .answered)
        #expect(report.turns.count == 2)
        #expect(report.turns.allSatisfy { $0.responseMs != nil && !$0.answeredEarly && $0.interruption == nil })
        #expect(report.response?.count == 2)
        #expect(report.greetingMs != nil)
        #expect(report.warnings.isEmpty)
        #expect(report.playout.playedMs == Double((15 + 20 + 20) * 20))
        #expect(report.playout.marksPlayed == 3)
        #expect(report.playout.gaps20 == 0)

        let messages = try seen.messages.map { try Vectors.parse($0) }
        let kinds = messages.compactMap { $0["event"] as? String }
        #expect(kinds.prefix(2) == ["connected", "start"])
        #expect(kinds.last == "stop")
        #expect(seen.closed)
        let marks = messages.compactMap { ($0["mark"] as? [String: Any])?["name"] as? String }
        #expect(marks == ["greeting", "answer-1", "answer-2"])
        let numbers = messages.dropFirst().map { $0["sequenceNumber"] as? String }
        #expect(numbers == (1..<messages.count).map(String.init))
        let start = messages[1]["start"] as? [String: Any]
        #expect(start?["customParameters"] as? [String: String] == ["tenant": "a & b"])
        #expect(start?["callSid"] as? String == configuration.callSid)
        #expect(seen.webhookBody.contains("CallSid=\(configuration.callSid)&"))
        let webhook = VoiceWebhook(configuration: configuration)
        #expect(
            seen.webhookSignature
                == TwilioSignature.sign(url: webhook.url, parameters: webhook.parameters, token: "12345")
        )
        #expect(seen.upgradeSignature == TwilioSignature.sign(url: report.streamURL, parameters: [], token: "12345"))
    }

    @Test func mediaIsOneFrameEveryTwentyMillisecondsWithoutAHole() async throws {
        let (report, seen, _) = try await place()
        let media = try seen.messages.compactMap { try Vectors.parse($0)["media"] as? [String: Any] }
        #expect(media.count == report.framesSent)
        #expect(media.allSatisfy { ($0["payload"] as? String)?.count == 216 })
        #expect(media.map { $0["chunk"] as? String } == (1...media.count).map(String.init))
        let times = media.compactMap { ($0["timestamp"] as? String).flatMap(Int.init) }
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 20 })
        // Both sides of the recording are the whole call: each frame sent, and the tick on which the caller hung up.
        #expect(report.said.count == (report.framesSent + 1) * 160)
        #expect(report.heard.count == report.said.count)
        #expect(Data(report.said).range(of: Data(utterance().audio)) != nil)
        #expect(Data(report.heard).range(of: Data(Tone.speech(frames: 15))) != nil)
    }

    @Test func anInterruptedAgentIsClearedAndItsMarkComesBack() async throws {
        var manner = FakeEngine.Manner()
        manner.greetingFrames = 200
        let (report, seen, _) = try await place(manner) {
            $0.manner.bargeIns = [BargeIn(after: .milliseconds(200), agentTurn: 0)]
        }
        let interruption = try #require(report.turns.first?.interruption)
        #expect(interruption.clearMs != nil)
        #expect(interruption.silentMs != nil)
        #expect(report.interruptionClear?.count == 1)
        #expect(report.playout.clears == 1)
        #expect(report.playout.marksCleared == 1)
        #expect(report.playout.playedMs + report.playout.flushedMs >= Double((200 + 20) * 20))
        #expect(report.playout.playedMs < Double((200 + 20) * 20))
        #expect(report.end == .answered)
        let marks = try seen.messages.compactMap {
            (try Vectors.parse($0)["mark"] as? [String: Any])?["name"] as? String
        }
        #expect(marks == ["greeting", "answer-1"])
    }

    @Test func breachesOfTheProtocolAreCountedAndSurvived() async throws {
        var manner = FakeEngine.Manner()
        manner.firstFrames = [
            (.binary, "abc"), (.text, "nonsense"), (.text, #"{"event":"hello","streamSid":"{stream}"}"#),
            (.text, #"{"event":"clear","streamSid":"MZother"}"#), (.text, #"{"event":"clear"}"#),
            (.text, #"{"event":"mark","streamSid":"{stream}","mark":{"name":"at-once"},"extra":1}"#),
            (.ping, "p"),
        ]
        let (report, seen, _) = try await place(manner)
        #expect(report.end == .answered)
        let counts = Dictionary(uniqueKeysWithValues: report.warnings.map { ($0.fault, $0.count) })
        #expect(
            counts == [
                .binaryFrame: 1, .undecodable: 1, .unknownEvent: 1, .wrongStream: 1, .missingField: 1, .extraField: 1,
            ]
        )
        #expect(seen.messages.contains { $0.contains("at-once") })
    }

    @Test func anEngineThatClosesIsReportedWithCodeAndReason() async throws {
        var manner = FakeEngine.Manner()
        manner.closeAfterFirstTurn = 1011
        let (report, _, _) = try await place(manner, utterances: 2)
        #expect(report.end == .serverClosed)
        #expect(report.closeCode == 1011)
        #expect(report.closeReason == "no agent")
        #expect(report.turns.count == 1)
    }

    @Test func aLostConnectionIsReported() async throws {
        var manner = FakeEngine.Manner()
        manner.closeAfterFirstTurn = 0
        #expect(try await place(manner).0.end == .connectionLost)
    }

    @Test func anAgentThatNeverSpeaksEndsInNotAnswered() async throws {
        var manner = FakeEngine.Manner()
        manner.greetingFrames = 0
        manner.answerFrames = 0
        let (report, _, _) = try await place(manner) { $0.manner.maxWait = .milliseconds(300) }
        #expect(report.end == .notAnswered)
        #expect(report.greetingMs == nil)
        #expect(report.response == nil)
    }

    @Test func cancellingHangsUpProperly() async throws {
        let engine = FakeEngine()
        let configuration = configuration(try await engine.start())
        let (opened, isOpen) = AsyncStream.makeStream(of: Void.self)
        let call = Task {
            try await TwilioCall(configuration: configuration).run {
                if case .greeted = $0 { isOpen.yield() }
            }
        }
        for await _ in opened { break }
        call.cancel()
        let report = try await call.value
        #expect(report.end == .cancelled)
        #expect(engine.seen.messages.last?.contains(#""event":"stop""#) == true)
        try await engine.stop()
    }

    @Test func manyCallsShareTheClocks() async throws {
        let engine = FakeEngine()
        let url = try await engine.start()
        let reports = try await withThrowingTaskGroup(of: CallReport.self) { group in
            for _ in 0..<12 {
                let configuration = configuration(url)
                group.addTask { try await TwilioCall(configuration: configuration).run() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(reports.allSatisfy { $0.end == .answered && $0.warnings.isEmpty })
        #expect(Set(reports.map(\.streamSid)).count == 12)
        try await engine.stop()
    }

    @Test(arguments: [401, 403, 404, 429, 500, 503])
    func aRefusedWebhookIsExplained(_ status: Int) async throws {
        var manner = FakeEngine.Manner()
        manner.webhookStatus = .init(statusCode: status)
        let error = await #expect(throws: CallError.self) { try await place(manner) }
        guard case .webhookRefused(_, status, true)? = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
        #expect(error?.description.contains("answered \(status)") == true)
    }

    @Test(arguments: [
        ("<Response><Reject reason=\"busy\"/></Response>", CallError.noStream(verbs: ["Reject (busy)"])),
        ("<Response/>", .noStream(verbs: [])),
        ("<Response><Connect><Stream url=\"wss://h/s\"/></Connect></Response>", .secureStream("wss://h/s")),
        ("<Response><Connect><Stream url=\"ws://h/s?a=b\"/></Connect></Response>", .streamURLHasQuery("ws://h/s?a=b")),
        ("<html/>", .notTwiML(reason: "the root is <html>, not <Response>")),
    ])
    func twimlThatLeadsNowhereIsNamed(_ twiml: String, _ expected: CallError) async {
        var manner = FakeEngine.Manner()
        manner.twiml = twiml
        await #expect(throws: expected) { try await place(manner) }
    }

    @Test func aRelativeStreamAddressIsTheEngines() async throws {
        var manner = FakeEngine.Manner()
        manner.twiml = "<Response><Connect><Stream url=\"/twilio/ws\"/></Connect></Response>"
        #expect(try await place(manner).0.end == .answered)
    }

    @Test func aRefusedUpgradeIsExplained() async throws {
        var manner = FakeEngine.Manner()
        manner.acceptsUpgrade = false
        let error = await #expect(throws: CallError.self) { try await place(manner) { $0.authToken = nil } }
        guard case .upgradeRefused(_, 403, false)? = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
        #expect(error?.description.contains("--auth-token") == true)
    }

    @Test func noEngineAtAllIsSaidPlainly() async throws {
        let engine = FakeEngine()
        let url = try await engine.start()
        try await engine.stop()
        await #expect(throws: CallError.notRunning(url: url + "/twilio/voice")) {
            try await TwilioCall(configuration: configuration(url)).run()
        }
    }
}
