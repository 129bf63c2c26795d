import Engine

/// Whether a provider is worth asking: closed while it answers; open for a while once it failed too often; then half open,
/// for one request at a time that finds out. A value that is told the time.
public struct CircuitBreaker: Sendable {
    public struct Settings: Sendable, Equatable {
        /// Results older than this say nothing about now.
        public var window: Duration = .seconds(30)
        /// Results remembered; the oldest goes first.
        public var results = 50
        /// So many failures in the window open the breaker, ...
        public var failures = 3
        /// ... if they are at least this share of its results (0...1).
        public var failureRate = 0.5
        /// How long an open breaker rests; doubles with each probe that fails.
        public var rest: Duration = .seconds(5)
        /// The longest rest, and the most of a `Retry-After` that is honoured.
        public var longestRest: Duration = .seconds(60)
        /// A probe nobody reported on for this long is given up, and the next one may go.
        public var probe: Duration = .seconds(15)

        public init() {}
    }

    public enum State: String, Sendable, CaseIterable {
        case closed, open
        case halfOpen = "half_open"
    }

    /// What became of a request.
    public enum Outcome: Sendable, Equatable {
        /// The provider is there, also when it refused this very request.
        case answered
        case failed
        /// It asked to be left alone, perhaps for how long.
        case busy(retryAfter: Duration?)
        /// Given up by us before anything was known.
        case abandoned

        public init(_ error: LegError) {
            switch error.code {
            // A wrong key, voice or question says nothing about the provider, and comes back at once: resting wins nothing.
            case "refused", "voice": self = .answered
            case "busy": self = .busy(retryAfter: error.retryAfter)
            default: self = .failed
            }
        }
    }

    /// Leave to make one request; its outcome is reported with it, the latest counts.
    public struct Permit: Sendable, Equatable {
        fileprivate let generation: Int
        public let isProbe: Bool
    }

    private enum Condition {
        case closed
        case open(until: MediaInstant)
        /// `probeUntil`: a request is finding out; nil: the next one does.
        case halfOpen(probeUntil: MediaInstant?)
    }

    private let settings: Settings
    private var condition = Condition.closed
    /// Counts changes of the condition: what was asked before one says nothing after it.
    private var generation = 0
    private var results: [(at: MediaInstant, isFailure: Bool)] = []
    /// Rests in a row.
    private var rests = 0
    /// When the state began.
    public private(set) var since: MediaInstant
    /// How often it opened.
    public private(set) var openings = 0

    public init(_ settings: Settings = Settings(), now: MediaInstant) {
        self.settings = settings
        since = now
    }

    public var state: State {
        switch condition {
        case .closed: .closed
        case .open: .open
        case .halfOpen: .halfOpen
        }
    }

    /// - Returns: nil: not now.
    public mutating func permit(now: MediaInstant) -> Permit? {
        switch condition {
        case .closed:
            return Permit(generation: generation, isProbe: false)
        case .open(let until):
            guard until <= now else { return nil }
            since = now
        case .halfOpen(let probeUntil):
            if let probeUntil, now < probeUntil { return nil }
        }
        generation += 1
        condition = .halfOpen(probeUntil: now.advanced(by: settings.probe))
        return Permit(generation: generation, isProbe: true)
    }

    /// When a permit can be had at the earliest.
    public func readyAt(now: MediaInstant) -> MediaInstant {
        switch condition {
        case .closed: now
        case .open(let until): max(now, until)
        case .halfOpen(let probeUntil): max(now, probeUntil ?? now)
        }
    }

    public mutating func report(_ permit: Permit, _ outcome: Outcome, now: MediaInstant) {
        guard permit.generation == generation else { return }
        switch (condition, outcome) {
        case (.open, _), (.closed, .abandoned):
            break
        case (.closed, .answered):
            remember(isFailure: false, now: now)
        case (.closed, .failed), (.closed, .busy(retryAfter: nil)):
            remember(isFailure: true, now: now)
            let failures = results.count { $0.isFailure }
            if failures >= settings.failures, Double(failures) >= settings.failureRate * Double(results.count) {
                open(for: nil, now: now)
            }
        case (.closed, .busy(let wait?)), (.halfOpen, .busy(let wait?)):
            open(for: wait, now: now)
        case (.halfOpen, .failed), (.halfOpen, .busy(nil)):
            open(for: nil, now: now)
        case (.halfOpen, .answered):
            condition = .closed
            results = []
            rests = 0
            since = now
        case (.halfOpen, .abandoned):
            condition = .halfOpen(probeUntil: nil)
        }
    }

    private mutating func remember(isFailure: Bool, now: MediaInstant) {
        let horizon = now.advanced(by: .zero - settings.window)
        results.removeAll { $0.at < horizon }
        if results.count >= settings.results { results.removeFirst() }
        results.append((now, isFailure))
    }

    private mutating func open(for wait: Duration?, now: MediaInstant) {
        let own = settings.rest * (1 << min(rests, 16))
        condition = .open(until: now.advanced(by: min(wait ?? own, settings.longestRest)))
        generation += 1
        openings += 1
        if wait == nil { rests += 1 }
        results = []
        since = now
    }
}
