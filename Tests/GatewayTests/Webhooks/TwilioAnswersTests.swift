import Actors
import Engine
import Gateway
import TestSupport
import Testing

@Suite("Twilio answers")
struct TwilioAnswersTests {
    private let answers = TwilioAnswers(publicURL: PublicURL("https://voice.example.net/"))

    private func outcome(_ reason: EndReason, transferTo: String? = nil) -> CallOutcome {
        CallOutcome(reason: reason, turns: 1, interruptions: 0, duration: .seconds(5), transferTo: transferTo)
    }

    private var tenantWithoutAPerson: TenantProfile {
        var profile = TenantProfile.test
        profile.transfer = nil
        profile.language = "fr-FR"
        return profile
    }

    @Test func theFirstAnswerConnectsTheAudioAndNamesTheTenant() {
        #expect(
            answers.voice(profile: .test).verbs == [
                .connect(
                    stream: "wss://voice.example.net/twilio/ws",
                    action: "https://voice.example.net/twilio/continue",
                    parameters: [("tenant", "test")]
                )
            ]
        )
    }

    @Test func aTransferDialsTheNumberTheConversationChose() {
        let answer = answers.next(outcome: outcome(.transferred, transferTo: "+15550177"), profile: .test)
        #expect(answer.verbs == [.dial("+15550177")])
        #expect(answers.next(outcome: outcome(.transferred), profile: .test).verbs == [.hangup])
    }

    @Test(arguments: [EndReason.agentHungUp, .providerStopped, .silent, .tooLong])
    func aFinishedConversationHangsUp(_ reason: EndReason) {
        #expect(answers.next(outcome: outcome(reason), profile: .test).verbs == [.hangup])
    }

    @Test(arguments: [EndReason.connectionLost, .drained, .protocolError, .legFailed])
    func aBrokenConversationGoesToAPerson(_ reason: EndReason) {
        let answer = answers.next(outcome: outcome(reason), profile: .test)
        #expect(answer.verbs.map(\.name) == ["Say", "Dial"])
        #expect(answer.verbs.last == .dial("+15550100"))
    }

    @Test func whereThereIsNoPersonTheCallerIsToldInTheTenantsLanguage() {
        for past in [outcome(.legFailed), nil] {
            let answer = answers.next(outcome: past, profile: tenantWithoutAPerson)
            #expect(answer.verbs.map(\.name) == ["Say", "Hangup"])
            #expect(answer.verbs.first?.attributes["language"] == "fr-FR")
        }
    }

    @Test func aCallNobodyKnowsHasAWayOutToo() {
        #expect(answers.next(outcome: nil, profile: .test).verbs.map(\.name) == ["Say", "Dial"])
        #expect(answers.next(outcome: nil, profile: nil).verbs.map(\.name) == ["Say", "Hangup"])
        #expect(TwilioAnswers.unknownNumber.verbs == [.reject(reason: "rejected")])
        #expect(TwilioAnswers.busy.verbs.map(\.name) == ["Say", "Hangup"])
    }

    @Test func everyReasonHasAnAnswer() {
        for reason in EndReason.allCases {
            for profile in [TenantProfile.test, nil] {
                #expect(!answers.next(outcome: outcome(reason), profile: profile).verbs.isEmpty)
            }
        }
    }

    @Test(arguments: [
        ("https://a.example", "wss://a.example/x", "https://a.example/x"),
        ("https://a.example///", "wss://a.example/x", "https://a.example/x"),
        ("http://a.example:81/base/", "ws://a.example:81/base/x", "http://a.example:81/base/x"),
    ])
    func theSocketsAddressFollowsTheWebs(_ base: String, _ socket: String, _ web: String) {
        #expect(PublicURL(base).socket("/x") == socket && PublicURL(base).http("/x") == web)
    }

    @Test(.timeLimit(.minutes(1))) func theOutcomeOfACallThatIsBeingClosedIsAwaited() async {
        let outcomes = RecentOutcomes()
        let call = CallIdentity(id: "1", provider: "twilio", providerCallID: "CA1", tenant: "test")
        outcomes.started(call)
        async let answer = outcomes.settled("CA1", patience: .seconds(50))
        outcomes.record(
            CallOutcome(reason: .transferred, turns: 1, interruptions: 0, duration: .seconds(1), transferTo: "+1"),
            of: call
        )
        #expect(await answer?.outcome.reason == .transferred)
        // A call nobody knows, and one that never ends, are not waited for beyond the patience.
        #expect(await outcomes.settled("CA2")?.tenant == nil)
        outcomes.started(call)
        #expect(await outcomes.settled("CA1", patience: .milliseconds(20))?.outcome.reason == .transferred)
    }

    @Test func theOldestOutcomesAreForgottenFirst() {
        let outcomes = RecentOutcomes(limit: 3)
        func call(_ number: Int) -> CallIdentity {
            CallIdentity(id: "\(number)", provider: "twilio", providerCallID: "CA\(number)", tenant: "t\(number)")
        }
        for number in 1...4 { outcomes.record(outcome(.agentHungUp), of: call(number)) }
        outcomes.record(outcome(.transferred, transferTo: "+15550177"), of: call(4))
        #expect(outcomes.outcome(of: "CA1") == nil)
        #expect(outcomes.outcome(of: "CA2")?.tenant == "t2")
        #expect(outcomes.outcome(of: "CA4")?.outcome.reason == .transferred)
        outcomes.record(outcome(.silent), of: call(5))
        #expect(outcomes.outcome(of: "CA2") == nil && outcomes.outcome(of: "CA3") != nil)
    }
}
