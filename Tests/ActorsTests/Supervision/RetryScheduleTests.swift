import Actors
import Engine
import TestSupport
import Testing

@Suite("Retry schedule")
struct RetryScheduleTests {
    private static let settings = RetrySchedule.Settings(
        base: .milliseconds(100),
        cap: .milliseconds(350),
        retries: 4,
        budget: .seconds(10)
    )

    @Test func delaysGrowToTheCapAndEnd() {
        var schedule = RetrySchedule(Self.settings) { 0.5 }
        let delays = (0..<5).map { _ in schedule.delay(now: .zero) }
        #expect(delays == [.milliseconds(50), .milliseconds(100), .milliseconds(175), .milliseconds(175), nil])
    }

    @Test func jitterIsFull() {
        let generator = Locked(SeededGenerator(seed: 7))
        let delays = (0..<2000).compactMap { _ in
            var schedule = RetrySchedule(Self.settings) {
                generator.withLock { .random(in: 0..<1, using: &$0) }
            }
            return schedule.delay(now: .zero)
        }
        #expect(delays.allSatisfy { $0 >= .zero && $0 < .milliseconds(100) })
        // Each tenth of the range has its share: 200 of 2,000, give or take.
        for tenth in 0..<10 {
            let count = delays.count { Int($0.inMilliseconds / 10) == tenth }
            #expect((140...260).contains(count))
        }
    }

    struct Wish: Sendable {
        var asked: Duration
        var afterFailure: Duration
        var delay: Duration?
    }

    @Test(arguments: [
        Wish(asked: .seconds(3), afterFailure: .zero, delay: .milliseconds(3_100)),
        Wish(asked: .seconds(10), afterFailure: .zero, delay: nil),
        Wish(asked: .seconds(3), afterFailure: .milliseconds(6_900), delay: .milliseconds(3_100)),
        Wish(asked: .seconds(3), afterFailure: .milliseconds(6_901), delay: nil),
        Wish(asked: .zero, afterFailure: .seconds(10), delay: nil),
    ])
    func whatAProviderAsksForIsHonouredWithinTheBudget(wish: Wish) {
        var schedule = RetrySchedule(Self.settings) { 1 }
        schedule.failed(now: .zero)
        schedule.failed(now: MediaInstant(milliseconds: 1))
        let delay = schedule.delay(atLeast: wish.asked, now: MediaInstant.zero.advanced(by: wish.afterFailure))
        #expect(delay == wish.delay)
    }

    @Test func noRetriesMeansNone() {
        var schedule = RetrySchedule(.init(retries: 0)) { 0 }
        let delay = schedule.delay(now: .zero)
        #expect(delay == nil)
    }
}
