import Actors
import Engine
import Gateway
import Testing

@Suite("Recent outcomes")
struct RecentOutcomesTests {
    private func outcome(_ reason: EndReason, transferTo: String? = nil) -> CallOutcome {
        CallOutcome(reason: reason, turns: 1, interruptions: 0, duration: .seconds(5), transferTo: transferTo)
    }

    @Test(.timeLimit(.minutes(5))) func theOutcomeOfACallThatIsBeingClosedIsAwaited() async {
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

@Suite("Transfer briefs")
struct TransferBriefsTests {
    @Test func theOldestBriefsAreForgottenFirst() {
        let briefs = TransferBriefs(limit: 2)
        for call in ["CA1", "CA2", "CA1", "CA3"] { briefs.remember("about \(call)", for: call) }
        #expect(briefs["CA1"] == nil && briefs["CA2"] == "about CA2" && briefs["CA3"] == "about CA3")
        briefs.remember("news", for: "CA3")
        #expect(briefs["CA3"] == "news" && briefs["CA2"] != nil)
    }
}
