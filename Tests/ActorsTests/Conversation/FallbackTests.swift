import Actors
import Engine
import TestSupport
import Testing

/// What becomes of a caller whose agent cannot go on: never silence.
@Suite("Fallback")
struct FallbackTests {
    enum Failure: String, CaseIterable, Sendable {
        case modelFails, modelHangs, recogniserFails, recogniserHangs
    }

    /// What a tenant has, and where its callers end up who press nothing.
    struct Tenant: Sendable, CustomTestStringConvertible {
        var hasMenu: Bool
        var hasTransfer: Bool
        var hasVoicemail: Bool
        var end: EndReason
        var testDescription: String { "menu \(hasMenu), transfer \(hasTransfer), voicemail \(hasVoicemail)" }

        var profile: TenantProfile {
            .varied {
                $0.menu = hasMenu ? TenantProfile.testMenu : nil
                if !hasTransfer { $0.transfer = nil }
                $0.voicemail = hasVoicemail ? .init(say: "Please speak after the tone.") : nil
            }
        }
    }

    private static let tenants = [
        Tenant(hasMenu: true, hasTransfer: true, hasVoicemail: true, end: .transferred),
        Tenant(hasMenu: true, hasTransfer: false, hasVoicemail: true, end: .voicemail),
        Tenant(hasMenu: true, hasTransfer: false, hasVoicemail: false, end: .agentHungUp),
        Tenant(hasMenu: false, hasTransfer: true, hasVoicemail: true, end: .transferred),
        Tenant(hasMenu: false, hasTransfer: false, hasVoicemail: true, end: .voicemail),
        Tenant(hasMenu: false, hasTransfer: false, hasVoicemail: false, end: .agentHungUp),
    ]

    private func fail(_ failure: Failure, _ rig: inout ConversationRig) {
        switch failure {
        case .recogniserFails:
            rig.give(.transcript(.failed(.test(.stt)), work: nil))
        case .recogniserHangs:
            for turn in 1...2 {
                rig.give(.event(.callerStarted(turn: Int32(turn), at: rig.now)))
                rig.give(.event(.callerEnded(turn: Int32(turn), lastSpeech: rig.now, at: rig.now)))
                rig.wait(.seconds(2))
                // "One moment."
                rig.heard()
                rig.wait(.milliseconds(6_050))
                if turn == 1 {
                    #expect(rig.asked.last?.turn.cause == .notUnderstood)
                    rig.modelSays("Pardon?")
                    rig.heard()
                }
            }
        case .modelFails, .modelHangs:
            for turn in 1...2 {
                rig.callerSays("hours", turn: turn)
                if failure == .modelFails {
                    rig.give(.dialogueFailed(reply: rig.begun.last ?? 0, .test(.llm)))
                } else {
                    rig.wait(.milliseconds(12_050))
                }
                if turn == 1 {
                    #expect(rig.lastWords == "I am sorry, could you say that once more?")
                    rig.heard()
                }
            }
        }
    }

    @Test(arguments: Failure.allCases, tenants) func theCallerIsTakenToWhatIsLeft(failure: Failure, tenant: Tenant) {
        var rig = ConversationRig.opened(tenant.profile)
        fail(failure, &rig)
        let apology = failure == .modelFails || failure == .modelHangs ? "something went wrong" : "trouble hearing you"
        #expect(rig.lastWords.contains(apology))
        #expect(rig.happenings.contains { if case .legFailed = $0 { true } else { false } })
        if tenant.hasMenu {
            #expect(rig.lastWords.hasSuffix("For opening hours press one."))
            rig.heard()
            #expect(rig.closed == nil)
            // The menu is said once.
            rig.wait(.seconds(6))
        }
        rig.heard()
        #expect(rig.closed == tenant.end)
    }

    @Test(arguments: Failure.allCases) func keysWorkWithoutTheLeg(failure: Failure) {
        var rig = ConversationRig.opened(Self.tenants[0].profile)
        fail(failure, &rig)
        rig.begins()
        let asked = rig.asked.count
        rig.presses("1")
        #expect(rig.lastWords == "We open at nine.")
        rig.heard()
        #expect(rig.closed == .agentHungUp)
        #expect(rig.asked.count == asked)
    }

    @Test(arguments: Failure.allCases) func wordsAndNoiseDoNotLeaveTheCallerInSilence(failure: Failure) {
        var rig = ConversationRig.opened(Self.tenants[0].profile)
        fail(failure, &rig)
        rig.begins()
        let asked = rig.asked.count
        // The caller talks over the menu.
        rig.give(.event(.callerStarted(turn: 8, at: rig.now)))
        let heard = HeardPosition(reply: rig.begun.last ?? 0, piece: 0, samples: 0)
        rig.give(.event(.bargeIn(onset: rig.now, at: rig.now, heard: heard)))
        rig.give(.event(.callerEnded(turn: 8, lastSpeech: rig.now, at: rig.now)))
        if failure == .modelFails || failure == .modelHangs {
            rig.give(.transcript(.final(Transcript(text: "hello", provider: "t"), turn: 8), work: nil))
        }
        for _ in 0..<4 where rig.closed == nil {
            rig.wait(.seconds(6))
            rig.heard()
        }
        #expect(rig.closed == .transferred)
        #expect(rig.asked.count == asked)
    }

    @Test func aModelThatStopsInTheMiddleIsAnsweredWithWhatItSaid() {
        var rig = ConversationRig.opened()
        rig.callerSays("hours", turn: 1)
        rig.give(.dialogue(reply: 2, .text("We open at nine. And")))
        rig.begins()
        rig.wait(.seconds(13))
        #expect(rig.lastWords == "We open at nine. And")
        rig.heard()
        #expect(rig.machine.history.last?.text == "We open at nine. And")
        let count = rig.spoken.count
        rig.give(.dialogue(reply: 2, .text("late words. ")))
        #expect(rig.spoken.count == count)
    }

    @Test func aModelThatTakesItsTimeButTalksIsLeftAlone() {
        var rig = ConversationRig.opened()
        rig.callerSays("hours", turn: 1)
        for _ in 0..<5 {
            rig.wait(.seconds(8))
            rig.give(.dialogue(reply: 2, .text("One more thing. ")))
        }
        #expect(!rig.happenings.contains { if case .legFailed = $0 { true } else { false } })
    }

    @Test func theFailureOfAReplyThatWasGivenUpIsNotTheCallsEnd() {
        var rig = ConversationRig.opened()
        rig.callerSays("hours", turn: 1)
        rig.give(.speechFailed(reply: 1, .test(.tts)))
        #expect(rig.closed == nil)
        rig.give(.speechFailed(reply: 2, .test(.tts)))
        #expect(rig.closed == .legFailed)
    }

    @Test(arguments: [
        ("fr-FR", "Je vous entends mal. I am putting you through."),
        ("de", "Ich kann Sie leider nicht verstehen. I am putting you through."),
        ("ja-JP", "I am putting you through."),
    ]) func anApologyIsInTheTenantsLanguageOrNotSaid(language: String, words: String) {
        var rig = ConversationRig.opened(.varied { $0.language = language })
        rig.give(.transcript(.failed(.test(.stt)), work: nil))
        #expect(rig.lastWords == words)
    }
}
