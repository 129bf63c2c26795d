import Actors
import Engine
import Gateway
import Synchronization
import Testing

@Suite("Control of live calls")
struct CallControlsTests {
    private static func call(_ provider: String) -> CallIdentity {
        CallIdentity(id: "1", provider: provider, providerCallID: "CA1", tenant: "test")
    }

    @Test func keysGoToTheCallsOwnProvider() async throws {
        let (twilio, ringover) = (FakeControl(), FakeControl())
        let controls = CallControls([("twilio", twilio), ("ringover", ringover)])
        try await controls.keys("12#", call: Self.call("ringover"))
        #expect(twilio.requests.isEmpty && ringover.requests.count == 1)
        #expect(ringover.requests.first?.contains("12#") == true)
    }

    @Test func aProviderThatIsNotThereIsNamedAndTheKeysAreNot() async throws {
        let controls = CallControls([("twilio", FakeControl())])
        do {
            try await controls.keys("4711", call: Self.call("ringcentral"))
            Issue.record("nobody pressed these keys")
        } catch {
            #expect(error.code == .notConfigured && error.message.contains("ringcentral"))
            #expect(!error.message.contains("4711"))
        }
    }

    @Test func aSecondTransferOfOneCallWaitsForNoTurnOfItsOwn() {
        let calls = CallsInMotion()
        #expect(calls.begin("CA1") && !calls.begin("CA1") && calls.begin("CA2"))
        calls.end("CA1")
        #expect(calls.begin("CA1") && !calls.begin("CA2"))
    }

    // MARK: Hand-overs

    private final class Mover: CallMover {
        private let told = Mutex<[String]>([])
        var seen: [String] { told.withLock { $0 } }

        func handOver(_ call: CallIdentity, to number: String, brief: String?) {
            told.withLock { $0.append("\(call.id) to \(number) with \(brief ?? "nothing")") }
        }
        func mediaEnded(_ call: CallIdentity) { told.withLock { $0.append("\(call.id) ended") } }
    }

    @Test func eachProviderIsToldOfItsOwnCallsOnly() {
        let handOvers = HandOvers()
        let (twilio, ringover) = (Mover(), Mover())
        handOvers.register(twilio, of: "twilio")
        handOvers.register(ringover, of: "ringover")
        let outcome = CallOutcome(reason: .transferred, turns: 1, interruptions: 0, duration: .seconds(9))
        for happening in [
            CallHappening.started, .handingOver(to: "+15550100", brief: "A caller."), .intent("book"), .ended(outcome),
        ] {
            handOvers.call(Self.call("twilio"), at: .zero, happening)
            handOvers.call(Self.call("ringcentral"), at: .zero, happening)
        }
        #expect(twilio.seen == ["1 to +15550100 with A caller.", "1 ended"])
        #expect(ringover.seen.isEmpty)
    }
}
