import Engine

/// How every provider of every leg is doing: one circuit breaker each, shared by all calls.
public final class ProviderHealth: Sendable {
    /// One provider of one leg, for metrics and readiness.
    public struct Status: Sendable, Equatable {
        public var leg: LegKind
        public var provider: String
        public var state: CircuitBreaker.State
        /// When the state began, on the clock of `SupervisionTime`.
        public var since: MediaInstant
        /// How often its breaker opened.
        public var openings: Int
        /// Requests that ended well, and that failed.
        public var answered: Int
        public var failed: Int
    }

    /// Leave to ask one provider once.
    public struct Permit: Sendable, Equatable {
        /// nil: who was asked reports on its providers itself.
        fileprivate let granted: Granted?
    }

    fileprivate struct Granted: Sendable, Equatable {
        let key: Key
        let permit: CircuitBreaker.Permit
    }

    fileprivate struct Key: Sendable, Hashable {
        var leg: LegKind
        var provider: String
    }

    private struct Entry {
        var breaker: CircuitBreaker
        var answered = 0
        var failed = 0
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// In the order they were first named.
        var order: [Key] = []
    }

    private let settings: CircuitBreaker.Settings
    private let state = Locked(State())

    public init(_ settings: CircuitBreaker.Settings = CircuitBreaker.Settings()) { self.settings = settings }

    /// Makes a provider show in `snapshot` before it is first asked.
    public func register(_ leg: LegKind, _ provider: String, now: MediaInstant) {
        with(Key(leg: leg, provider: provider), now: now) { _ in }
    }

    /// - Returns: nil: the provider rests.
    public func permit(_ leg: LegKind, _ provider: String, now: MediaInstant) -> Permit? {
        let key = Key(leg: leg, provider: provider)
        return with(key, now: now) { $0.breaker.permit(now: now) }.map {
            Permit(granted: Granted(key: key, permit: $0))
        }
    }

    /// One that chooses among providers by itself rests when all of them do.
    func permit(_ leg: LegKind, _ candidate: Failover.Candidate, now: MediaInstant) -> Permit? {
        guard !candidate.supervised.isEmpty else { return permit(leg, candidate.name, now: now) }
        return readyAt(leg, candidate, now: now) <= now ? Permit(granted: nil) : nil
    }

    /// When it can be asked at the earliest.
    public func readyAt(_ leg: LegKind, _ provider: String, now: MediaInstant) -> MediaInstant {
        with(Key(leg: leg, provider: provider), now: now) { $0.breaker.readyAt(now: now) }
    }

    func readyAt(_ leg: LegKind, _ candidate: Failover.Candidate, now: MediaInstant) -> MediaInstant {
        let all = candidate.supervised.isEmpty ? [candidate.name] : candidate.supervised
        return all.map { readyAt(leg, $0, now: now) }.min() ?? now
    }

    /// Indices of the first that do not rest.
    func firstUsable(
        _ count: Int,
        _ leg: LegKind,
        _ candidates: [Failover.Candidate],
        now: MediaInstant
    ) -> [Int] {
        Array(candidates.indices.filter { readyAt(leg, candidates[$0], now: now) <= now }.prefix(count))
    }

    public func report(_ permit: Permit, _ outcome: CircuitBreaker.Outcome, now: MediaInstant) {
        guard let granted = permit.granted else { return }
        with(granted.key, now: now) { entry in
            switch outcome {
            case .answered: entry.answered += 1
            case .failed, .busy: entry.failed += 1
            case .abandoned: break
            }
            entry.breaker.report(granted.permit, outcome, now: now)
        }
    }

    public func snapshot() -> [Status] {
        state.withLock { state in
            state.order.compactMap { key in
                state.entries[key].map {
                    Status(
                        leg: key.leg,
                        provider: key.provider,
                        state: $0.breaker.state,
                        since: $0.breaker.since,
                        openings: $0.breaker.openings,
                        answered: $0.answered,
                        failed: $0.failed
                    )
                }
            }
        }
    }

    private func with<Result>(_ key: Key, now: MediaInstant, _ body: (inout Entry) -> Result) -> Result {
        state.withLock { state in
            if state.entries[key] == nil { state.order.append(key) }
            return body(&state.entries[key, default: Entry(breaker: CircuitBreaker(settings, now: now))])
        }
    }
}
