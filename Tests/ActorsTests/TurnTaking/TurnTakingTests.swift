import Actors
import Engine
import TestSupport
import Testing

/// What words do to the end of a turn, to an agent that speaks, and to a wait.
@Suite("Turn-taking with words")
struct TurnTakingTests {
    private typealias Rig = ConversationRig

    private func endpoints(_ rig: Rig) -> [CallCommand] {
        rig.commands.filter { if case .endpoint = $0 { true } else { false } }
    }

    // MARK: The end of a turn

    @Test func anUnfinishedSentenceIsWaitedForAndNotAnsweredAhead() {
        var rig = Rig.opened()
        rig.pausesAfter("i would like to", turn: 1, pause: 1)
        #expect(rig.commands.last == .endpoint(pause: 1, silence: .milliseconds(900)))
        #expect(rig.asked.isEmpty)
        // Nothing more comes: the words are known, so the answer does not wait for the final transcript.
        rig.ends(1)
        #expect(rig.asked.count == 1)
    }

    @Test func whatWasCarriedOverBelongsToTheSentence() {
        var rig = Rig.opened()
        rig.callerSays("i would like", turn: 1)
        rig.pausesAfter("an", turn: 2, pause: 1)
        #expect(endpoints(rig) == [.endpoint(pause: 1, silence: .milliseconds(900))])
    }

    @Test func aFinishedSentenceEndsNoSoonerUnlessTheTenantWantsIt() {
        var patient = Rig.opened()
        patient.pausesAfter("Are you open?", turn: 1, pause: 1)
        #expect(endpoints(patient).isEmpty)
        var quick = Rig.opened(.varied { $0.turnTaking.endOfFinishedTurnMilliseconds = 180 })
        quick.pausesAfter("Are you open?", turn: 1, pause: 1)
        #expect(endpoints(quick) == [.endpoint(pause: 1, silence: .milliseconds(300))])
    }

    @Test(arguments: [true, false]) func theRecognisersOwnEndpointIsASign(comesFirst: Bool) {
        var rig = Rig.opened(.varied { $0.turnTaking.endOfFinishedTurnMilliseconds = 180 })
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        rig.pauses(1, pause: 1)
        if comesFirst { rig.give(.transcript(.endpoint(turn: 1), work: nil)) }
        rig.provisional("book an appointment", turn: 1)
        if !comesFirst { rig.give(.transcript(.endpoint(turn: 1), work: nil)) }
        #expect(endpoints(rig) == [.endpoint(pause: 1, silence: .milliseconds(300))])
        #expect(rig.asked.count == 1)
        // It is of that pause only.
        rig.resumes(1)
        rig.pauses(1, pause: 2)
        rig.provisional("book an appointment today", turn: 1)
        #expect(endpoints(rig).count == 1)
    }

    @Test func anotherJudgeMayTakeThePlaceOfTheRules() {
        struct Patient: SentenceJudge {
            func judge(_ text: String, answering question: Actors.Expectation?, hasEndpoint: Bool) -> SentenceState {
                .unfinished
            }
        }
        var rig = Rig(machine: ConversationMachine(profile: .test, judge: Patient()))
        rig.give(.opened)
        rig.heard()
        rig.pausesAfter("Are you open?", turn: 1, pause: 1)
        #expect(endpoints(rig).count == 1)
    }

    @Test func aTenantsTunablesReachThePipeline() {
        var profile = TenantProfile.test
        var plain = PipelineConfiguration(profile)
        #expect(plain.turn.endSilence == .milliseconds(540) && plain.turn.pauseSilence == .milliseconds(100))
        #expect(plain.turn.shortestEndSilence == .milliseconds(540))
        #expect(plain.turn.longestEndSilence == .milliseconds(900))
        #expect(plain.bargeIn.stopsBySound)
        profile.turnTaking.speculates = false
        profile.turnTaking.endOfFinishedTurnMilliseconds = 80
        profile.turnTaking.endOfUnfinishedTurnMilliseconds = 100
        profile.turnTaking.bargeInWords = 2
        plain = PipelineConfiguration(profile)
        #expect(plain.turn.pauseSilence == .zero && plain.turn.shortestEndSilence == .milliseconds(200))
        // Less patience with what is unfinished than with the rest is none.
        #expect(plain.turn.longestEndSilence == .milliseconds(540))
        #expect(!plain.bargeIn.stopsBySound)
    }

    // MARK: Words that interrupt

    private func talking(_ words: Int, expecting: Actors.Expectation? = nil) -> Rig {
        var rig = Rig.opened(.varied { $0.turnTaking.bargeInWords = words })
        rig.callerSays("hours", turn: 1)
        if let expecting { rig.give(.dialogue(reply: 2, .expect(expecting))) }
        rig.modelSays("We open at nine every day.")
        rig.plan("We open at nine every day.", reply: 2, piece: 0)
        rig.begins()
        rig.give(.event(.callerStarted(turn: 2, at: rig.now)))
        return rig
    }

    @Test(
        arguments: [
            (2, "wait", false), (2, "wait please", true), (2, "uh huh", false), (3, "no no", false),
            (3, "no no stop", true), (0, "wait please stop", false),
        ]
    ) func enoughWordsStopTheAgent(words: Int, text: String, stops: Bool) {
        var rig = talking(words)
        rig.give(.transcript(.partial(text, turn: 2), work: nil))
        #expect((rig.commands.last == .stopSpeaking) == stops)
    }

