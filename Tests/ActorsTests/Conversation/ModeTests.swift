import Actors
import Engine
import TestSupport
import Testing

/// What a tenant's mode means for the course of a call, whatever model there is.
@Suite("Modes of a conversation")
struct ModeTests {
    @Test func inHumanOnlyAPersonAnswersAndNoModelIsAsked() {
        var rig = ConversationRig.opened(
            .varied {
                $0.mode = .humanOnly
                $0.consent = .init(kind: .ask, say: "May we record this call?")
            }
        )
        #expect(rig.spoken == ["I am putting you through."])
        #expect(rig.closed == .transferred)
        rig.callerSays("hello", turn: 1)
        rig.presses("5")
        rig.wait(.seconds(120))
        #expect(rig.asked.isEmpty && !rig.startedRecording)
    }

    @Test func inHumanOnlyACallerWhoTalksIntoTheAnnouncementReachesAPerson() {
        var rig = ConversationRig(machine: ConversationMachine(profile: .varied { $0.mode = .humanOnly }))
        rig.give(.opened)
        rig.begins()
        rig.callerSays("i want to book a visit", turn: 1)
        rig.presses("1")
        rig.heard()
        #expect(rig.asked.isEmpty && rig.closed == .transferred)
    }

    private static let briefs: [(TenantProfile.Mode, String?, String?)] = [
        (.triage, nil, "urgent, limping dog"),
        (.triage, "From the agent: {intent}.", "From the agent: urgent, limping dog."),
        (.fullAuto, "A call about {intent}.", "A call about urgent, limping dog."), (.fullAuto, nil, nil),
    ]

    @Test(arguments: briefs)
    func thePersonIsToldWhatTheModelFoundOut(mode: TenantProfile.Mode, brief: String?, told: String?) {
        var rig = ConversationRig.opened(
            .varied {
                $0.mode = mode
                $0.transfer?.brief = brief
            }
        )
        rig.callerSays("my dog limps", turn: 1)
        rig.give(.dialogue(reply: 2, .wish("urgent, limping dog")))
        rig.modelSays("One moment.", action: .transfer(to: "+15550100"))
        rig.heard()
        rig.give(.event(.ended(.transferred, at: rig.now)))
        #expect(rig.outcome?.transferBrief == told)
    }

    @Test func aTenantSetsHowManyTurnsTriageTakes() {
        var rig = ConversationRig.opened(
            .varied {
                $0.mode = .triage
                $0.agent.triageTurns = 1
            }
        )
        rig.callerSays("my dog limps", turn: 1)
        rig.modelSays("How badly?")
        rig.heard()
        rig.callerSays("very badly", turn: 2)
        #expect(rig.asked.count == 1 && rig.lastWords == "I am putting you through.")
    }

    @Test func anAnswersLanguageChangesNothingElse() {
        var rig = ConversationRig.opened()
        rig.callerSays("bonjour", turn: 1)
        rig.give(.dialogue(reply: 2, .language("fr-FR")))
        rig.modelSays("Bonjour.")
        #expect(rig.lastWords == "Bonjour.")
    }
}
