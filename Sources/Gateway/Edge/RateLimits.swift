import Actors
import Engine
import Synchronization

/// How often each of many may ask: one token bucket per key, of a bounded number of keys.
///
/// The key that asked least recently is forgotten first. Its bucket is most likely full, so that forgetting it gives nothing
/// away; under a flood from more addresses than fit, the limit per address weakens, and the limits on connections hold.
package final class RateLimits<Key: Hashable & Sendable>: Sendable {
    private let buckets: Mutex<RecentTable<Key, TokenBucket>>

    package init(capacity: Int) { buckets = Mutex(RecentTable(capacity: capacity)) }

    /// - Returns: nil when the key may ask now, else the nanoseconds until it may.
    package func wait(_ key: Key, _ rate: TokenBucket.Rate, now: Int64 = MonotonicTime.nanoseconds) -> Int64? {
        buckets.withLock { $0.update(key, initial: TokenBucket()) { $0.take(rate, now: now) } }
    }

    package var count: Int { buckets.withLock { $0.count } }
}

/// The tenants' own limits on webhooks (`limits.requestsPerMinute`). A minute's worth may come at once.
package final class TenantRates: Sendable {
    private let limits = RateLimits<String>(capacity: 4096)

    package init() {}

    /// - Returns: nil when the tenant may be asked now, else the nanoseconds until it may.
    package func wait(for profile: TenantProfile, now: Int64 = MonotonicTime.nanoseconds) -> Int64? {
        guard let minute = profile.limits.requestsPerMinute,
            let rate = TokenBucket.Rate(minute, per: 60, burst: minute)
        else { return nil }
        return limits.wait(profile.id, rate, now: now)
    }

    /// - Throws: 429 with `Retry-After`, counted by the webhook intake as `tenant_rate_limited`.
    func check(_ profile: TenantProfile, now: Int64 = MonotonicTime.nanoseconds) throws(APIError) {
        guard let wait = wait(for: profile, now: now) else { return }
        throw APIError(
            .tooManyRequests,
            "tenant_rate_limited",
            "This tenant's requests per minute are used up (limits.requestsPerMinute).",
            retryAfterSeconds: RetryAfter.seconds(wait)
        )
    }
}
