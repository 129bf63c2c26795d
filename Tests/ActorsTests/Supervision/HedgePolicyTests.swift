import Actors
import Testing

@Suite("Hedge policy")
struct HedgePolicyTests {
    private func policy(_ milliseconds: [Int], _ change: (inout HedgePolicy.Settings) -> Void = { _ in }) -> HedgePolicy
    {
        var settings = HedgePolicy.Settings()
        settings.isOn = true
        change(&settings)
        var policy = HedgePolicy(settings)
        for time in milliseconds { policy.record("a", firstToken: .milliseconds(time)) }
        return policy
    }

    @Test func itIsOffUnlessItIsTurnedOn() {
        #expect(policy(Array(repeating: 500, count: 50)) { $0.isOn = false }.delay(for: "a") == nil)
        #expect(HedgePolicy.Settings().isOn == false)
    }

    @Test func aFewTimesSayNothing() {
        #expect(policy(Array(repeating: 500, count: 19)).delay(for: "a") == nil)
        #expect(policy(Array(repeating: 500, count: 20)).delay(for: "a") == .milliseconds(500))
        #expect(policy(Array(repeating: 500, count: 20)).delay(for: "b") == nil)
    }

    @Test func theDelayIsWhatNineteenOfTwentyKeep() {
        #expect(policy(Array(1...100).map { 400 + $0 }.shuffled()).delay(for: "a") == .milliseconds(495))
    }

    @Test func oldTimesAreForgotten() {
        #expect(
            policy(Array(repeating: 1_900, count: 100) + Array(repeating: 500, count: 100)).delay(for: "a")
                == .milliseconds(500)
        )
    }

    @Test(arguments: [(1, 300), (5_000, 2_000)])
    func theDelayIsBounded(time: Int, delay: Int) {
        #expect(policy(Array(repeating: time, count: 30)).delay(for: "a") == .milliseconds(delay))
    }
}
