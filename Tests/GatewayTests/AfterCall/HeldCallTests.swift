import Actors
import Engine
import Foundation
import Gateway
import Synchronization
import TestSupport
import Testing

/// Calls that the agent held: their words are known, and mostly need no recording.
@Suite("After the agent's calls", .timeLimit(.minutes(5))) struct HeldCallTests {
    private static let wav = FakeRecordingSource.Answer.bytes(FakeRecordingSource.wav)

    @Test func whatWasHeardIsSummarisedAndNotTranscribedAgain() async throws {
        let transcriber = FakeRecordingTranscriber()
        let model = FakeChatModel()
        try await AfterCallRig.run(
            source: FakeRecordingSource([Self.wav]),
            transcribers: [transcriber],
            models: [model]
        ) { rig in
            rig.book.take(ProviderEvent(call: AfterCallRig.key, kind: .phase(.completed), id: "end", tenant: "test"))
            rig.desk.ended(.test(.testWords))
            rig.told()
            try await rig.wait(.conversation, for: .completed)
            try await rig.wait(for: .skipped)
            #expect(transcriber.recordings.isEmpty)
            let record = try #require(rig.records.first)
            #expect(record.source == .conversation && record.summary?.outcome == .message)
            #expect(record.transcript.lines.map(\.text) == ["Good morning.", "My card is [card]."])
            #expect(rig.counts(.conversation) == [.completed: 1])
        }
    }

    @Test func aCallThatWentOnWithoutTheAgentIsTranscribed() async throws {
        try await AfterCallRig.run(source: FakeRecordingSource([Self.wav])) { rig in
            rig.desk.ended(.test(.testWords, goesOn: true))
            rig.told()
            try await rig.wait(for: .completed)
            #expect(Set(rig.records.map(\.source)) == [.conversation, .recording])
        }
    }

    @Test func aCallerWhoDidNotAgreeIsNotKept() async throws {
        let source = FakeRecordingSource([Self.wav])
        for mode in [AfterCallSettings.Mode.recordings, .all] {
            try await AfterCallRig.run(source: source) {
                $0.afterCall.mode = mode
            } body: { rig in
                rig.desk.ended(.test(nil))
                rig.told()
                try await rig.wait(for: .skipped)
                #expect(rig.records.isEmpty && source.count == 0)
                #expect(rig.counts(.conversation) == [.skipped: 1])
            }
        }
    }

    @Test func nothingIsDoneWhenItIsOff() async throws {
        try await AfterCallRig.run(source: FakeRecordingSource([Self.wav])) {
            $0.afterCall.mode = .off
        } body: { rig in
            rig.desk.ended(.test(.testWords))
            rig.told()
            #expect(rig.counts().isEmpty && rig.counts(.conversation).isEmpty)
        }
    }

    @Test func theEnginesOwnRecordingHasBothPartiesByName() async throws {
        let transcriber = FakeRecordingTranscriber()
        try await AfterCallRig.run(transcribers: [transcriber]) {
            $0.afterCall.mode = .all
            $0.isRecording = true
        } body: { rig in
            rig.book.take(ProviderEvent(call: AfterCallRig.key, kind: .phase(.completed), id: "end", tenant: "test"))
            let sink = try RecordingFolder(dataFolder: rig.folder).open(.recording, call: "E1")
            try sink.append(FakeRecordingSource.wav)
            rig.desk.ended(.test(.testWords))
            // It gets its name when it is whole.
            try await rig.wait(for: .retried)
            try sink.finish()
            try await rig.wait(for: .completed)
            #expect(rig.records.first?.source == .recording)
            #expect(rig.records.first?.transcript.lines.map(\.speaker) == [.caller, .agent])
            #expect(rig.files == ["recordings/E1.wav"], "it is the operator's")
        }
    }

    @Test func withoutTheRecordingWhatWasHeardHasToDo() async throws {
        try await AfterCallRig.run(models: [FakeChatModel()]) {
            $0.afterCall.mode = .all
            $0.isRecording = true
        } body: { rig in
            rig.book.take(ProviderEvent(call: AfterCallRig.key, kind: .phase(.completed), id: "end", tenant: "test"))
            rig.desk.ended(.test(.testWords))
            try await rig.wait(for: .completed)
            #expect(rig.records.first?.source == .conversation)
            #expect(rig.records.first?.summary?.outcome == .message)
        }
    }

    // MARK: Words

    private let call = CallIdentity(id: "E1", provider: "twilio", providerCallID: "CA1", tenant: "test")

    private func heard(asksConsent: Bool = false, _ happenings: [CallHappening]) -> HeldConversations.Ended? {
        let ends = Mutex<[HeldConversations.Ended]>([])
        let conversations = HeldConversations(hears: { _ in ("deepgram", asksConsent) }) { end in
            ends.withLock { $0.append(end) }
        }
        let outcome = CallOutcome(reason: .providerStopped, turns: 1, interruptions: 0, duration: .seconds(9))
        for (second, happening) in ([.started] + happenings + [.ended(outcome)]).enumerated() {
            conversations.call(call, at: MediaInstant(nanoseconds: Int64(second) * 1_000_000_000), happening)
        }
        return ends.withLock { $0.first }
    }

    private func lines(_ happenings: [CallHappening]) -> [String] {
        heard(happenings)?.transcript?.lines.map { "\($0.speaker.label): \($0.text)" } ?? []
    }

    @Test func onlyWhatTheCallerHeardWasSaid() {
        #expect(
            lines([
                .agentSaid(turn: 0, text: "Good morning."), .callerSaid(turn: 1, text: "Hours?", confidence: 1),
                .agentSaid(turn: 1, text: "We are open from nine to six."),
                .interrupted(turn: 1, heard: "We are open", detect: .zero),
                .callerSaid(turn: 2, text: "Thanks.", confidence: 1),
            ]) == ["agent: Good morning.", "caller: Hours?", "agent: We are open", "caller: Thanks."]
        )
        #expect(
            lines([
                .callerSaid(turn: 1, text: "Hours?", confidence: 1),
                .interrupted(turn: 1, heard: "We are", detect: .zero), .resumed(turn: 1),
                .agentSaid(turn: 1, text: "We are open from nine."),
            ]) == ["caller: Hours?", "agent: We are open from nine."]
        )
        #expect(
            lines([
                .callerSaid(turn: 1, text: "Hours?", confidence: 1), .agentSaid(turn: 1, text: "From nine."),
                .interrupted(turn: 1, heard: "From", detect: .zero), .resumed(turn: 1),
            ]) == ["caller: Hours?", "agent: From nine."]
        )
        #expect(
            lines([
                .callerSaid(turn: 1, text: "Hours?", confidence: 1), .agentSaid(turn: 1, text: "From nine."),
                .interrupted(turn: 1, heard: "From", detect: .zero), .agentSaid(turn: 1, text: "Are you there?"),
            ]) == ["caller: Hours?", "agent: From Are you there?"],
            "another reply is not the end of the first"
        )
    }

    @Test func whoeverIsAskedMustAgree() {
        let words = CallHappening.callerSaid(turn: 1, text: "Yes.", confidence: 1)
        #expect(heard(asksConsent: true, [words])?.transcript == nil, "no answer is no")
        #expect(heard(asksConsent: true, [words, .consent(isGiven: false)])?.transcript == nil)
        #expect(heard(asksConsent: true, [.consent(isGiven: true), words])?.transcript?.lines.count == 1)
        #expect(heard([words])?.transcript?.provider == "deepgram")
    }

    @Test func anEndlessCallIsCut() throws {
        let text = String(repeating: "word ", count: 200)
        let long = (1...100).map { CallHappening.callerSaid(turn: $0, text: text, confidence: 1) }
        let transcript = try #require(heard(long)?.transcript)
        let bytes = transcript.lines.reduce(0) { $0 + $1.text.utf8.count }
        #expect(transcript.isCut && bytes <= 49_152 + 100 && bytes > 40_000)
    }
}
