import Actors
import Engine
import TestSupport
import Testing

/// Briefs, triage, hold music and fillers.
@Suite("Hand-over")
struct HandOverTests {
    private static let intents = [
        TenantProfile.Intent(name: "book_visit", title: "booking a visit", say: "Which day?"),
        TenantProfile.Intent(name: "goodbye", say: "Goodbye.", outcome: .hangUp),
    ]

    @Test func theBriefNamesTheCallersLastWish() {
        var rig = ConversationRig.opened(
            .varied {
                $0.intents = Self.intents
                $0.transfer?.brief = "A caller about {intent}, from the agent."
            }
        )
        rig.callerSays("i want to book", turn: 1)
        rig.give(.dialogue(reply: 2, .intent("book_visit")))
        rig.modelSays("I am putting you through.", action: .transfer(to: "+15550100"))
        rig.heard()
        rig.give(.event(.ended(.transferred, at: rig.now)))
        #expect(rig.outcome?.transferBrief == "A caller about booking a visit, from the agent.")
    }

    @Test func aTransferWithoutABriefIsBlind() {
        var rig = ConversationRig.opened()
        rig.callerSays("a person please", turn: 1)
        rig.modelSays("I am putting you through.", action: .transfer(to: "+15550100"))
        rig.heard()
        rig.give(.event(.ended(.transferred, at: rig.now)))
        #expect(rig.outcome?.transferTo == "+15550100")
        #expect(rig.outcome?.transferBrief == nil)
    }

    // MARK: Triage

    private static let triage = TenantProfile.varied {
        $0.mode = .triage
        $0.intents = intents
    }

    @Test func theFirstWishGoesToAPersonWithABrief() {
        var rig = ConversationRig.opened(Self.triage)
        rig.callerSays("i want to book", turn: 1)
        rig.give(.dialogue(reply: 2, .intent("book_visit")))
        #expect(rig.lastWords == "I am putting you through.")
        rig.give(.dialogue(reply: 2, .text("Which day?")))
        rig.heard()
        #expect(rig.closed == .transferred)
        rig.give(.event(.ended(.transferred, at: rig.now)))
        #expect(rig.outcome?.transferBrief == "booking a visit")
        #expect(!rig.spoken.contains("Which day?"))
    }

    @Test func aCallerWhoIsNotUnderstoodGetsTwoTurnsAndThenAPerson() {
        var rig = ConversationRig.opened(Self.triage)
        for turn in 1...2 {
            rig.callerSays("mumble", turn: turn)
            rig.modelSays("Pardon?")
            rig.heard()
        }
        #expect(rig.asked.count == 2)
        rig.callerSays("mumble", turn: 3)
        #expect(rig.asked.count == 2)
        #expect(rig.lastWords == "I am putting you through.")
        rig.heard()
        #expect(rig.closed == .transferred)
    }

    @Test func goodbyeIsNoWishAndWithoutAPersonTheAgentAnswers() {
        var rig = ConversationRig.opened(Self.triage)
        rig.callerSays("goodbye", turn: 1)
        rig.give(.dialogue(reply: 2, .intent("goodbye")))
        rig.modelSays("Goodbye.", action: .hangUp)
        rig.heard()
        #expect(rig.closed == .agentHungUp)

        var alone = Self.triage
        alone.transfer = nil
        rig = ConversationRig.opened(alone)
        rig.callerSays("i want to book", turn: 1)
        rig.give(.dialogue(reply: 2, .intent("book_visit")))
        rig.modelSays("Which day?")
        #expect(rig.lastWords == "Which day?")
    }

    // MARK: Hold music

    private var waiting: ConversationRig {
        var line = ConversationLine()
        line.handOverTime = .seconds(20)
        line.holdMusic = 1
        var rig = ConversationRig.opened(.varied { $0.transfer?.brief = "A caller." }, line: line)
        rig.give(.instructed(.transfer(number: "+15550100", announcement: nil, brief: nil)))
        rig.heard()
        return rig
    }

