import Engine

/// Which provider of a leg is asked next, and when, for one request: all in their order at once, then, after a wait, those
/// again that may answer yet. A provider that rests (its breaker, its `Retry-After`) is passed over.
struct Failover: Sendable {
    /// Who can be asked.
    struct Candidate: Sendable, Equatable {
        var name: String
        /// The providers behind it, where it chooses among them by itself.
        var supervised: [String]

        init(_ name: String, supervised: [String] = []) {
            self.name = name
            self.supervised = supervised
        }
    }

    enum Step: Equatable {
        case ask(Int, ProviderHealth.Permit)
        /// Nobody can be asked before this; then this provider is, most likely.
        case wait(until: MediaInstant, Int)
        case giveUp
    }

    let leg: LegKind
    private let candidates: [Candidate]
    let health: ProviderHealth
    private var schedule: RetrySchedule
    /// When each may be asked again; nil: not for this request.
    private var ready: [MediaInstant?]
    private var asked: Set<Int> = []
    /// Whose turn it is after a wait.
    private var preferred: Int?
    private(set) var lastError: LegError?

    init(
        _ leg: LegKind,
        _ candidates: [Candidate],
        health: ProviderHealth,
        retry: RetrySchedule.Settings,
        random: @escaping UnitRandom
    ) {
        self.leg = leg
        self.candidates = candidates
        self.health = health
        schedule = RetrySchedule(retry, random: random)
        ready = Array(repeating: .zero, count: candidates.count)
    }

    init(
        _ leg: LegKind,
        _ providers: [String],
        health: ProviderHealth,
        retry: RetrySchedule.Settings,
        random: @escaping UnitRandom
    ) {
        self.init(leg, providers.map { Candidate($0) }, health: health, retry: retry, random: random)
    }

    var providers: [String] { candidates.map(\.name) }

    /// It keeps its own time and breakers.
    func isSupervised(_ index: Int) -> Bool { !candidates[index].supervised.isEmpty }

    mutating func next(now: MediaInstant) -> Step {
        let order = (preferred.map { [$0] } ?? []) + providers.indices
        preferred = nil
        for index in order where !asked.contains(index) {
            if let permit = permit(index, now: now) { return .ask(index, permit) }
        }
        let waits = providers.indices.compactMap { index in
            ready[index].map { (index, max($0, health.readyAt(leg, candidates[index], now: now))) }
        }
        guard let (index, instant) = waits.min(by: { $0.1 < $1.1 }),
            let delay = schedule.delay(atLeast: max(.zero, now.duration(to: instant)), now: now)
        else { return .giveUp }
        asked = []
        preferred = index
        return .wait(until: now.advanced(by: delay), index)
    }

    mutating func failed(_ index: Int, _ error: LegError, now: MediaInstant) {
        schedule.failed(now: now)
        lastError = error
        asked.insert(index)
        // Who tried everybody by itself has also tried them again.
        ready[index] = error.isRetryable && !isSupervised(index) ? now.advanced(by: error.retryAfter ?? .zero) : nil
    }

    /// Somebody to ask besides `index`, another provider if there is one.
    mutating func second(besides index: Int, now: MediaInstant) -> (Int, ProviderHealth.Permit)? {
        let others = providers.indices.filter { $0 != index }
        for candidate in others + [index] {
            if let permit = permit(candidate, now: now) { return (candidate, permit) }
        }
        return nil
    }

    /// Why nobody is asked any more.
    func verdict(now: MediaInstant) -> LegError {
        if let lastError { return lastError }
        let soonest = candidates.map { health.readyAt(leg, $0, now: now) }.min()
        return LegError(
            leg: leg,
            provider: providers.first ?? "none",
            code: "unavailable",
            cause: providers.isEmpty
                ? "no provider is configured: name at least one" : "every provider rests after failures",
            isRetryable: true,
            retryAfter: soonest.map { now.duration(to: $0) }
        )
    }

    private mutating func permit(_ index: Int, now: MediaInstant) -> ProviderHealth.Permit? {
        guard let instant = ready[index], instant <= now, let permit = health.permit(leg, candidates[index], now: now)
        else { return nil }
        asked.insert(index)
        return permit
    }
}

extension LegError {
    /// What a provider threw, as the one error a leg reports.
    init(_ leg: LegKind, _ provider: String, _ error: any Error) {
        self =
            error as? LegError
            ?? LegError(
                leg: leg,
                provider: provider,
                code: "unavailable",
                cause: "\(type(of: error))",
                isRetryable: true
            )
    }

    static func timeout(_ leg: LegKind, _ provider: String, _ stage: String) -> LegError {
        LegError(
            leg: leg,
            provider: provider,
            code: "timeout",
            cause: "\(stage) did not come in time",
            isRetryable: true
        )
    }
}
