import Actors
import Foundation
import Gateway
import TestSupport
import Testing

@Suite("After-call worker", .timeLimit(.minutes(5))) struct AfterCallWorkerTests {
    private typealias Fault = AfterCallFault
    private static let wav = FakeRecordingSource.Answer.bytes(FakeRecordingSource.wav)
    private let notThere = FakeRecordingSource.Answer.fault(
        Fault(status: 404, retryAfter: nil, provider: "twilio")
    )

    @Test func aRecordingIsFetchedTranscribedSummarisedAndTold() async throws {
        let transcriber = FakeRecordingTranscriber()
        let model = FakeChatModel()
        try await AfterCallRig.run(
            source: FakeRecordingSource([Self.wav]),
            transcribers: [transcriber],
            models: [model]
        ) { rig in
            let (_, events) = rig.hub.listen(tenant: "test", after: nil)
            let (_, others) = rig.hub.listen(tenant: "other", after: nil)
            rig.told()
            try await rig.wait(for: .completed)
            #expect(transcriber.recordings.map(\.channels) == [2])
            #expect(transcriber.recordings.map(\.contentType) == ["audio/wav"])
            #expect(transcriber.recordings.first?.language == "en-US")
            let record = try #require(rig.records.first)
            #expect(record.source == .recording && record.recordingID == "RE1")
            #expect(record.transcript.lines.map(\.speaker) == [.channel(1), .channel(2)])
            #expect(record.transcript.lines.map(\.text) == ["Good morning.", "My card is [card]."])
            #expect(record.transcript.provider == "deepgram" && record.summary?.provider == "openai")
            #expect(record.summary?.text == "A caller gave a card, [card].")
            #expect(record.summary?.outcome == .message && record.summary?.followUp == "Call back.")
            let asked = try #require(model.requests.first)
            #expect(asked.maximumTokens == 300 && asked.messages.count == 1)
            #expect("\(asked.messages)".contains("channel_2: My card is [card]."), "the model is a sink too")

            var iterator = events.makeAsyncIterator()
            let event = try #require(await iterator.next())
            #expect(event.name == "call_ai_completed")
            #expect(!event.json.contains("4111"))
            let json = try WireVectors.parse(Data(event.json.utf8))
            #expect(json.text("id") == "twilio:CA1" && json.text("tenant") == "test")
            #expect(json.text("source") == "recording" && json.text("recordingId") == "RE1")
            #expect(json.object("madeBy") as? [String: String] == ["transcript": "deepgram", "summary": "openai"])
            #expect((json["transcript"] as? [[String: Any]])?.map { $0.text("speaker") } == ["channel_1", "channel_2"])
            rig.hub.close()
            for await event in others { Issue.record("another tenant was told \(event.name)") }
            #expect(rig.files.isEmpty, "recordings are off: nothing is left")
            #expect(rig.counts() == [.completed: 1])
        }
    }

    @Test func recordingsStayWhereTheSettingsSaySo() async throws {
        try await AfterCallRig.run(source: FakeRecordingSource([Self.wav])) {
            $0.isRecording = true
        } body: { rig in
            rig.told()
            try await rig.wait(for: .completed)
            #expect(rig.files == ["recordings/twilio/CA1-RE1.wav"])
        }
    }

    @Test func aReplayedWebhookRunsNoSecondJob() async throws {
        let source = FakeRecordingSource([Self.wav])
        try await AfterCallRig.run(source: source) { rig in
            for event in ["one", "one", "another event of the same recording"] { rig.told(event: event) }
            try await rig.wait(for: .completed)
            rig.told(event: "long after it")
            #expect(source.count == 1 && rig.records.count == 1)
            #expect(rig.counts() == [.completed: 1, .duplicate: 2])
        }
    }

    @Test func whatIsNotThereYetIsAskedForAgain() async throws {
        let source = FakeRecordingSource([notThere, .bytes([]), notThere, Self.wav])
        try await AfterCallRig.run(source: source, random: 0.5) { rig in
            rig.told()
            try await rig.wait(for: .completed)
            #expect(source.pauses == [.seconds(1), .seconds(2), .seconds(4)])
            #expect(rig.counts() == [.completed: 1, .retried: 3])
        }
    }

    static let lasting: [(FakeRecordingSource.Answer, String)] = [
        (.bytes([]), "a recording of nothing"),
        (.bytes(Array("<html>Sign in</html>".utf8)), "no sound"),
        (.bytes(FakeRecordingSource.wav + [UInt8](repeating: 0xFF, count: 100_000)), "over the limit"),
        (.fault(Fault(VendorError.Code.forbiddenAddress, provider: "ringover")), "led elsewhere"),
        (.fault(Fault(status: 403, retryAfter: nil, provider: "twilio")), "no permission"),
        (.fault(Fault(status: 404, retryAfter: nil, provider: "twilio")), "never there"),
    ]

    @Test(arguments: lasting) func whatIsNoRecordingEndsAsAFailure(_ answer: FakeRecordingSource.Answer, _ what: String)
        async throws
    {
        let transcriber = FakeRecordingTranscriber()
        try await AfterCallRig.run(source: FakeRecordingSource([answer]), transcribers: [transcriber]) {
            $0.afterCall.recordingBytes = 65_536
        } body: { rig in
            rig.told()
            try await rig.wait(for: .failed)
            #expect(transcriber.recordings.isEmpty && rig.records.isEmpty, "\(what)")
            #expect(rig.worker.meters.count(.recording, .running) == 0)
            #expect(rig.worker.meters.count(.recording, .waiting) == 0)
            #expect(rig.files.isEmpty)
        }
    }

    // MARK: Vendors

    @Test func aVendorThatAsksForTimeGetsItAndTheRecordingIsFetchedOnce() async throws {
        let source = FakeRecordingSource([Self.wav])
        let busy = FakeRecordingTranscriber.error("busy", isRetryable: true, after: .seconds(40))
        let transcriber = FakeRecordingTranscriber("deepgram", [busy, .heard(FakeRecordingTranscriber.transcript())])
        try await AfterCallRig.run(source: source, transcribers: [transcriber], random: 0) { rig in
            let start = rig.clock.time.now()
            rig.told()
            try await rig.wait(for: .completed)
            #expect(start.duration(to: rig.clock.time.now()) >= AfterCallWorker.settling + .seconds(40))
            #expect(source.count == 1 && transcriber.recordings.count == 2)
            #expect(rig.counts() == [.completed: 1, .retried: 1])
        }
    }

    @Test func theNextTranscriberTakesOverAtOnce() async throws {
        let first = FakeRecordingTranscriber("deepgram", [FakeRecordingTranscriber.error("busy", isRetryable: true)])
        let small = FakeRecordingTranscriber("small", maximumBytes: 10)
        let second = FakeRecordingTranscriber("openai")
        try await AfterCallRig.run(source: FakeRecordingSource([Self.wav]), transcribers: [first, small, second]) {
            rig in
            rig.told()
            try await rig.wait(for: .completed)
            #expect(rig.records.first?.transcript.provider == "openai")
            #expect(small.recordings.isEmpty, "it does not take recordings of this size")
            #expect(rig.counts() == [.completed: 1])
        }
    }

    @Test func aJobsTimeIsLimitedAndItsRequestIsEnded() async throws {
        var limits = JobQueue.Limits()
        limits.retry.budget = .seconds(60)
        let transcriber = FakeRecordingTranscriber("deepgram", [.silence])
        try await AfterCallRig.run(
            source: FakeRecordingSource([Self.wav]),
            transcribers: [transcriber],
            limits: limits
        ) { rig in
            rig.told()
            while transcriber.recordings.isEmpty {
                if rig.worker.meters.count(.recording, .running) == 0 { rig.clock.jump() }
                await Task.yield()
            }
            rig.clock.advance(by: .seconds(60))
            while rig.worker.meters.count(.recording, .failed) == 0 { await Task.yield() }
            #expect(rig.counts() == [.failed: 1])
        }
    }

    static let summaries: [(String, ChatFinish, CallSummary.Outcome?)] = [
        (FakeChatModel.summary, .stop, .message),
        ("```json\n{\"summary\":\"Hello.\",\"outcome\":\"RESOLVED\",\"follow_up\":null}\n```", .stop, .resolved),
        (#"{"summary":"Hello.","outcome":"launch the rockets","follow_up":"null"}"#, .stop, .other),
        (#"{"summary":"Hello.","outcome":"#, .length, nil),
        ("I cannot do that.", .stop, nil), (#"{"summary":"","outcome":"other"}"#, .stop, nil), ("", .stop, nil),
        (#"{"summary":["#, .filtered, nil),
    ]

    @Test(arguments: summaries)
    func aTranscriptIsToldWithOrWithoutASummary(_ text: String, _ finish: ChatFinish, _ outcome: CallSummary.Outcome?)
        async throws
    {
        let model = FakeChatModel(text, finish: finish)
        try await AfterCallRig.run(source: FakeRecordingSource([Self.wav]), models: [model]) { rig in
            rig.told()
            try await rig.wait(for: .completed)
            #expect(rig.records.map(\.summary?.outcome) == [outcome])
            #expect(rig.records.first?.transcript.lines.count == 2)
            #expect(model.requests.count == (outcome == nil ? 8 : 1), "tried again, and given up")
        }
    }

    // MARK: The end

    @Test func atShutdownWhatHasTimeIsDoneAndTheRestIsCounted() async throws {
        let source = FakeRecordingSource([Self.wav, notThere])
        try await AfterCallRig.run(source: source, random: 1) { rig in
            for id in ["RE1", "RE2"] { rig.told(id, event: id) }
            rig.worker.close(within: .seconds(3))
            rig.told("RE3", event: "RE3")
            // One of them is not there, and would be asked for again too late.
            try await rig.wait(for: .completed)
            try await rig.wait(for: .failed)
            await rig.running.value
            #expect(rig.counts() == [.completed: 1, .failed: 1, .dropped: 1])
            #expect(rig.files.isEmpty)
        }
    }

    @Test func whatIsUnderWayWhenTheTimeIsOverIsEndedAndCounted() async throws {
        let transcriber = FakeRecordingTranscriber("deepgram", [.silence])
        try await AfterCallRig.run(source: FakeRecordingSource([Self.wav]), transcribers: [transcriber]) { rig in
            rig.told()
            while transcriber.recordings.isEmpty {
                if rig.worker.meters.count(.recording, .running) == 0 { rig.clock.jump() }
                await Task.yield()
            }
            #expect(rig.files.count == 1)
            rig.worker.close(within: .zero)
            await rig.running.value
            #expect(rig.counts() == [.dropped: 1])
            #expect(rig.files.isEmpty)
        }
    }

    @Test func aTranscriptThatIsThereIsToldAlsoAtTheEnd() async throws {
        let busy = LegError(leg: .llm, provider: "openai", code: "busy", cause: "a test", isRetryable: true)
        try await AfterCallRig.run(models: [FakeChatModel(failing: busy)]) { rig in
            rig.book.take(ProviderEvent(call: AfterCallRig.key, kind: .phase(.completed), id: "end", tenant: "test"))
            rig.desk.ended(.test(.testWords))
            try await rig.wait(.conversation, for: .retried)
            rig.worker.close(within: .zero)
            await rig.running.value
            #expect(rig.counts(.conversation)[.completed] == 1)
            #expect(rig.records.map(\.transcript.lines.count) == [2])
        }
    }

    @Test func aFullQueueIsToldOfAndCounted() async throws {
        var limits = JobQueue.Limits()
        limits.waiting = 1
        try await AfterCallRig.run(limits: limits) { rig in
            for id in ["RE1", "RE2"] { rig.told(id, event: id) }
            #expect(rig.worker.meters.count(.recording, .dropped) == 1)
        }
    }

    @Test func filesOfAnEngineThatWasKilledAreCountedAndGone() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder + "/aftercall/twilio", withIntermediateDirectories: true)
        #expect(FileManager.default.createFile(atPath: folder + "/aftercall/twilio/CA0-RE0.wav", contents: Data([1])))
        try await AfterCallRig.run {
            $0.dataFolder = folder
        } body: { rig in
            try await rig.wait(for: .dropped)
            #expect(rig.files.isEmpty)
        }
    }
}

extension AfterCallFault {
    fileprivate init(_ code: Code, provider: String) { self.init(code, isPassing: false, provider: provider) }
}

extension CallTranscript {
    static let testWords = CallTranscript(
        lines: [.init(.agent, "Good morning.", start: 0), .init(.caller, "My card is 4111 1111 1111 1111.", start: 2)],
        provider: "deepgram"
    )
}

extension HeldConversations.Ended {
    static func test(_ transcript: CallTranscript?, goesOn: Bool = false, media: String = "E1") -> Self {
        let call = CallIdentity(id: media, provider: "twilio", providerCallID: "CA1", tenant: "test")
        return HeldConversations.Ended(call: call, transcript: transcript, goesOn: goesOn)
    }
}
