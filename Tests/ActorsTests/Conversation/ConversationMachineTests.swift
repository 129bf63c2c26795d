import Actors
import Engine
import TestSupport
import Testing

@Suite("Conversation machine")
struct ConversationMachineTests {
    private typealias Rig = ConversationRig

    /// A call whose greeting has been heard.
    private func opened() -> Rig {
        var rig = Rig()
        rig.give(.opened)
        rig.give(.event(.replyAudible(reply: 1, at: rig.now)))
        rig.give(.event(.replyPlayed(reply: 1, at: rig.now)))
        return rig
    }

    @Test func theGreetingIsSpokenAndRemembered() {
        let rig = opened()
        #expect(rig.spoken == ["Good morning.", "How can I help?"])
        #expect(rig.commands == [.beginReply(1)])
        #expect(rig.machine.history == [DialogueMessage(party: .agent, text: "Good morning. How can I help?")])
        #expect(rig.happenings.contains(.agentSaid(turn: 0, text: "Good morning. How can I help?")))
    }

    @Test func aTurnIsAnsweredAndItsTimesArePublished() throws {
        var rig = opened()
        rig.callerSays("what are your hours", turn: 1)
        #expect(rig.asked.last?.turn.cause == .speech(Transcript(text: "what are your hours", provider: "test")))
        rig.modelSays("We open at nine. ")
        rig.give(.speechStarted(reply: 2, work: .init(handed: rig.now, done: rig.now)))
        rig.give(.event(.replyAudible(reply: 2, at: rig.now)))
        let stages = rig.happenings.compactMap { if case .turn(1, let stages) = $0 { stages } else { nil } }
        let turn = try #require(stages.first)
        for stage in [TurnStages.Stage.endpoint, .llmFirstToken, .ttsFirstAudio, .firstFrame, .total, .engine] {
            #expect(turn[stage] != nil, "\(stage)")
        }
        rig.give(.event(.replyPlayed(reply: 2, at: rig.now)))
        #expect(rig.machine.history.map(\.text).suffix(2) == ["what are your hours", "We open at nine."])
    }

