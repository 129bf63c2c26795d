import Actors
import Gateway
import TestSupport
import Testing

@Suite("Rate limits")
struct RateLimitTests {
    private let second: Int64 = 1_000_000_000

    @Test func aBurstPassesAndThenOneRequestPerInterval() throws {
        let rate = try #require(TokenBucket.Rate(10, per: 1, burst: 5))
        var bucket = TokenBucket()
        for _ in 0..<5 { #expect(bucket.take(rate, now: 0) == nil) }
        #expect(bucket.take(rate, now: 0) == second / 10)
        #expect(bucket.take(rate, now: second / 20) == second / 20)
        #expect(bucket.take(rate, now: second / 10) == nil)
        #expect(bucket.take(rate, now: second / 10) == second / 10)
        for _ in 0..<5 { #expect(bucket.take(rate, now: 100 * second) == nil) }
        #expect(bucket.take(rate, now: 100 * second) != nil)
    }

    @Test func aRefusalCostsNothing() throws {
        let rate = try #require(TokenBucket.Rate(1, per: 1, burst: 1))
        var bucket = TokenBucket()
        #expect(bucket.take(rate, now: 0) == nil)
        for now in stride(from: 0, to: second, by: 1_000_000) { #expect(bucket.take(rate, now: now) == second - now) }
        #expect(bucket.take(rate, now: second) == nil)
    }

    /// Over any window of time no more pass than the burst and what came back meanwhile.
    @Test(arguments: [(7, 1, 3), (60, 60, 10), (1000, 1, 50), (1, 3600, 1)])
    func neverMorePassThanTheRateAllows(_ tokens: Int, _ seconds: Int, _ burst: Int) throws {
        let rate = try #require(TokenBucket.Rate(tokens, per: seconds, burst: burst))
        var bucket = TokenBucket()
        var state: UInt64 = 42
        var now: Int64 = 0
        var passed: [Int64] = []
        for _ in 0..<3000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            now += Int64(state >> 1) % (rate.interval * 2)
            if bucket.take(rate, now: now) == nil { passed.append(now) }
        }
        for start in stride(from: 0, to: passed.count, by: 17) {
            for end in stride(from: start, to: passed.count, by: 31) {
                let window = passed[end] - passed[start]
                #expect(Int64(end - start + 1) <= rate.burst + window / rate.interval)
            }
        }
        #expect(passed.count > burst)
    }

    @Test func noTokensMeansNoLimit() { #expect(TokenBucket.Rate(0, per: 1, burst: 10) == nil) }

    @Test func theTableForgetsWhatWasUsedLeastRecently() {
        var table = RecentTable<String, Int>(capacity: 3)
        func touch(_ key: String) { table.update(key, initial: 0) { $0 += 1 } }
        for key in ["a", "b", "c", "a", "d"] { touch(key) }
        #expect(table.count == 3)
        #expect(table.contains("a") && table.contains("c") && table.contains("d") && !table.contains("b"))
        #expect(table.update("a", initial: 0) { $0 } == 2)
        #expect(table.update("b", initial: 0) { $0 } == 0, "what was forgotten begins anew")
        #expect(!table.contains("c"))
    }

    /// The table against a plain list that does the same slowly.
    @Test(arguments: [1, 2, 7, 50]) func theTableDoesWhatASlowListDoes(_ capacity: Int) {
        var table = RecentTable<Int, Int>(capacity: capacity)
        var list: [(key: Int, value: Int)] = []
        var state: UInt64 = 7
        for _ in 0..<5000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let key = Int(state >> 33) % (capacity * 2)
            let value = table.update(key, initial: 0) { value in
                value += 1
                return value
            }
            let known = list.firstIndex { $0.key == key }
            let old = known.map { list.remove(at: $0).value } ?? 0
            if known == nil, list.count == capacity { list.removeLast() }
            list.insert((key, old + 1), at: 0)
            #expect(value == old + 1 && table.count == list.count)
        }
        for entry in list { #expect(table.contains(entry.key)) }
    }

    @Test func addressesAreLimitedEachOnItsOwnAndTheirNumberIsBounded() throws {
        let limits = RateLimits<Int>(capacity: 100)
        let rate = try #require(TokenBucket.Rate(1, per: 1, burst: 1))
        #expect(limits.wait(1, rate, now: 0) == nil && limits.wait(1, rate, now: 0) == second)
        for key in 2..<10_000 { #expect(limits.wait(key, rate, now: 0) == nil) }
        #expect(limits.count == 100)
    }

    @Test func aTenantHasItsOwnShareOfRequests() throws {
        let rates = TenantRates()
        var profile = TenantProfile.test
        #expect((0..<1000).allSatisfy { _ in rates.wait(for: profile, now: 0) == nil }, "no limit of its own")
        profile.limits.requestsPerMinute = 3
        for _ in 0..<3 { #expect(rates.wait(for: profile, now: 0) == nil) }
        #expect(rates.wait(for: profile, now: 0) == 20 * second)
        var other = profile
        other.id = "other"
        #expect(rates.wait(for: other, now: 0) == nil)
        #expect(rates.wait(for: profile, now: 20 * second) == nil)
    }

    @Test(
        arguments: [(1, 1), (999_999_999, 1), (1_000_000_000, 1), (1_000_000_001, 2), (59_500_000_000, 60)]
            as [(Int64, Int)]
    )
    func retryAfterIsNeverTooEarly(_ nanoseconds: Int64, _ seconds: Int) {
        #expect(RetryAfter.seconds(nanoseconds) == seconds)
    }
}
