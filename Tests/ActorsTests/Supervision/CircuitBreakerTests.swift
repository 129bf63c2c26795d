import Actors
import Engine
import Testing

@Suite("Circuit breaker")
struct CircuitBreakerTests {
    private var breaker = CircuitBreaker(now: .zero)
    private mutating func permit(_ now: MediaInstant) throws -> CircuitBreaker.Permit {
        let permit = breaker.permit(now: now)
        return try #require(permit)
    }
    private func at(_ seconds: Double) -> MediaInstant { MediaInstant(milliseconds: Int64(seconds * 1000)) }

    /// Results in order, a second apart: `+` answered, `-` failed, `b` busy without a time, `x` abandoned.
    struct Course: Sendable, CustomTestStringConvertible {
        var results: String
        var isOpen: Bool
        var testDescription: String { "\(results) \(isOpen ? "opens" : "stays closed")" }
    }

    @Test(arguments: [
        Course(results: "--", isOpen: false), Course(results: "---", isOpen: true),
        Course(results: "+++-+-", isOpen: false), Course(results: "+-+--", isOpen: true),
        Course(results: "++++---", isOpen: false), Course(results: "++++----", isOpen: true),
        Course(results: "bbb", isOpen: true), Course(results: "xxxxxxx", isOpen: false),
        Course(results: "-x-x", isOpen: false),
    ])
    mutating func itOpensByCountAndRate(course: Course) throws {
        for (second, result) in course.results.enumerated() {
            let now = at(Double(second))
            let permit = try permit(now)
            let outcome: CircuitBreaker.Outcome =
                switch result {
                case "+": .answered
                case "-": .failed
                case "b": .busy(retryAfter: nil)
                default: .abandoned
                }
            breaker.report(permit, outcome, now: now)
        }
        #expect((breaker.state == .open) == course.isOpen)
    }

    @Test mutating func oldResultsSayNothing() throws {
        for second in [0.0, 1, 40] {
            let permit = try permit(at(second))
            breaker.report(permit, .failed, now: at(second))
        }
        #expect(breaker.state == .closed)
    }

    private mutating func open(at second: Double) throws {
        while breaker.state != .open {
            let permit = try permit(at(second))
            breaker.report(permit, .failed, now: at(second))
        }
    }

    @Test mutating func oneProbeAtATimeFindsOut() throws {
        try open(at: 0)
        #expect(breaker.openings == 1)
        var isRefused = breaker.permit(now: at(4.9)) == nil
        #expect(isRefused)
        #expect(breaker.readyAt(now: at(1)) == at(5))
        let probe = try permit(at(5))
        #expect(probe.isProbe && breaker.state == .halfOpen && breaker.since == at(5))
        isRefused = breaker.permit(now: at(6)) == nil
        #expect(isRefused)
        breaker.report(probe, .answered, now: at(7))
        #expect(breaker.state == .closed && breaker.since == at(7))
        let next = try permit(at(7))
        #expect(!next.isProbe)
    }

    @Test mutating func aProbeThatFailsRestsTwiceAsLong() throws {
        try open(at: 0)
        var now = 5.0
        for rest in [10.0, 20, 40, 60, 60] {
            let probe = try permit(at(now))
            breaker.report(probe, .failed, now: at(now))
            #expect(breaker.readyAt(now: at(now)) == at(now + rest))
            now += rest
        }
        let probe = try permit(at(now))
        breaker.report(probe, .answered, now: at(now))
        try open(at: now)
        #expect(breaker.readyAt(now: at(now)) == at(now + 5))
    }

    @Test mutating func anAbandonedProbeLetsTheNextOneGo() throws {
        try open(at: 0)
        let probe = try permit(at(5))
        breaker.report(probe, .abandoned, now: at(6))
        let next = try permit(at(6))
        #expect(next.isProbe)
    }

    @Test mutating func aProbeNobodyReportsOnExpires() throws {
        try open(at: 0)
        let lost = try permit(at(5))
        let isRefused = breaker.permit(now: at(19.9)) == nil
        #expect(isRefused)
        _ = try permit(at(20))
        breaker.report(lost, .answered, now: at(20))
        #expect(breaker.state == .halfOpen)
    }

    @Test(arguments: [(Duration.seconds(2), 2.0), (.seconds(30), 30), (.seconds(900), 60)])
    mutating func aBusyProviderRestsAsLongAsItAsks(wait: Duration, seconds: Double) throws {
        let permit = try permit(at(0))
        breaker.report(permit, .busy(retryAfter: wait), now: at(0))
        #expect(breaker.state == .open)
        #expect(breaker.readyAt(now: at(0)) == at(seconds))
    }

    @Test mutating func whatWasAskedBeforeItOpenedSaysNothingAfter() throws {
        let early = try permit(at(0))
        try open(at: 0)
        let probe = try permit(at(5))
        breaker.report(early, .answered, now: at(5))
        #expect(breaker.state == .halfOpen)
        breaker.report(probe, .answered, now: at(5))
        breaker.report(early, .failed, now: at(6))
        #expect(breaker.state == .closed)
    }

    @Test(arguments: [
        ("refused", CircuitBreaker.Outcome.answered), ("voice", .answered), ("timeout", .failed),
        ("unavailable", .failed), ("protocol", .failed), ("busy", .busy(retryAfter: .seconds(3))),
    ])
    func anErrorIsAnOutcome(code: String, outcome: CircuitBreaker.Outcome) {
        #expect(CircuitBreaker.Outcome(.fault(.llm, "a", code, retryAfter: .seconds(3))) == outcome)
    }

    @Test func healthIsSharedAndShownForEachProviderAndLeg() throws {
        let health = ProviderHealth()
        health.register(.llm, "a", now: .zero)
        health.register(.tts, "a", now: .zero)
        for _ in 0..<3 {
            let permit = try #require(health.permit(.llm, "a", now: at(1)))
            health.report(permit, .failed, now: at(1))
        }
        #expect(health.permit(.llm, "a", now: at(2)) == nil)
        #expect(health.permit(.tts, "a", now: at(2)) != nil)
        let shown = health.snapshot()
        #expect(shown.map(\.state) == [.open, .closed])
        #expect(shown[0].since == at(1) && shown[0].failed == 3 && shown[0].openings == 1)
    }
}