    @Test func afterAnInterruptionTheHistoryHoldsOnlyWhatWasHeard() {
        var rig = opened()
        rig.callerSays("what are your hours", turn: 1)
        rig.modelSays("We open at nine every day.")
        rig.plan("We open at nine every day.", reply: 2, piece: 0)
        rig.give(.event(.replyAudible(reply: 2, at: rig.now)))
        rig.give(.event(.callerStarted(turn: 2, at: rig.now)))
        let heard = HeardPosition(reply: 2, piece: 0, samples: 22_000)
        rig.give(.event(.bargeIn(onset: rig.now, at: rig.now.advanced(by: .milliseconds(220)), heard: heard)))
        #expect(
            rig.machine.history.last
                == DialogueMessage(party: .agent, text: "We open at", wasInterrupted: true, isEstimated: true)
        )
        #expect(
            rig.happenings.contains {
                if case .interrupted(1, "We open at", .milliseconds(220), _) = $0 { true } else { false }
            }
        )
        #expect(rig.outputs.contains { if case .cancel(through: 2) = $0 { true } else { false } })
    }

    @Test func aFalseInterruptionGoesOnAtTheNextUnheardWord() {
        var rig = opened()
        rig.callerSays("what are your hours", turn: 1)
        rig.modelSays("We open at nine every day. See you.", action: .hangUp)
        rig.plan("We open at nine every day.", reply: 2, piece: 0)
        rig.give(.event(.replyAudible(reply: 2, at: rig.now)))
        rig.give(.event(.callerStarted(turn: 2, at: rig.now)))
        let heard = HeardPosition(reply: 2, piece: 0, samples: 22_000)
        rig.give(.event(.bargeIn(onset: rig.now, at: rig.now, heard: heard)))
        rig.give(.event(.callerEnded(turn: 2, lastSpeech: rig.now, at: rig.now)))
        rig.give(.transcript(.final(Transcript(text: "", provider: "test"), turn: 2), work: nil))
        #expect(rig.spoken.suffix(2) == ["nine every day.", "See you."])
        rig.give(.event(.replyAudible(reply: 3, at: rig.now)))
        rig.give(.event(.replyPlayed(reply: 3, at: rig.now)))
        #expect(rig.machine.history.last == DialogueMessage(party: .agent, text: "We open at nine every day. See you."))
        #expect(rig.commands.last == .close(.agentHungUp))
    }

    @Test func aCallerWhoGoesOnBeforeTheAnswerIsOneTurn() {
        var rig = opened()
        rig.callerSays("i would like", turn: 1)
        rig.give(.event(.callerStarted(turn: 2, at: rig.now)))
        #expect(rig.commands.suffix(1) == [.stopSpeaking])
        rig.give(.event(.callerEnded(turn: 2, lastSpeech: rig.now, at: rig.now)))
        rig.give(.transcript(.final(Transcript(text: "an appointment", provider: "test"), turn: 2), work: nil))
        #expect(
            rig.asked.last?.turn.cause == .speech(Transcript(text: "i would like an appointment", provider: "test"))
        )
        #expect(rig.machine.history.filter { $0.party == .caller }.map(\.text) == ["i would like an appointment"])
    }

    @Test func whatWasHeardIsKnownBeforeTheModelIsAsked() {
        var rig = opened()
        rig.callerSays("hours", turn: 1)
        rig.modelSays("We open at nine every day.")
        rig.plan("We open at nine every day.", reply: 2, piece: 0)
        rig.give(.event(.replyAudible(reply: 2, at: rig.now)))
        // A short turn that was no barge-in, with words in it.
        rig.callerSays("book an appointment", turn: 2)
        #expect(rig.commands.last == .stopSpeaking)
        #expect(rig.asked.count == 1)
        rig.give(.event(.stopped(at: rig.now, heard: HeardPosition(reply: 2, piece: 0, samples: 8000))))
        #expect(rig.asked.count == 2)
        #expect(
            rig.asked.last?.turn.history.last
                == DialogueMessage(party: .agent, text: "We", wasInterrupted: true, isEstimated: true)
        )
    }

    @Test func aBackchannelWhileTheAgentSpeaksIsNoTurn() {
        var rig = opened()
        rig.callerSays("hours", turn: 1)
        rig.modelSays("We open at nine every day.")
        rig.give(.event(.replyAudible(reply: 2, at: rig.now)))
        rig.callerSays("uh huh", turn: 2)
        #expect(rig.asked.count == 1)
        #expect(!rig.commands.contains(.stopSpeaking))
    }

    @Test func aTurnWithoutWordsIsAskedAgain() {
        var rig = opened()
        rig.callerSays("", turn: 1)
        #expect(rig.asked.last?.turn.cause == .notUnderstood)
    }

    @Test func emergencyWordsActAtOnceAndWithoutAModel() {
        var rig = opened()
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        rig.give(.transcript(.partial("help this is an emergency", turn: 1), work: nil))
        #expect(rig.asked.isEmpty)
        #expect(rig.spoken.last == "Help is on the way.")
        rig.give(.event(.replyAudible(reply: 2, at: rig.now)))
        rig.give(.event(.replyPlayed(reply: 2, at: rig.now)))
        #expect(rig.commands.last == .close(.transferred))
        rig.give(.event(.ended(.transferred, at: rig.now)))
        let outcome = rig.happenings.compactMap { if case .ended(let outcome) = $0 { outcome } else { nil } }.first
        #expect(outcome?.transferTo == "+15550100")
    }

    @Test func aDeniedEmergencyIsNone() {
        var rig = opened()
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        rig.give(.transcript(.partial("this is not an emergency", turn: 1), work: nil))
        #expect(rig.spoken.last == "How can I help?")
    }

    @Test func aModelThatFailsTwiceHandsTheCallerOver() {
        var rig = opened()
        let error = LegError(leg: .llm, provider: "test", code: "timeout", cause: "no answer", isRetryable: true)
        rig.callerSays("hours", turn: 1)
        rig.give(.dialogueFailed(reply: 2, error))
        #expect(rig.spoken.last == "I am sorry, could you say that once more?")
        rig.give(.event(.replyAudible(reply: 3, at: rig.now)))
        rig.give(.event(.replyPlayed(reply: 3, at: rig.now)))
        rig.callerSays("hours", turn: 2)
        rig.give(.dialogueFailed(reply: 4, error))
        #expect(rig.spoken.suffix(2) == ["I am sorry, something went wrong.", "I am putting you through."])
        rig.give(.event(.replyPlayed(reply: 5, at: rig.now)))
        #expect(rig.commands.last == .close(.transferred))
    }

    @Test func aVoiceThatFailsLeavesTheCallToTheProvidersVerbs() {
        var rig = opened()
        let error = LegError(leg: .tts, provider: "test", code: "voice", cause: "none", isRetryable: false)
        rig.give(.speechFailed(reply: 1, error))
        #expect(rig.commands.last == .close(.legFailed))
    }

    @Test func silenceIsPromptedAndThePromptsHangUpIsLabelledSilent() {
        var rig = opened()
        rig.give(.event(.idle(count: 1, at: rig.now)))
        #expect(rig.asked.last?.turn.cause == .silence(count: 1))
        rig.modelSays("Goodbye.", action: .hangUp)
        rig.give(.event(.replyAudible(reply: 2, at: rig.now)))
        rig.give(.event(.replyPlayed(reply: 2, at: rig.now)))
        #expect(rig.commands.last == .close(.silent))
    }

    @Test func tooManyTurnsEndWithAPerson() {
        var profile = TenantProfile.test
        profile.turnTaking.maximumTurns = 1
        var rig = Rig(machine: ConversationMachine(profile: profile))
        rig.give(.opened)
        rig.give(.event(.replyPlayed(reply: 1, at: rig.now)))
        rig.callerSays("one", turn: 1)
        rig.modelSays("Fine.")
        rig.give(.event(.replyPlayed(reply: 2, at: rig.now)))
        rig.callerSays("two", turn: 2)
        #expect(rig.asked.count == 1)
        #expect(rig.spoken.last == "I am putting you through.")
    }

    @Test func tokensOfACancelledReplyAreIgnored() {
        var rig = opened()
        rig.callerSays("one", turn: 1)
        rig.give(.event(.callerStarted(turn: 2, at: rig.now)))
        let before = rig.spoken.count
        rig.give(.dialogue(reply: 2, .text("Late words. ")))
        rig.give(.dialogueFinished(reply: 2))
        #expect(rig.spoken.count == before)
    }

    @Test func aKeyIsAskedAboutAndStopsTheAgent() {
        var rig = Rig()
        rig.give(.opened)
        rig.give(.event(.replyAudible(reply: 1, at: rig.now)))
        rig.give(.event(.digit(UInt8(ascii: "0"), at: rig.now)))
        rig.give(.event(.stopped(at: rig.now, heard: HeardPosition(reply: 1, piece: 0, samples: 0))))
        #expect(rig.asked.last?.turn.cause == .digit("0"))
    }

    @Test func nothingHappensAfterTheEnd() {
        var rig = opened()
        rig.give(.event(.ended(.providerStopped, at: rig.now)))
        let count = rig.outputs.count
        rig.callerSays("hello", turn: 1)
        rig.give(.event(.idle(count: 1, at: rig.now)))
        #expect(rig.outputs.count == count)
    }

    /// Whatever comes in whatever order: no trap, and a reply is never spoken under another's number.
    @Test(arguments: 0..<20) func anyOrderOfInputsIsSurvived(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var rig = Rig()
        rig.give(.opened)
        for _ in 0..<400 {
            let turn = Int.random(in: 0...5, using: &generator)
            let reply = Int32.random(in: 0...8, using: &generator)
            let position = HeardPosition(
                reply: reply,
                piece: Int32(turn % 3),
                samples: Int32.random(in: 0...90_000, using: &generator)
            )
            let inputs: [ConversationInput] = [
                .event(.callerStarted(turn: Int32(turn), at: rig.now)),
                .event(.callerDropped(turn: Int32(turn), at: rig.now)),
                .event(.callerEnded(turn: Int32(turn), lastSpeech: rig.now, at: rig.now)),
                .event(.bargeIn(onset: rig.now, at: rig.now, heard: position)),
                .event(.stopped(at: rig.now, heard: position)), .event(.replyAudible(reply: reply, at: rig.now)),
                .event(.replyPlayed(reply: reply, at: rig.now)), .event(.digit(0x31, at: rig.now)),
                .event(.idle(count: 1, at: rig.now)), .transcript(.partial("some words", turn: turn), work: nil),
                .transcript(
                    .final(Transcript(text: ["", "yes", "a long one"][turn % 3], provider: "t"), turn: turn),
                    work: nil
                ),
                .event(.callerPaused(turn: Int32(turn), pause: reply, lastSpeech: rig.now, at: rig.now)),
                .event(.callerResumed(turn: Int32(turn), at: rig.now)), .transcript(.endpoint(turn: turn), work: nil),
                .transcript(.provisional(Transcript(text: "a long", provider: "t"), turn: turn), work: nil),
                .dialogue(reply: reply, .working("tool")), .dialogue(reply: reply, .text("A sentence. And ")),
                .dialogueFinished(reply: reply),
                .speechPlanned(reply: reply, piece: turn, words: []),
            ]
            rig.give(inputs[Int.random(in: 0..<inputs.count, using: &generator)])
        }
        let begun = rig.begun
        #expect(begun == begun.sorted() && Set(begun).count == begun.count)
    }
}
