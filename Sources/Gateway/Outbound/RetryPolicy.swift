/// When a vendor is asked again, and after how long. Pure: told what happened, the time that is left, and the random source.
///
/// Pauses are drawn evenly from zero to a bound that doubles with every attempt ("full jitter", AWS Architecture Blog,
/// "Exponential Backoff And Jitter", 2015), so that many engines that fail together do not come back together.
public struct RetryPolicy: Sendable, Equatable {
    /// What became of an attempt that may be repeated.
    public enum Failure: Sendable, Equatable {
        /// The vendor has not seen the request: no connection.
        case notReached
        /// The vendor may have done what was asked; its answer was lost or came too late.
        case lost
        case answered(status: Int, retryAfter: Duration?)
    }

    public enum Decision: Sendable, Equatable {
        case stop
        case again(after: Duration)
    }

    /// The first one included.
    public var maximumAttempts = 3
    /// The bound of the first pause.
    public var base = Duration.milliseconds(200)
    /// No pause that the vendor did not ask for is longer.
    public var longest = Duration.seconds(5)
    /// The least pause after a 429 that does not say how long: some vendors begin their penalty anew with every request.
    public var rateLimitPause = Duration.seconds(1)

    public init() {}

    /// RingCentral's penalty lasts a minute and begins anew with every request (`docs/basics/rate-limits.md` of its developers'
    /// guide): without a `Retry-After` it is left alone for 30 s.
    package static var ringCentral: RetryPolicy {
        var policy = RetryPolicy()
        policy.rateLimitPause = .seconds(30)
        return policy
    }

    /// - Parameters:
    ///   - attempt: attempts made, from 1.
    ///   - remaining: of the request's deadline. A pause that would use it up is not begun: the answer at hand is then the answer.
    public func decide(
        after failure: Failure,
        attempt: Int,
        isIdempotent: Bool,
        remaining: Duration,
        random: inout some RandomNumberGenerator
    ) -> Decision {
        guard attempt < maximumAttempts, isAllowed(failure, isIdempotent: isIdempotent) else { return .stop }
        let pause = least(failure) + jitter(attempt, &random)
        return pause < remaining ? .again(after: pause) : .stop
    }

    /// A request that changes something is repeated only when the vendor said it did nothing, or was never reached.
    private func isAllowed(_ failure: Failure, isIdempotent: Bool) -> Bool {
        switch failure {
        case .notReached: true
        case .lost: isIdempotent
        case .answered(429, _): true
        case .answered(503, let retryAfter): isIdempotent || retryAfter != nil
        case .answered(408, _), .answered(500, _), .answered(502, _), .answered(504, _): isIdempotent
        case .answered: false
        }
    }

    private func least(_ failure: Failure) -> Duration {
        switch failure {
        case .answered(_, let retryAfter?): retryAfter
        case .answered(429, nil): rateLimitPause
        case .answered, .lost, .notReached: .zero
        }
    }

    private func jitter(_ attempt: Int, _ random: inout some RandomNumberGenerator) -> Duration {
        let bound = min(longest, base * (1 << min(attempt - 1, 16)))
        return bound * Double.random(in: 0...1, using: &random)
    }
}
