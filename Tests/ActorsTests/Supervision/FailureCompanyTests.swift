import Actors
import Engine
import TestSupport
import Testing

/// Whatever fails, whenever: a caller who waits hears something within 2 s.
@Suite("Company after a failure")
struct FailureCompanyTests {
    /// Where a call is when a leg fails.
    enum Point: String, CaseIterable, Sendable {
        case greetingPlanned, greetingHeard, idle, callerSpeaks, transcriptAwaited, modelAsked, answerBegun,
            answerAudible, answerGenerated, afterAnswer, menuHeard, menuWaits, consentAsked, operatorsWord

        func reach(_ tenant: TenantProfile) -> ConversationRig {
            var rig = ConversationRig(machine: ConversationMachine(profile: profile(tenant)))
            rig.give(.opened)
            guard self != .greetingPlanned, self != .consentAsked else { return rig }
            rig.begins()
            guard self != .greetingHeard else { return rig }
            rig.heard()
            guard self != .idle else { return rig }
            if self == .operatorsWord {
                rig.give(.instructed(.hangUp))
                return rig
            }
            if self == .menuHeard || self == .menuWaits {
                rig.presses("9")
                rig.begins()
                if self == .menuWaits { rig.heard() }
                return rig
            }
            rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
            guard self != .callerSpeaks else { return rig }
            rig.give(.event(.callerEnded(turn: 1, lastSpeech: rig.now, at: rig.now)))
            guard self != .transcriptAwaited else { return rig }
            rig.give(.transcript(.final(Transcript(text: "hours", provider: "t"), turn: 1), work: nil))
            let reply = rig.begun.last ?? 0
            guard self != .modelAsked else { return rig }
            rig.give(.dialogue(reply: reply, .text("We open at nine. And ")))
            guard self != .answerBegun else { return rig }
            rig.begins()
            guard self != .answerAudible else { return rig }
            rig.give(.dialogueFinished(reply: reply))
            if self == .afterAnswer { rig.heard() }
            return rig
        }

        private func profile(_ tenant: TenantProfile) -> TenantProfile {
            var profile = tenant
            if self == .menuHeard || self == .menuWaits { profile.menu = TenantProfile.testMenu }
            if self == .consentAsked { profile.consent = .init(kind: .ask, say: "May we record?") }
            return profile
        }

        /// The caller hears the agent, or is the one who speaks, or nobody owes anybody an answer.
        var isAtRest: Bool {
            switch self {
            case .greetingHeard, .idle, .callerSpeaks, .answerAudible, .answerGenerated, .afterAnswer, .menuHeard,
                .menuWaits:
                true
            case .greetingPlanned, .transcriptAwaited, .modelAsked, .answerBegun, .consentAsked, .operatorsWord: false
            }
        }

        /// Words were handed to the voice already.
        var isBeingSpoken: Bool {
            switch self {
            case .greetingPlanned, .greetingHeard, .answerBegun, .answerAudible, .answerGenerated, .menuHeard,
                .consentAsked, .operatorsWord:
                true
            case .idle, .callerSpeaks, .transcriptAwaited, .modelAsked, .afterAnswer, .menuWaits: false
            }
        }
    }

    /// A tenant's ways out.
    static let tenants: [TenantProfile] = [true, false].flatMap { hasMenu in
        [true, false].flatMap { hasTransfer in
            [true, false].map { hasVoicemail in
                .varied {
                    $0.menu = hasMenu ? TenantProfile.testMenu : nil
                    if !hasTransfer { $0.transfer = nil }
                    $0.voicemail = hasVoicemail ? .init(say: "Please speak after the tone.") : nil
                }
            }
        }
    }

    /// Something sounds: words for the voice, a recording, or the call goes back to its provider's verbs.
    private func isAudible(_ outputs: some Sequence<ConversationOutput>) -> Bool {
        outputs.contains { output in
            switch output {
            case .speak, .command(.beginBackground), .command(.close): true
            default: false
            }
        }
    }

    private func outputs(
        within limit: Duration,
        of rig: inout ConversationRig,
        after inputs: [ConversationInput]
    ) -> ArraySlice<ConversationOutput> {
        let before = rig.outputs.count
        for input in inputs { rig.give(input) }
        rig.wait(limit - .milliseconds(10) * inputs.count)
        return rig.outputs[before...]
    }

