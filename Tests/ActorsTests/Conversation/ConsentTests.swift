import Actors
import Engine
import TestSupport
import Testing

@Suite("Recording consent")
struct ConsentTests {
    private static let asking = TenantProfile.varied {
        $0.consent = .init(kind: .ask, say: "May we record this call?")
        $0.menu = TenantProfile.testMenu
    }
    private static let announcing = TenantProfile.varied {
        $0.consent = .init(kind: .announce, say: "This call is recorded.")
    }

    private func open(_ profile: TenantProfile, announces: Bool = false) -> ConversationRig {
        var line = ConversationLine()
        line.announcesConsent = announces
        var rig = ConversationRig(machine: ConversationMachine(profile: profile, line: line))
        rig.give(.opened)
        return rig
    }

    @Test func withoutConsentToAskForRecordingBeginsAtOnce() {
        for profile in [TenantProfile.test, Self.announcing] {
            let rig = open(profile)
            #expect(rig.startedRecording)
            #expect(rig.lastWords == "Good morning. How can I help?")
        }
    }

    @Test func anAnnouncementIsHeardToItsEndBeforeRecordingBeginsAndTheGreetingFollows() {
        var rig = open(Self.announcing, announces: true)
        #expect(rig.lastWords == "This call is recorded.")
        #expect(rig.commands.contains { if case .protect = $0 { true } else { false } })
        rig.begins()
        #expect(!rig.startedRecording)
        rig.heard()
        #expect(rig.startedRecording)
        #expect(rig.lastWords == "Good morning. How can I help?")
    }

    enum Answer: Sendable {
        case word(String), key(Character), silence, noise
    }

    private static let answers: [(Answer, Bool)] = [
        (.word("yes please"), true), (.word("no thanks"), false), (.key("1"), true), (.key("2"), false),
        (.silence, false), (.noise, false),
    ]

    @Test(arguments: answers, [false, true]) func onlyAYesStartsTheRecording(answer: (Answer, Bool), isEarly: Bool) {
        var rig = open(Self.asking)
        #expect(rig.lastWords == "May we record this call?")
        if isEarly { rig.begins() } else { rig.heard() }
        rig.presses("9")
        #expect(rig.lastWords == "May we record this call?", "another key answers nothing")
        switch answer.0 {
        case .word(let text):
            rig.callerSays(text, turn: 1)
            if isEarly {
                rig.give(.event(.stopped(at: rig.now, heard: HeardPosition(reply: 1, piece: 0, samples: 0))))
            }
        case .key(let key):
            rig.presses(key)
        case .silence, .noise:
            if isEarly { rig.heard() }
            if case .noise = answer.0 {
                rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
                rig.give(.event(.callerDropped(turn: 1, at: rig.now)))
            }
            rig.give(.event(.idle(count: 1, at: rig.now)))
            #expect(rig.begun.count == 1)
            rig.wait(.seconds(7))
        }
        #expect(rig.startedRecording == answer.1)
        #expect(rig.happenings.contains(.consent(isGiven: answer.1)))
        #expect(rig.lastWords == "Good morning. How can I help?")
        #expect(rig.asked.isEmpty)
        rig.heard()
        rig.presses("1")
        #expect(rig.lastWords == "We open at nine.", "the keypad is the menu's again")
    }

    @Test func aCallerWhoComesToThePointIsAnsweredUnrecorded() {
        var rig = open(Self.asking)
        rig.heard()
        rig.callerSays("i would like to book an appointment", turn: 1)
        #expect(!rig.startedRecording)
        #expect(rig.happenings.contains(.consent(isGiven: false)))
        #expect(rig.asked.count == 1)
    }

    @Test func aYesTheRecogniserDoesNotBelieveIsNone() {
        var rig = open(Self.asking)
        rig.heard()
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        let transcript = Transcript(text: "yes", provider: "t", isRejected: true)
        rig.give(.transcript(.final(transcript, turn: 1), work: nil))
        #expect(!rig.startedRecording)
    }

    @Test func anAnswerThatIsBeingSpokenIsWaitedFor() {
        var rig = open(Self.asking)
        rig.heard()
        rig.wait(.seconds(5))
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        rig.wait(.seconds(2))
        #expect(rig.begun.count == 1)
        rig.give(.event(.callerEnded(turn: 1, lastSpeech: rig.now, at: rig.now)))
        rig.give(.transcript(.final(Transcript(text: "yes", provider: "t"), turn: 1), work: nil))
        #expect(rig.startedRecording)
    }
}