    @Test func whatWasHeardBeforeWordsStoppedTheAgentIsRemembered() {
        var rig = talking(2)
        rig.give(.transcript(.partial("no wait", turn: 2), work: nil))
        rig.give(.transcript(.partial("no wait i", turn: 2), work: nil))
        #expect(rig.commands.count { $0 == .stopSpeaking } == 1)
        rig.give(.event(.stopped(at: rig.now, heard: HeardPosition(reply: 2, piece: 0, samples: 22_000))))
        #expect(rig.machine.history.last?.text == "We open at" && rig.machine.history.last?.wasInterrupted == true)
        #expect(rig.happenings.contains { if case .interrupted(1, "We open at", _, _) = $0 { true } else { false } })
        rig.ends(2)
        rig.final("no wait i meant sunday", turn: 2)
        #expect(rig.asked.count == 2)
    }

    @Test func aTurnOfTooFewWordsIsNoAnswerUnlessOneIsAwaited() {
        var rig = talking(2)
        rig.ends(2)
        rig.final("sunday", turn: 2)
        #expect(rig.asked.count == 1 && !rig.commands.contains(.stopSpeaking))
        var asking = talking(2, expecting: .yesNo)
        asking.ends(2)
        asking.final("yes", turn: 2)
        #expect(asking.commands.last == .stopSpeaking)
    }

    @Test func wordsDoNotStopWhatIsProtected() {
        var consent = Rig(
            machine: ConversationMachine(
                profile: .varied {
                    $0.turnTaking.bargeInWords = 2
                    $0.consent = .init(kind: .ask, say: "May we record?")
                }
            )
        )
        consent.give(.opened)
        #expect(consent.commands.contains { if case .protect = $0 { true } else { false } })
        consent.begins()
        consent.give(.event(.callerStarted(turn: 1, at: consent.now)))
        consent.give(.transcript(.partial("hello is anybody there", turn: 1), work: nil))
        #expect(!consent.commands.contains(.stopSpeaking))

        var greeting = Rig(
            machine: ConversationMachine(
                profile: .varied {
                    $0.turnTaking.bargeInWords = 2
                    $0.turnTaking.protectGreetingMilliseconds = 2000
                }
            )
        )
        greeting.give(.opened)
        greeting.begins()
        greeting.give(.event(.callerStarted(turn: 1, at: greeting.now)))
        greeting.give(.transcript(.partial("hello hello", turn: 1), work: nil))
        #expect(!greeting.commands.contains(.stopSpeaking))
        greeting.wait(.seconds(2))
        greeting.give(.transcript(.partial("hello hello you", turn: 1), work: nil))
        #expect(greeting.commands.last == .stopSpeaking)
    }

    // MARK: Backchannels

    @Test(
        arguments: [
            ("en-US", "uh huh", true), ("en-US", "I see", true), ("en-US", "d'accord", false),
            ("fr-FR", "d'accord", true),
            ("fr-FR", "Ah oui", true), ("fr-FR", "oui mais non", false), ("de-DE", "ach so", true),
            ("de-DE", "genau", true), ("es-ES", "vale", true), ("es-ES", "claro que no", false), ("tr-TR", "mhm", true),
            ("tr-TR", "yeah", false), ("en-US", "okay okay okay okay", false), ("en-US", "", false),
        ]
    ) func aListenersWordsAreNoTurnInTheTenantsLanguage(language: String, text: String, isIgnored: Bool) {
        var rig = Rig.opened(.varied { $0.language = language })
        rig.callerSays("hours", turn: 1)
        rig.modelSays("We open at nine every day.")
        rig.begins()
        rig.callerSays(text, turn: 2)
        // Without words at all nothing is answered either.
        #expect(rig.commands.contains(.stopSpeaking) == !(isIgnored || text.isEmpty))
    }

    // MARK: A tool at work

    @Test func aToolAtWorkIsAnnouncedOnceBeforeTheAnswer() {
        var rig = Rig.opened()
        rig.callerSays("is he booked", turn: 1)
        rig.give(.dialogue(reply: 2, .working("look_up")))
        rig.give(.dialogue(reply: 2, .working("look_up")))
        rig.modelSays("Yes, at nine.")
        #expect(rig.spoken.suffix(2) == ["One moment, please.", "Yes, at nine."])
        rig.heard()
        #expect(rig.machine.history.last?.text == "One moment, please. Yes, at nine.")
    }

    @Test func aToolAfterWordsNeedsNoneAndTheFillerTakesTheirPlace() {
        var rig = Rig.opened()
        rig.callerSays("is he booked", turn: 1)
        rig.give(.dialogue(reply: 2, .text("Let me look. ")))
        rig.give(.dialogue(reply: 2, .working("look_up")))
        #expect(rig.spoken.last == "Let me look.")

        var line = ConversationLine()
        line.filler = 3
        var filled = Rig.opened(line: line)
        filled.callerSays("is he booked", turn: 1)
        filled.give(.dialogue(reply: 2, .working("look_up")))
        filled.give(.dialogue(reply: 2, .working("look_up")))
        #expect(filled.backgrounds.map(\.recording) == [3])
        #expect(filled.spoken.last == "How can I help?")
        // Not into the caller's pause.
        var ahead = Rig.opened(line: line)
        ahead.pausesAfter("is he booked", turn: 1, pause: 1)
        ahead.give(.dialogue(reply: 2, .working("look_up")))
        #expect(ahead.backgrounds.isEmpty)
        ahead.ends(1)
        ahead.wait(.seconds(3))
        #expect(ahead.backgrounds.map(\.recording) == [3])
    }
}
