import Actors
import Engine
import TestSupport
import Testing

/// An answer begun in a pause: kept, thrown away, corrected, and never noticed before the turn is over.
@Suite("Speculation")
struct SpeculationTests {
    private typealias Rig = ConversationRig

    private func held(_ rig: Rig) -> [Int32] {
        rig.commands.compactMap { if case .holdReply(let reply, _) = $0 { reply } else { nil } }
    }
    private func discarded(_ rig: Rig) -> [Int32] {
        rig.commands.compactMap { if case .discardReply(let reply) = $0 { reply } else { nil } }
    }
    private func said(_ rig: Rig) -> [CallHappening] {
        rig.happenings.filter { if case .callerSaid = $0 { true } else { false } }
    }
    private func committed(_ rig: Rig) -> Int {
        rig.outputs.count { if case .commit = $0 { true } else { false } }
    }
    private func callerSaid(_ turn: Int, _ text: String) -> CallHappening {
        .callerSaid(turn: turn, text: text, confidence: 1)
    }

    // MARK: Kept

    @Test func anAnswerIsReadyWhenTheTurnEndsAndNothingIsNoticedBefore() throws {
        var rig = Rig.opened()
        let published = rig.happenings
        rig.pausesAfter("what are your hours", turn: 1, pause: 1)
        #expect(rig.commands.last == .holdReply(2, pause: 1))
        let asked = try #require(rig.asked.last)
        #expect(asked.turn.cause == .speech(Transcript(text: "what are your hours", provider: "test")))
        #expect(asked.turn.number == 1)
        let commit = try #require(asked.turn.commit)
        rig.give(.dialogue(reply: 2, .intent("hours")))
        rig.give(.dialogue(reply: 2, .expect(.yesNo)))
        rig.modelSays("We open at nine.")
        rig.give(.speechStarted(reply: 2, work: .init(handed: rig.now, done: rig.now)))
        #expect(rig.spoken.last == "We open at nine.")
        #expect(rig.happenings == published)
        #expect(committed(rig) == 0 && !commit.isCommitted)
        #expect(!rig.outputs.contains { if case .expect(.yesNo) = $0 { true } else { false } })

        let before = rig.outputs.count
        rig.ends(1)
        let outputs = rig.outputs[before...]
        #expect(outputs.contains { if case .commit(let given) = $0 { given === commit } else { false } })
        #expect(outputs.contains { if case .expect(.yesNo) = $0 { true } else { false } })
        #expect(rig.happenings.suffix(2) == [callerSaid(1, "what are your hours"), .intent("hours")])
        #expect(!rig.commands.contains(.beginReply(2)))
        rig.give(.event(.replyAudible(reply: 2, at: rig.now)))
        let stages = rig.happenings.compactMap { if case .turn(1, let stages) = $0 { stages } else { nil } }
        #expect(stages.count == 1)
        rig.give(.event(.replyPlayed(reply: 2, at: rig.now)))
        #expect(rig.machine.history.map(\.text).suffix(2) == ["what are your hours", "We open at nine."])
    }

    @Test func theFinalTranscriptOfAnAnsweredTurnChangesNothing() {
        var rig = Rig.opened()
        rig.pausesAfter("what are your hours", turn: 1, pause: 1)
        rig.ends(1)
        let count = rig.outputs.count
        rig.final("What are your hours?", turn: 1)
        rig.wait(.seconds(1))
        #expect(rig.outputs.count == count)
        #expect(rig.asked.count == 1)
    }

    @Test func theAnswerIsStreamedOnAfterTheTurnsEnd() {
        var rig = Rig.opened()
        rig.pausesAfter("hours", turn: 1, pause: 1)
        rig.give(.dialogue(reply: 2, .text("We open. ")))
        rig.ends(1)
        rig.give(.dialogue(reply: 2, .text("At nine.")))
        rig.give(.dialogueFinished(reply: 2))
        #expect(rig.spoken.suffix(2) == ["We open.", "At nine."])
        rig.heard()
        rig.give(.event(.replyAudible(reply: 2, at: rig.now)))
        rig.give(.event(.replyPlayed(reply: 2, at: rig.now)))
        #expect(rig.machine.history.last?.text == "We open. At nine.")
    }

    // MARK: Thrown away

