import Foundation
import Gateway
import TestSupport
import Testing

@Suite("Retry policy")
struct RetryPolicyTests {
    private let policy = RetryPolicy()

    private func decide(
        _ failure: RetryPolicy.Failure,
        attempt: Int = 1,
        isIdempotent: Bool = true,
        remaining: Duration = .seconds(60),
        seed: UInt64 = 1
    ) -> RetryPolicy.Decision {
        var random = SeededGenerator(seed: seed)
        return policy.decide(
            after: failure,
            attempt: attempt,
            isIdempotent: isIdempotent,
            remaining: remaining,
            random: &random
        )
    }

    private static func answered(_ status: Int, _ seconds: Int? = nil) -> RetryPolicy.Failure {
        .answered(status: status, retryAfter: seconds.map { .seconds($0) })
    }

    /// Failure, and whether a request is made again that is idempotent, and one that is not.
    private static let table: [(RetryPolicy.Failure, Bool, Bool)] =
        [
            (.notReached, true, true), (.lost, true, false), (answered(429), true, true),
            (answered(429, 3), true, true),
            (answered(503), true, false), (answered(503, 3), true, true), (answered(500), true, false),
            (answered(500, 3), true, false), (answered(502), true, false), (answered(504), true, false),
            (answered(408), true, false), (answered(501), false, false),
        ] + [200, 201, 204, 301, 400, 401, 403, 404, 409, 422].map { (answered($0), false, false) }

    @Test(arguments: table)
    func whatMayBeRepeatedIs(_ failure: RetryPolicy.Failure, _ idempotent: Bool, _ other: Bool) {
        #expect((decide(failure) != .stop) == idempotent)
        #expect((decide(failure, isIdempotent: false) != .stop) == other)
    }

    @Test func attemptsAreCounted() {
        #expect(decide(.notReached, attempt: 2) != .stop)
        #expect(decide(.notReached, attempt: 3) == .stop)
    }

    @Test func aPauseThatUsesUpTheDeadlineIsNotBegun() {
        #expect(decide(Self.answered(429, 30), remaining: .seconds(30)) == .stop)
        #expect(decide(Self.answered(429, 30), remaining: .seconds(31)) != .stop)
        #expect(decide(.notReached, remaining: .zero) == .stop)
        #expect(decide(.notReached, remaining: .seconds(-1)) == .stop)
    }

    @Test func theVendorsWordIsALowerBound() {
        for seed in 0..<200 as Range<UInt64> {
            guard case .again(let pause) = decide(Self.answered(429, 2), seed: seed) else {
                Issue.record("no second attempt")
                continue
            }
            #expect(pause >= .seconds(2) && pause <= .milliseconds(2200))
        }
    }

    @Test func anUnexplainedRateLimitIsWaitedOut() {
        for seed in 0..<50 as Range<UInt64> {
            guard case .again(let pause) = decide(Self.answered(429), seed: seed) else { continue }
            #expect(pause >= .seconds(1))
        }
    }

    @Test func pausesAreSpreadEvenlyBelowADoublingBound() {
        var policy = RetryPolicy()
        policy.maximumAttempts = 100
        var random = SeededGenerator(seed: 3)
        for (attempt, milliseconds) in [(1, 200), (2, 400), (3, 800), (5, 3200), (6, 5000), (60, 5000)] {
            var longest = Duration.zero
            var sum = Duration.zero
            for _ in 0..<2000 {
                let decision = policy.decide(
                    after: .notReached,
                    attempt: attempt,
                    isIdempotent: true,
                    remaining: .seconds(600),
                    random: &random
                )
                guard case .again(let pause) = decision else { continue }
                #expect(pause >= .zero && pause <= .milliseconds(milliseconds))
                longest = max(longest, pause)
                sum += pause
            }
            #expect(longest > .milliseconds(milliseconds) * 0.95)
            let mean = sum / 2000 / Duration.milliseconds(milliseconds)
            #expect(abs(mean - 0.5) < 0.03, "attempt \(attempt): \(mean)")
        }
    }
}

@Suite("Retry-After")
struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
    private let then = Date(timeIntervalSince1970: 784_111_777)

    @Test(arguments: ["0", "1", "120", " 30 ", "86400"])
    func secondsAreSeconds(_ text: String) {
        let seconds = Int(text.trimmingCharacters(in: .whitespaces))!
        #expect(RetryAfter.parse(text, now: then) == .seconds(seconds))
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "sun, 06 nov 1994 08:49:37 gmt",
    ])
    func aDateIsToldAgainstNow(_ text: String) {
        #expect(RetryAfter.parse(text, now: then.addingTimeInterval(-90)) == .seconds(90))
        #expect(RetryAfter.parse(text, now: then) == .zero)
        #expect(RetryAfter.parse(text, now: then.addingTimeInterval(90)) == .zero, "past")
    }

    @Test func theOldFormHasTwoDigitsForItsYear() {
        let now = Date(timeIntervalSince1970: 1_793_954_977)  // 2026-11-06 08:49:37 UTC
        #expect(RetryAfter.parse("Friday, 06-Nov-26 08:50:37 GMT", now: now) == .seconds(60))
    }

    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
        ("Thu, 31 Dec 2026 23:59:60 GMT", 1_798_761_600), ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
    ])
    func calendarDaysAreCounted(_ text: String, _ seconds: Double) {
        let now = Date(timeIntervalSince1970: seconds - 10)
        #expect(RetryAfter.parse(text, now: now) == .seconds(10))
    }

    @Test(arguments: [
        "", "-1", "1.5", "1e3", "+5", "soon", "9999999999", "٣", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 19944 08:49:37 GMT", "06 Nov 1994", "Wed, 29 Feb 2023 00:00:00 GMT",
    ])
    func whatIsNeitherIsNotGuessed(_ text: String) {
        #expect(RetryAfter.parse(text, now: then) == nil)
    }

    @Test func aLongTextIsNotRead() {
        #expect(RetryAfter.parse(String(repeating: " ", count: 100_000) + "5", now: then) == nil)
    }
}
