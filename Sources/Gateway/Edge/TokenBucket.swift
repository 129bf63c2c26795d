/// A token bucket as a pure value told the time: `burst` requests at once, then one per interval.
///
/// Held as the one instant at which the bucket is full again (the generic cell rate algorithm, ITU-T I.371 annex A): exact
/// integers, nothing to refill, eight bytes.
package struct TokenBucket: Equatable, Sendable {
    package struct Rate: Equatable, Sendable {
        /// Nanoseconds in which one token comes back.
        package let interval: Int64
        package let burst: Int64

        /// - Returns: nil for 0 tokens, which means no limit.
        package init?(_ tokens: Int, per seconds: Int, burst: Int) {
            guard tokens > 0 else { return nil }
            interval = max(1, Int64(seconds) * 1_000_000_000 / Int64(tokens))
            self.burst = Int64(max(1, burst))
        }
    }

    private var fullAt = Int64.min

    package init() {}

    /// Takes a token.
    ///
    /// - Parameter now: monotonic nanoseconds.
    /// - Returns: nil when there was one, else the nanoseconds until there is one. A refusal takes nothing.
    package mutating func take(_ rate: Rate, now: Int64) -> Int64? {
        let next = max(fullAt, now) + rate.interval
        let wait = next - now - rate.interval * rate.burst
        guard wait <= 0 else { return wait }
        fullAt = next
        return nil
    }
}