    @Test(arguments: Point.allCases, tenants.indices) func theRecogniserIsGone(point: Point, tenant: Int) {
        var rig = point.reach(Self.tenants[tenant])
        let heard = outputs(within: .seconds(2), of: &rig, after: [.transcript(.failed(.test(.stt)), work: nil)])
        #expect(isAudible(heard) || point.isBeingSpoken)
        #expect(rig.happenings.contains { if case .legFailed = $0 { true } else { false } })
    }

    @Test(arguments: Point.allCases, tenants.indices) func theModelIsGone(point: Point, tenant: Int) {
        var rig = point.reach(Self.tenants[tenant])
        let reply = rig.begun.last ?? 0
        let heard = outputs(within: .seconds(2), of: &rig, after: [.dialogueFailed(reply: reply, .test(.llm))])
        #expect(isAudible(heard) || point.isAtRest || point.isBeingSpoken || point == .transcriptAwaited)
        if [.modelAsked, .answerBegun, .answerAudible].contains(point) { #expect(isAudible(heard)) }
    }

    @Test(arguments: Point.allCases, tenants.indices) func theVoiceIsGone(point: Point, tenant: Int) {
        var rig = point.reach(Self.tenants[tenant])
        let reply = rig.begun.last ?? 0
        _ = outputs(within: .milliseconds(20), of: &rig, after: [.speechFailed(reply: reply, .test(.tts))])
        // The provider's own verbs are heard, or do at once what the words announced.
        if point.isBeingSpoken { #expect(rig.closed == (point == .operatorsWord ? .agentHungUp : .legFailed)) }
        #expect(rig.happenings.contains { if case .legFailed = $0 { true } else { false } })
    }

    /// First the legs fail one after another in every order; whoever is left takes the caller somewhere.
    @Test(
        arguments: [
            [LegKind.stt, .llm, .tts], [.stt, .tts, .llm], [.llm, .stt, .tts], [.llm, .tts, .stt], [.tts, .stt, .llm],
            [.tts, .llm, .stt],
        ],
        tenants.indices
    )
    func everythingFails(order: [LegKind], tenant: Int) {
        var rig = Point.modelAsked.reach(Self.tenants[tenant])
        for leg in order where rig.closed == nil {
            let reply = rig.begun.last ?? 0
            let input: ConversationInput =
                switch leg {
                case .stt: .transcript(.failed(.test(.stt)), work: nil)
                case .llm: .dialogueFailed(reply: reply, .test(.llm))
                case .tts: .speechFailed(reply: reply, .test(.tts))
                }
            let heard = outputs(within: .seconds(2), of: &rig, after: [input])
            #expect(isAudible(heard) || rig.lastWords.isEmpty == false)
        }
        #expect(rig.closed != nil)
    }

    @Test(arguments: [LegKind.stt, .llm], Point.allCases) func whileTheNextProviderIsTriedTheCallerIsNotLeftInSilence(
        leg: LegKind,
        point: Point
    ) {
        var rig = point.reach(.test)
        let replacement = LegReplacement(error: .test(leg), to: "next")
        let reply = rig.begun.last ?? 0
        let input: ConversationInput =
            leg == .stt
            ? .transcript(.replaced(replacement), work: nil) : .dialogue(reply: reply, .replaced(replacement))
        let heard = outputs(within: .milliseconds(1_500), of: &rig, after: [input])
        let isAwaited =
            leg == .stt ? point == .transcriptAwaited : [.modelAsked, .answerBegun, .answerAudible].contains(point)
        #expect(
            heard.contains { if case .speak("One moment, please.", _, _) = $0 { true } else { false } } == isAwaited
        )
        #expect(rig.closed == nil)
    }

    @Test(arguments: [LegKind.stt, .llm]) func aQuickReplacementIsNotNoticed(leg: LegKind) {
        var rig = (leg == .stt ? Point.transcriptAwaited : .modelAsked).reach(.test)
        let replacement = LegReplacement(error: .test(leg), to: "next")
        let reply = rig.begun.last ?? 0
        if leg == .stt {
            rig.give(.transcript(.replaced(replacement), work: nil))
            rig.wait(.seconds(1))
            rig.give(.transcript(.final(Transcript(text: "hours", provider: "t"), turn: 1), work: nil))
            rig.modelSays("Nine. ")
        } else {
            rig.give(.dialogue(reply: reply, .replaced(replacement)))
            rig.wait(.seconds(1))
            rig.modelSays("Nine. ")
        }
        rig.wait(.seconds(2))
        #expect(!rig.spoken.contains("One moment, please."))
        #expect(rig.lastWords == "Nine.")
        #expect(rig.happenings.contains(.legReplaced(replacement)))
    }

    @Test func theAnswerFollowsTheCompanyInTheSameReply() {
        var rig = Point.modelAsked.reach(.test)
        rig.give(.dialogue(reply: 2, .replaced(LegReplacement(error: .test(.llm), to: "next"))))
        rig.wait(.seconds(2))
        rig.begins()
        rig.modelSays("We open at nine.")
        #expect(rig.lastWords == "One moment, please. We open at nine.")
        rig.heard()
        #expect(rig.machine.history.last?.text == "One moment, please. We open at nine.")
    }

    /// Providers that hang one after the other: somebody is heard after each, and not without end.
    @Test func everyFurtherFailureIsKeptCompany() {
        var rig = Point.modelAsked.reach(.test)
        for _ in 0..<6 {
            rig.give(.dialogue(reply: 2, .replaced(LegReplacement(error: .test(.llm), to: "next"))))
            rig.wait(.seconds(2))
        }
        #expect(rig.spoken.filter { $0 == "One moment, please." }.count == 3)
        rig.modelSays("We open at nine.")
        #expect(rig.lastWords.hasSuffix("One moment, please. We open at nine."))
    }

    @Test func companyIsNoAnswer() {
        var rig = Point.modelAsked.reach(.test)
        rig.give(.dialogue(reply: 2, .replaced(LegReplacement(error: .test(.llm), to: "next"))))
        rig.wait(.seconds(13))
        #expect(rig.lastWords == "I am sorry, could you say that once more?")
    }

    @Test func aTranscriptAfterTheCompanyIsAnswered() {
        var rig = Point.transcriptAwaited.reach(.test)
        rig.give(.transcript(.replaced(LegReplacement(error: .test(.stt), to: "next")), work: nil))
        rig.wait(.seconds(2))
        rig.begins()
        rig.give(.transcript(.final(Transcript(text: "hours", provider: "t"), turn: 1), work: nil))
        rig.give(.event(.stopped(at: rig.now, heard: HeardPosition(reply: 2, piece: 0, samples: 4_000))))
        #expect(rig.asked.last?.turn.cause == .speech(Transcript(text: "hours", provider: "t")))
    }

    @Test func aVoiceThatIsReplacedIsBridgedByTheTenantsRecording() {
        var line = ConversationLine()
        line.filler = 3
        var rig = ConversationRig(machine: ConversationMachine(profile: .test, line: line))
        rig.give(.opened)
        rig.give(.speechReplaced(LegReplacement(error: .test(.tts), to: "next")))
        #expect(rig.backgrounds.map(\.recording) == [3])
    }

    @Test func theSameProviderOnceMoreReplacesNobody() {
        var rig = Point.modelAsked.reach(.test)
        let again = LegReplacement(error: .test(.llm), to: "test")
        rig.give(.dialogue(reply: 2, .replaced(again)))
        #expect(rig.happenings.contains(.legFailed(again.error)))
        #expect(!rig.happenings.contains(.legReplaced(again)))
    }

    @Test func inALanguageWithoutWordsTheRecordingPlays() {
        var line = ConversationLine()
        line.filler = 3
        var rig = ConversationRig.opened(.varied { $0.language = "ja-JP" }, line: line)
        rig.callerSays("hours", turn: 1)
        rig.give(.dialogue(reply: 2, .replaced(LegReplacement(error: .test(.llm), to: "next"))))
        rig.wait(.milliseconds(1_500))
        #expect(rig.backgrounds.map(\.recording).contains(3))
    }
}