    @Test func theCallerHearsMusicUntilTheProviderMovesTheCall() {
        var rig = waiting
        #expect(rig.closed == nil)
        #expect(rig.backgrounds == [BackgroundPlay(recording: 1, loops: true, endsWithReply: false)])
        #expect(
            rig.happenings.suffix(2) == [
                .action(.transfer(to: "+15550100")), .handingOver(to: "+15550100", brief: "A caller."),
            ]
        )
        rig.callerSays("hello?", turn: 1)
        rig.presses("1")
        rig.give(.event(.idle(count: 1, at: rig.now)))
        rig.give(.event(.timeUp(at: rig.now)))
        rig.give(.instructed(.say("Please wait.")))
        #expect(rig.begun.count == 2)
        rig.give(.event(.ended(.providerStopped, at: rig.now)))
        #expect(rig.outcome?.reason == .transferred)
        #expect(rig.outcome?.transferBrief == "A caller.")
    }

    @Test func aProviderThatDoesNotMoveTheCallInTimeLeavesItToItsNextVerb() {
        var rig = waiting
        rig.wait(.seconds(19))
        #expect(rig.closed == nil)
        rig.wait(.seconds(2))
        #expect(rig.closed == .transferred)
        rig.wait(.seconds(5))
        #expect(rig.commands.filter { $0 == .close(.transferred) }.count == 1)
    }

    @Test func aCallerOnHoldCanStillBeHungUpOn() {
        var rig = waiting
        rig.give(.instructed(.hangUp))
        #expect(rig.closed == .agentHungUp)
        rig.give(.event(.ended(.agentHungUp, at: rig.now)))
        #expect(rig.outcome?.reason == .agentHungUp)
    }

    // MARK: The filler

    private func answering(filler: Int32? = 0) -> ConversationRig {
        var line = ConversationLine()
        line.filler = filler
        return ConversationRig.opened(.varied { $0.sound.fillerAfterMilliseconds = 1500 }, line: line)
    }
    private static let filler = BackgroundPlay(recording: 0, loops: false, endsWithReply: true)

    @Test func aLongAnswerIsFilledOnceItIsLate() {
        var rig = answering()
        rig.callerSays("hours", turn: 1)
        rig.wait(.milliseconds(1400))
        #expect(rig.backgrounds.isEmpty)
        rig.wait(.milliseconds(200))
        #expect(rig.backgrounds == [Self.filler])
        rig.wait(.seconds(5))
        #expect(rig.backgrounds.count == 1)
    }

    @Test func alsoATranscriptThatTakesLongIsFilled() {
        var rig = answering()
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        rig.give(.event(.callerEnded(turn: 1, lastSpeech: rig.now, at: rig.now)))
        rig.wait(.seconds(2))
        #expect(rig.backgrounds == [Self.filler])
    }

    @Test func anAnswerInTimeIsNotFilledNorIsATurnThatWasNothing() {
        var quick = answering()
        quick.callerSays("hours", turn: 1)
        quick.modelSays("At nine.")
        quick.begins()
        quick.wait(.seconds(3))
        #expect(quick.backgrounds.isEmpty)

        var silent = answering(filler: nil)
        silent.callerSays("hours", turn: 1)
        silent.wait(.seconds(3))
        #expect(silent.backgrounds.isEmpty)
    }

    // MARK: A few words instead of it

    private static let words = "One moment, please."

    @Test func aLongAnswerIsAnnouncedWhereThereIsNoFiller() {
        var rig = answering(filler: nil)
        rig.callerSays("hours", turn: 1)
        rig.wait(.milliseconds(1400))
        #expect(rig.lastWords.isEmpty)
        rig.wait(.milliseconds(200))
        #expect(rig.lastWords == Self.words)
        rig.begins()
        rig.wait(.seconds(3))
        #expect(rig.lastWords == Self.words)
        rig.modelSays("At nine.")
        #expect(rig.lastWords == "\(Self.words) At nine.")
        rig.give(.event(.replyPlayed(reply: rig.begun.last ?? 0, at: rig.now)))
        #expect(rig.machine.history.last?.text == "\(Self.words) At nine.")
    }

    @Test func alsoATranscriptThatTakesLongIsAnnouncedAndAnsweredAfterwards() {
        var rig = answering(filler: nil)
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        rig.ends(1)
        rig.wait(.seconds(2))
        #expect(rig.lastWords == Self.words)
        rig.final("hours", turn: 1)
        rig.modelSays("At nine.")
        #expect(rig.lastWords == "At nine.")
    }

    /// Counted from the last word: a long pause before the turn's end is silence, too.
    @Test func theWaitBeginsWithTheCallersLastWord() {
        var rig = answering(filler: nil)
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        let lastSpeech = rig.now
        rig.wait(.milliseconds(900))
        rig.give(.event(.callerEnded(turn: 1, lastSpeech: lastSpeech, at: rig.now)))
        rig.final("hours", turn: 1)
        rig.wait(.milliseconds(500))
        #expect(rig.lastWords.isEmpty)
        rig.wait(.milliseconds(100))
        #expect(rig.lastWords == Self.words)
    }

    @Test func anAnswerThatIsOnItsWayIsNotAnnounced() {
        var rig = answering(filler: nil)
        rig.callerSays("hours", turn: 1)
        rig.wait(.milliseconds(1200))
        rig.give(.dialogue(reply: rig.begun.last ?? 0, .text("We open at nine. And we ")))
        rig.wait(.seconds(2))
        #expect(rig.lastWords == "We open at nine.")
    }

    @Test func aCallerWhoGoesOnIsNotAnsweredWithWordsEither() {
        var rig = answering(filler: nil)
        rig.callerSays("i would like", turn: 1)
        rig.wait(.seconds(1))
        rig.give(.event(.callerStarted(turn: 2, at: rig.now)))
        rig.wait(.seconds(3))
        #expect(!rig.spoken.contains(Self.words))
    }

    @Test func theCallerWhoGoesOnIsNotTalkedOver() {
        var rig = answering()
        rig.callerSays("i would like", turn: 1)
        rig.wait(.seconds(2))
        rig.give(.event(.callerStarted(turn: 2, at: rig.now)))
        #expect(rig.commands.contains(.endBackground))
        rig.wait(.seconds(3))
        #expect(rig.backgrounds.count == 1)
    }
}
