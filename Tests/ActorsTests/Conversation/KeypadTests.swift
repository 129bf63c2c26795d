import Actors
import Engine
import TestSupport
import Testing

@Suite("Keypad in the stream")
struct KeypadTests {
    private static let profile = TenantProfile.varied {
        $0.menu = TenantProfile.testMenu
        $0.voicemail = .init(say: "Please speak after the tone.")
        $0.transfers = ["front_desk": .init(number: "+15550123", say: "To the front desk.", brief: "From the keypad.")]
    }

    struct Press: Sendable, CustomTestStringConvertible {
        var key: Character
        var words: String
        var closed: EndReason?
        var transferTo: String?
        var brief: String?
        var testDescription: String { String(key) }
    }

    @Test(arguments: [
        Press(key: "1", words: "We open at nine.", closed: .agentHungUp),
        Press(
            key: "2",
            words: "To the front desk.",
            closed: .transferred,
            transferTo: "+15550123",
            brief: "From the keypad."
        ),
        Press(key: "3", words: "Leave a message.", closed: .voicemail),
        Press(key: "4", words: "Good morning. How can I help?"), Press(key: "9", words: "For opening hours press one."),
        Press(key: "#", words: "I am putting you through.", closed: .transferred, transferTo: "+15550177"),
        Press(key: "*", words: "Bye.", closed: .agentHungUp),
    ]) func aKeyDoesWhatTheMenuSays(press: Press) {
        for isSpeaking in [false, true] {
            var rig = ConversationRig.opened(Self.profile)
            if isSpeaking {
                rig.callerSays("hours", turn: 1)
                rig.modelSays("We open at nine every day.")
                rig.begins()
            }
            let asked = rig.asked.count
            rig.presses(press.key)
            #expect(rig.lastWords == press.words)
            #expect(rig.asked.count == asked, "no model is asked")
            rig.heard()
            #expect(rig.closed == press.closed)
            rig.give(.event(.ended(press.closed ?? .providerStopped, at: rig.now)))
            #expect(rig.outcome?.transferTo == press.transferTo)
            #expect(rig.outcome?.transferBrief == press.brief)
        }
    }

    private static let questions: [(Actors.Expectation, Character, Bool)] = [
        (.digits, "1", true), (.digits, "#", true), (.yesNo, "1", true), (.yesNo, "3", false),
        (.choice(["a", "b"]), "2", true), (.choice(["a", "b"]), "3", false), (.intents, "1", false),
        (.name, "1", false),
        (.anything, "2", false),
    ]

    @Test(arguments: questions) func aQuestionThatKeysAnswerComesBeforeTheMenu(
        question: Actors.Expectation,
        key: Character,
        isAsked: Bool
    ) {
        var rig = ConversationRig.opened(Self.profile)
        rig.callerSays("something", turn: 1)
        let reply = rig.begun.last ?? 0
        rig.give(.dialogue(reply: reply, .expect(question)))
        rig.modelSays("And now?")
        rig.heard()
        rig.presses(key)
        #expect((rig.asked.last?.turn.cause == .digit(key)) == isAsked)
    }

    @Test func aKeyThatIsNotOnTheMenuIsTheModelsUntilTheMenuWasSaid() {
        var rig = ConversationRig.opened(Self.profile)
        rig.presses("7")
        #expect(rig.asked.last?.turn.cause == .digit("7"))
        rig.modelSays("Please tell me in a few words.")
        rig.heard()
        rig.presses("9")
        rig.heard()
        rig.presses("7")
        #expect(rig.lastWords == "For opening hours press one.")
        #expect(rig.asked.count == 1)
    }

    @Test func aMenuNobodyAnswersIsSaidAgainAndThenLeadsOn() {
        var rig = ConversationRig.opened(Self.profile)
        rig.presses("9")
        rig.heard()
        rig.give(.event(.idle(count: 1, at: rig.now)))
        #expect(rig.asked.isEmpty, "the menu has its own time")
        rig.wait(.seconds(4))
        #expect(rig.begun.count == 2)
        rig.wait(.seconds(2))
        #expect(rig.begun.count == 3 && rig.lastWords == "For opening hours press one.")
        rig.heard()
        rig.wait(.seconds(6))
        #expect(rig.lastWords == "I am putting you through.")
        rig.heard()
        #expect(rig.closed == .transferred)
    }

    @Test func wordsDuringTheMenuAreAnsweredByTheModel() {
        var rig = ConversationRig.opened(Self.profile)
        rig.presses("9")
        rig.heard()
        rig.callerSays("what are your hours", turn: 1)
        #expect(rig.asked.count == 1)
        rig.modelSays("At nine.")
        rig.heard()
        rig.wait(.seconds(30))
        #expect(rig.begun.count == 3, "the menu is closed")
    }

    @Test func aWayThatDoesNotExistLeadsToTheNextOneThatDoes() {
        var profile = Self.profile
        profile.voicemail = nil
        var rig = ConversationRig.opened(profile)
        rig.presses("3")
        rig.heard()
        #expect(rig.closed == .transferred)

        profile.transfer = nil
        rig = ConversationRig.opened(profile)
        rig.presses("3")
        #expect(rig.lastWords == "Leave a message. Goodbye now.")
        rig.heard()
        #expect(rig.closed == .agentHungUp)
    }
}
