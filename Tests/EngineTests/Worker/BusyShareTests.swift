import Engine
import Testing

@Suite("Busy share")
struct BusyShareTests {
    @Test(arguments: [0.05, 0.5, 0.95]) func aSteadyShareIsFound(share: Double) {
        var busy = BusyShare(now: 1)
        var now: Int64 = 1
        for _ in 0..<500 {
            busy.wake(now: now)
            now += Int64(20e6 * share)
            busy.sleep(now: now)
            now += Int64(20e6 * (1 - share))
        }
        // Within the ripple of one period of the time constant.
        #expect(abs(busy.share(now: now) - share) <= 0.02)
    }

    @Test func itMayBeReadWhileTheThreadSleepsOrIsStuck() {
        var busy = BusyShare(now: 1)
        busy.wake(now: 1)
        let stuck = busy.share(now: 1 + 1_000_000_000)
        #expect(abs(stuck - 0.632) < 0.001)
        busy.sleep(now: 1 + 10_000_000_000)
        #expect(busy.share(now: 1 + 10_000_000_000) > 0.999)
        #expect(abs(busy.share(now: 1 + 11_000_000_000) - 0.368) < 0.001)
        #expect(busy.share(now: 1 + 100_000_000_000) < 1e-6)
    }

    @Test func aMomentBeforeTheLastIsTakenAsTheLast() {
        var busy = BusyShare(now: 1_000)
        busy.wake(now: 1_000)
        busy.sleep(now: 1_000_000_000)
        #expect(busy.share(now: 5) == busy.share(now: 1_000_000_000))
    }

    /// What is counted fresh is what the share does not hold yet.
    @Test func aFreshTargetAndTheShareItCausesAddUpToItsLoad() {
        var fresh = FreshTargets(now: 1)
        var busy = BusyShare(now: 1)
        fresh.add(1, now: 1)
        var now: Int64 = 1
        for _ in 0..<200 {
            busy.wake(now: now)
            now += 5_000_000
            busy.sleep(now: now)
            now += 15_000_000
            #expect(abs(busy.share(now: now) + 0.25 * fresh.count(now: now) - 0.25) < 0.01)
        }
        #expect(fresh.count(now: now) < 0.02)
    }

    @Test func oneThatLeftCountsNegativeUntilTheShareHasForgottenIt() {
        var fresh = FreshTargets(now: 1)
        fresh.add(1, now: 1)
        fresh.add(-1, now: 1_000_000_001)
        #expect(abs(fresh.count(now: 1_000_000_001) - (0.368 - 1)) < 0.001)
        #expect(abs(fresh.count(now: 20_000_000_001)) < 1e-6)
    }
}