    @Test func aCallerWhoGoesOnLeavesNoTraceOfTheAnswer() throws {
        var rig = Rig.opened()
        let (published, history) = (rig.happenings, rig.machine.history)
        rig.pausesAfter("what are your hours", turn: 1, pause: 1)
        rig.give(.dialogue(reply: 2, .intent("hours")))
        rig.modelSays("We open at nine.", action: .hangUp)
        rig.resumes(1)
        #expect(discarded(rig) == [2])
        #expect(rig.outputs.contains { if case .cancel(through: 2) = $0 { true } else { false } })
        #expect(rig.happenings == published && rig.machine.history == history)
        // What still comes of it is nobody's.
        rig.give(.dialogue(reply: 2, .text("Late. ")))
        rig.give(.speechFailed(reply: 2, .test(.tts)))
        #expect(rig.happenings == published + [.legFailed(.test(.tts))])
        #expect(rig.closed == nil)
        rig.ends(1)
        rig.final("what are your hours on sunday", turn: 1)
        let asked = try #require(rig.asked.last)
        #expect(asked.turn.number == 1 && asked.turn.commit == nil && asked.reply == 3)
        #expect(asked.turn.history == history)
        #expect(said(rig) == [callerSaid(1, "what are your hours on sunday")])
    }

    @Test func everyPauseHasItsOwnAnswerAndTheLastOneCounts() {
        var rig = Rig.opened()
        rig.pausesAfter("hello", turn: 1, pause: 1)
        rig.modelSays("Hello.")
        rig.resumes(1)
        rig.pauses(1, pause: 2)
        rig.provisional("hello are you open", turn: 1)
        rig.modelSays("Yes.")
        rig.resumes(1)
        rig.pauses(1, pause: 3)
        rig.provisional("hello are you open on sunday", turn: 1)
        rig.modelSays("On Sunday we are closed.")
        rig.ends(1)
        rig.final("hello are you open on sunday", turn: 1)
        #expect(held(rig) == [2, 3, 4])
        #expect(discarded(rig) == [2, 3])
        #expect(said(rig) == [callerSaid(1, "hello are you open on sunday")])
        #expect(rig.asked.map(\.turn.number) == [1, 1, 1])
        rig.give(.event(.replyAudible(reply: 4, at: rig.now)))
        rig.give(.event(.replyPlayed(reply: 4, at: rig.now)))
        #expect(
            rig.machine.history.map(\.text).suffix(2) == ["hello are you open on sunday", "On Sunday we are closed."]
        )
    }

    /// The same call with and without pauses: what is published and remembered is the same.
    @Test(arguments: 0..<20) func aCallWithSpeculationTellsWhatOneWithoutTells(seed: UInt64) {
        func call(speculating: Bool) -> Rig {
            var generator = SeededGenerator(seed: seed)
            var rig = Rig.opened()
            var pause: Int32 = 0
            for turn in 1...6 {
                rig.give(.event(.callerStarted(turn: Int32(turn), at: rig.now)))
                var text = "words of turn \(turn)"
                for part in 0..<Int.random(in: 1...3, using: &generator) {
                    text += " part \(part)"
                    let isKnown = Bool.random(using: &generator)
                    let isAnswered = Bool.random(using: &generator)
                    guard speculating else { continue }
                    pause += 1
                    if part > 0 { rig.resumes(turn) }
                    rig.pauses(turn, pause: pause)
                    if isKnown { rig.provisional(text, turn: turn) }
                    if isKnown, isAnswered { rig.modelSays("An early answer to \(text).") }
                }
                rig.ends(turn)
                rig.final(text, turn: turn)
                let reply = rig.asked.last?.reply ?? 0
                rig.give(.dialogue(reply: reply, .text(" The end.")))
                rig.give(.dialogueFinished(reply: reply))
                rig.give(.event(.replyPlayed(reply: reply, at: rig.now)))
            }
            return rig
        }
        let (with, without) = (call(speculating: true), call(speculating: false))
        #expect(said(with) == said(without))
        #expect(
            with.machine.history.filter { $0.party == .caller }
                == without.machine.history.filter { $0.party == .caller }
        )
        #expect(with.machine.history.count == without.machine.history.count)
        #expect(held(with).count > 0 && held(without).isEmpty)
    }

    // MARK: The final transcript differs

    @Test func moreWordsBeforeTheAnswerIsHeardAskAgain() throws {
        var rig = Rig.opened()
        rig.pausesAfter("an appointment", turn: 1, pause: 1)
        rig.modelSays("When?")
        rig.ends(1)
        rig.final("an appointment on Tuesday", turn: 1)
        let asked = try #require(rig.asked.last)
        #expect(asked.turn.cause == .speech(Transcript(text: "an appointment on Tuesday", provider: "test")))
        #expect(asked.turn.number == 1 && asked.reply == 3)
        #expect(asked.turn.history.filter { $0.party == .caller }.isEmpty)
        #expect(rig.commands.suffix(2) == [.stopSpeaking, .beginReply(3)])
        #expect(rig.machine.history.filter { $0.party == .caller }.map(\.text) == ["an appointment on Tuesday"])
        #expect(said(rig).last == callerSaid(1, "an appointment on Tuesday"))
    }

    @Test func moreWordsWhileTheAnswerIsHeardInterruptIt() {
        var rig = Rig.opened()
        rig.pausesAfter("an appointment", turn: 1, pause: 1)
        rig.modelSays("When would you like to come?")
        rig.plan("When would you like to come?", reply: 2, piece: 0)
        rig.ends(1)
        rig.give(.event(.replyAudible(reply: 2, at: rig.now)))
        rig.final("an appointment on tuesday", turn: 1)
        #expect(rig.commands.last == .stopSpeaking)
        rig.give(.event(.stopped(at: rig.now, heard: HeardPosition(reply: 2, piece: 0, samples: 8000))))
        #expect(rig.asked.last?.turn.cause == .speech(Transcript(text: "on tuesday", provider: "test")))
        #expect(rig.machine.history.map(\.text).suffix(3) == ["an appointment", "When", "on tuesday"])
    }

    @Test func fewerOrOtherWordsOfTheFinalChangeNothing() {
        for text in ["an appointments", "appointment", ""] {
            var rig = Rig.opened()
            rig.pausesAfter("an appointment", turn: 1, pause: 1)
            rig.ends(1)
            rig.final(text, turn: 1)
            #expect(rig.asked.count == 1)
        }
    }

    @Test func moreWordsOfATurnThatWentOnMeanwhileComeBeforeTheNewOnes() {
        var rig = Rig.opened()
        rig.pausesAfter("an appointment", turn: 1, pause: 1)
        rig.ends(1)
        rig.give(.event(.callerStarted(turn: 2, at: rig.now)))
        rig.final("an appointment on tuesday", turn: 1)
        rig.ends(2)
        rig.final("at nine", turn: 2)
        #expect(
            rig.asked.last?.turn.cause
                == .speech(Transcript(text: "an appointment on tuesday at nine", provider: "test"))
        )
    }

    // MARK: What comes between

    @Test func aHangUpWhileAnAnswerIsHeldEndsIt() {
        var rig = Rig.opened()
        rig.pausesAfter("goodbye then", turn: 1, pause: 1)
        rig.give(.event(.ended(.providerStopped, at: rig.now)))
        #expect(rig.outcome?.turns == 0)
        #expect(said(rig).isEmpty && committed(rig) == 0)
        #expect(rig.outputs.contains { if case .cancel(through: 2) = $0 { true } else { false } })
    }

    @Test func aKeyComesBeforeAnAnswerThatIsHeld() {
        var rig = Rig.opened(.varied { $0.menu = TenantProfile.testMenu })
        rig.pausesAfter("what are your hours", turn: 1, pause: 1)
        rig.presses("1")
        #expect(discarded(rig) == [2])
        #expect(rig.lastWords == "We open at nine.")
        #expect(said(rig).isEmpty)
    }

    @Test(arguments: [true, false]) func anEmergencyWordActsAtOnce(isInProvisional: Bool) {
        var rig = Rig.opened()
        if isInProvisional {
            rig.pausesAfter("my dog is bleeding badly", turn: 1, pause: 1)
            #expect(rig.asked.isEmpty)
        } else {
            rig.pausesAfter("my dog is", turn: 1, pause: 1)
            rig.give(.transcript(.partial("my dog is bleeding badly", turn: 1), work: nil))
        }
        #expect(rig.spoken.last == "Help is on the way.")
        rig.ends(1)
        rig.final("my dog is bleeding badly", turn: 1)
        rig.heard()
        #expect(rig.closed == .transferred)
        #expect(committed(rig) == 0)
    }

    @Test func aWordThatMayStillBeDeniedIsNotAnswered() {
        let profile = TenantProfile.varied {
            $0.language = "fr-FR"
            $0.emergency.words = ["saigne"]
        }
        var rig = Rig.opened(profile)
        rig.pausesAfter("il saigne", turn: 1, pause: 1)
        #expect(rig.asked.isEmpty)
        rig.resumes(1)
        rig.pauses(1, pause: 2)
        rig.provisional("il saigne pas", turn: 1)
        rig.ends(1)
        rig.wait(.seconds(1))
        #expect(rig.asked.count == 1)
        #expect(!rig.spoken.contains("Help is on the way."))
    }

    @Test func aModelThatFailsAheadIsAskedAgainAtTheEnd() {
        var rig = Rig.opened()
        rig.pausesAfter("hours", turn: 1, pause: 1)
        rig.give(.dialogueFailed(reply: 2, .test(.llm)))
        #expect(rig.happenings.filter { $0 == .legFailed(.test(.llm)) }.count == 1)
        rig.ends(1)
        #expect(rig.asked.count == 2)
        #expect(rig.asked.last?.turn.commit == nil)
        #expect(said(rig) == [callerSaid(1, "hours")])
    }

    @Test func whatCannotBeHeldBackWaitsForTheEnd() {
        var profile = TenantProfile.test
        profile.mode = .triage
        profile.intents = [.init(name: "boarding", say: "Yes.")]
        var rig = Rig.opened(profile)
        rig.pausesAfter("can my dog stay with you", turn: 1, pause: 1)
        let spoken = rig.spoken.count
        rig.give(.dialogue(reply: 2, .intent("boarding")))
        rig.give(.dialogue(reply: 2, .text("Never said. ")))
        rig.give(.dialogueFinished(reply: 2))
        #expect(rig.spoken.count == spoken)
        rig.ends(1)
        #expect(rig.happenings.contains(.intent("boarding")))
        #expect(rig.spoken.suffix(1) == ["I am putting you through."])
        rig.heard()
        #expect(rig.closed == .transferred)
    }

    @Test func moreThanCanBeKeptIsAskedForAgain() {
        var profile = TenantProfile.test
        profile.mode = .triage
        profile.intents = [.init(name: "boarding", say: "Yes.")]
        var rig = Rig.opened(profile)
        rig.pausesAfter("can my dog stay with you", turn: 1, pause: 1)
        for _ in 0..<600 { rig.give(.dialogue(reply: 2, .intent("boarding"))) }
        #expect(discarded(rig) == [2])
        rig.ends(1)
        #expect(rig.asked.count == 2)
    }

    @Test func anOperatorsWordComesFirst() {
        var rig = Rig.opened()
        rig.pausesAfter("hours", turn: 1, pause: 1)
        rig.give(.instructed(.hangUp))
        #expect(rig.spoken.last == "Goodbye now.")
        #expect(discarded(rig) == [2])
        rig.heard()
        #expect(rig.closed == .agentHungUp)
        #expect(said(rig).isEmpty)
    }

    // MARK: Where nothing is begun ahead

    @Test func onlyAPlainDialogueIsAnsweredAhead() {
        var consent = Rig(
            machine: ConversationMachine(profile: .varied { $0.consent = .init(kind: .ask, say: "May we record?") })
        )
        consent.give(.opened)
        consent.heard()
        consent.pausesAfter("yes", turn: 1, pause: 1)
        #expect(consent.asked.isEmpty && held(consent).isEmpty)
        consent.ends(1)
        consent.final("yes", turn: 1)
        #expect(consent.happenings.contains(.consent(isGiven: true)))

        var talking = Rig.opened()
        talking.callerSays("hours", turn: 1)
        talking.modelSays("We open at nine every day.")
        talking.begins()
        talking.pausesAfter("uh huh", turn: 2, pause: 1)
        #expect(talking.asked.count == 1)
        talking.ends(2)
        talking.final("uh huh", turn: 2)
        #expect(talking.asked.count == 1 && !talking.commands.contains(.stopSpeaking))

        var deaf = Rig.opened()
        deaf.give(.transcript(.failed(.test(.stt)), work: nil))
        deaf.pausesAfter("hours", turn: 1, pause: 1)
        #expect(deaf.asked.isEmpty)

        var rejected = Rig.opened()
        rejected.give(.event(.callerStarted(turn: 1, at: rejected.now)))
        rejected.pauses(1, pause: 1)
        let noise = Transcript(text: "noise", confidence: 0.1, provider: "test", isRejected: true)
        rejected.give(.transcript(.provisional(noise, turn: 1), work: nil))
        rejected.give(.transcript(.provisional(Transcript(text: "", provider: "test"), turn: 1), work: nil))
        #expect(rejected.asked.isEmpty)
    }

    @Test func wordsOfAnEarlierPauseAreNotTakenForThisOne() {
        var rig = Rig.opened()
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        let early = rig.now
        rig.pauses(1, pause: 1)
        rig.resumes(1)
        rig.pauses(1, pause: 2)
        let work = TurnTimeline.Work(handed: early, done: rig.now)
        rig.give(.transcript(.provisional(Transcript(text: "hours", provider: "test"), turn: 1), work: work))
        #expect(rig.asked.isEmpty)
    }

    @Test func wordsThatComeAfterTheTurnsEndAreAnsweredAtOnce() {
        var rig = Rig.opened()
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        rig.pauses(1, pause: 1)
        rig.ends(1)
        rig.provisional("hours", turn: 1)
        #expect(rig.asked.count == 1)
        #expect(rig.begun.last == 2)
        rig.final("hours", turn: 1)
        #expect(rig.asked.count == 1 && said(rig).count == 1)
    }
}
