import Actors
import Engine
import TestSupport
import Testing

/// Whatever the agent is doing, the partial transcript that holds the word brings the warm words and the transfer.
@Suite("Emergency path")
struct EmergencyPathTests {
    enum Situation: String, CaseIterable, Sendable {
        case listening, greeting, thinking, speaking, stopping, askingConsent, waitingForConsent, inTheMenu, filler,
            deafModel
        case endingTheCall, interrupted
    }

    private static let profile = TenantProfile.varied {
        $0.emergency.wordsByLanguage = ["fr": ["urgence", "saigne"]]
        $0.transfer?.brief = "An emergency: {intent}."
        $0.menu = TenantProfile.testMenu
    }

    private func rig(in situation: Situation) -> ConversationRig {
        var profile = Self.profile
        if situation == .askingConsent || situation == .waitingForConsent {
            profile.consent = .init(kind: .ask, say: "May we record this call?")
        }
        var line = ConversationLine()
        line.filler = 0
        var rig = ConversationRig(machine: ConversationMachine(profile: profile, line: line))
        rig.give(.opened)
        switch situation {
        case .greeting, .askingConsent: rig.begins()
        default: rig.heard()
        }
        switch situation {
        case .listening, .greeting, .askingConsent, .waitingForConsent: break
        case .thinking: rig.callerSays("hours", turn: 1)
        case .filler:
            rig.callerSays("hours", turn: 1)
            rig.wait(.seconds(2))
        case .speaking, .stopping, .endingTheCall, .interrupted:
            rig.callerSays("hours", turn: 1)
            rig.modelSays("We open at nine every day.", action: situation == .endingTheCall ? .hangUp : nil)
            rig.begins()
            if situation == .stopping { rig.callerSays("book an appointment", turn: 2) }
            if situation == .interrupted {
                rig.give(.event(.callerStarted(turn: 2, at: rig.now)))
                let heard = HeardPosition(reply: 2, piece: 0, samples: 0)
                rig.give(.event(.bargeIn(onset: rig.now, at: rig.now, heard: heard)))
            }
        case .inTheMenu:
            rig.presses("9")
            rig.heard()
        case .deafModel:
            for turn in 1...2 {
                rig.callerSays("hours", turn: turn)
                rig.give(.dialogueFailed(reply: rig.begun.last ?? 0, .test(.llm)))
            }
        }
        return rig
    }

    @Test(arguments: Situation.allCases) func thePartialItselfStopsTheAgentAndSpeaks(situation: Situation) throws {
        var rig = rig(in: situation)
        rig.give(.event(.callerStarted(turn: 7, at: rig.now)))
        let before = rig.outputs.count
        let at = rig.now
        rig.give(.transcript(.partial("help c'est une urgence absolue", turn: 7), work: .init(handed: at, done: at)))
        let outputs = rig.outputs[before...]
        #expect(outputs.contains { if case .speak("Help is on the way.", _, _) = $0 { true } else { false } })
        let begin = try #require(outputs.firstIndex { if case .command(.beginReply) = $0 { true } else { false } })
        let protect = try #require(outputs.firstIndex { if case .command(.protect) = $0 { true } else { false } })
        #expect(protect < begin)
        if situation == .speaking || situation == .greeting {
            let stop = try #require(outputs.firstIndex { if case .command(.stopSpeaking) = $0 { true } else { false } })
            #expect(stop < protect)
        }
        #expect(rig.happenings.contains(.emergency(word: "urgence", delay: .milliseconds(10))))
        #expect(rig.asked.allSatisfy { $0.turn.cause != .emergency(word: "urgence") })

        let begun = rig.begun.count
        // The caller goes on talking, presses keys, and the call's time is up: it makes no difference.
        rig.give(.transcript(.partial("please hurry urgence", turn: 7), work: nil))
        rig.give(.transcript(.final(Transcript(text: "urgence please hurry", provider: "t"), turn: 7), work: nil))
        rig.callerSays("are you there", turn: 8)
        rig.presses("1")
        rig.give(.event(.timeUp(at: rig.now)))
        rig.give(.event(.idle(count: 1, at: rig.now)))
        #expect(rig.closed == nil)
        #expect(rig.begun.count == begun)
        rig.heard()
        #expect(rig.closed == .transferred)
        rig.give(.event(.ended(.transferred, at: rig.now)))
        #expect(rig.outcome?.transferTo == "+15550100")
        #expect(rig.outcome?.transferBrief == "An emergency: urgence.")
        #expect(rig.happenings.filter { if case .emergency = $0 { true } else { false } }.count == 1)
        #expect(!rig.startedRecording || situation != .askingConsent && situation != .waitingForConsent)
    }

    @Test func whatTheCallerHadHeardWhenTheEmergencyCutItOffIsRemembered() {
        var rig = rig(in: .speaking)
        rig.plan("We open at nine every day.", reply: 2, piece: 0)
        rig.give(.transcript(.partial("bleeding", turn: 7), work: nil))
        rig.give(.event(.stopped(at: rig.now, heard: HeardPosition(reply: 2, piece: 0, samples: 8000))))
        #expect(
            rig.machine.history.last
                == DialogueMessage(party: .agent, text: "We", wasInterrupted: true, isEstimated: true)
        )
        #expect(rig.lastWords == "Help is on the way.")
    }

    @Test func aVoiceThatFailsDoesNotHoldTheTransferUp() {
        var rig = rig(in: .listening)
        rig.give(.transcript(.partial("bleeding", turn: 1), work: nil))
        rig.give(.speechFailed(reply: rig.begun.last ?? 0, .test(.tts)))
        #expect(rig.closed == .transferred)
    }

    @Test func aVoiceThatSaysNothingDoesNotHoldTheTransferUp() {
        var rig = rig(in: .listening)
        rig.give(.transcript(.partial("bleeding", turn: 1), work: nil))
        rig.wait(.seconds(2))
        #expect(rig.closed == nil)
        rig.wait(.seconds(2))
        #expect(rig.closed == .transferred)
    }

    @Test func aVoiceThatStopsInTheMiddleDoesNotHoldTheTransferUpForEver() {
        var rig = rig(in: .listening)
        rig.give(.transcript(.partial("bleeding", turn: 1), work: nil))
        rig.begins()
        rig.wait(.seconds(20))
        #expect(rig.closed == .transferred)
    }

    @Test func aWordTheNextOneMayDenyWaitsAMomentAndNoLonger() {
        var denied = rig(in: .listening)
        denied.give(.transcript(.partial("il saigne", turn: 1), work: nil))
        denied.wait(.milliseconds(150))
        denied.give(.transcript(.partial("il saigne pas", turn: 1), work: nil))
        denied.wait(.seconds(1))
        #expect(!denied.spoken.contains("Help is on the way."))

        var alone = rig(in: .listening)
        alone.give(.transcript(.partial("il saigne", turn: 1), work: nil))
        #expect(!alone.spoken.contains("Help is on the way."))
        alone.wait(.milliseconds(260))
        #expect(alone.spoken.contains("Help is on the way."))
        let delays = alone.happenings.compactMap { if case .emergency(_, let delay) = $0 { delay } else { nil } }
        #expect(delays == [.milliseconds(250)])
    }

    @Test func aTenantWithoutATransferSaysItsWordsAndTheTurnsRestChangesNothing() {
        var profile = Self.profile
        profile.transfer = nil
        var rig = ConversationRig.opened(profile)
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        rig.give(.transcript(.partial("he is bleeding", turn: 1), work: nil))
        rig.begins()
        rig.give(.transcript(.final(Transcript(text: "he is bleeding a lot", provider: "t"), turn: 1), work: nil))
        #expect(rig.asked.isEmpty)
        #expect(rig.commands.last != .stopSpeaking)
        rig.heard()
        rig.callerSays("what shall i do", turn: 2)
        #expect(rig.asked.count == 1)
    }

    /// The machine and the real pipeline in virtual time: from the partial to the provider's `clear` and the first frame of the
    /// warm words.
    @Test func theAgentIsSilentAndTheWarmWordsSoundWithinThreeTicks() throws {
        var machine = ConversationMachine(profile: Self.profile)
        var media = PipelineRig()
        func commands(_ outputs: [ConversationOutput]) -> [CallCommand] {
            outputs.compactMap { if case .command(let command) = $0 { command } else { nil } }
        }
        _ = machine.handle(.opened, now: media.now)
        media.reply(1, frames: 500)
        media.quiet(50)
        for event in media.ports.events {
            media.ports.commands += commands(machine.handle(.event(event), now: media.now))
        }
        let sent = media.ports.sent.count
        let alarm = machine.handle(.transcript(.partial("bleeding", turn: 1), work: nil), now: media.now)
        #expect(alarm.contains { if case .speak = $0 { true } else { false } })
        media.ports.commands += commands(alarm)
        media.ports.speech.removeAll()
        media.reply(2, frames: 30)
        media.quiet(3)
        let after = media.ports.sent[sent...]
        let clear = try #require(after.firstIndex { $0.kind == .clear })
        #expect(after[clear...].contains { $0.kind == .audio })
        #expect(media.ports.events.contains { if case .replyAudible(2, _) = $0 { true } else { false } })
    }
}
