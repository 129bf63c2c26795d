import Engine

/// When something that failed is tried again: after a random part of a growing time ("full jitter"), a few times, within a
/// budget. Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
public struct RetrySchedule: Sendable {
    public struct Settings: Sendable, Equatable {
        /// The most that is waited before the first retry; doubles with each.
        public var base: Duration
        public var cap: Duration
        /// Waits at most; 0 never tries again.
        public var retries: Int
        /// From the first failure to the last retry.
        public var budget: Duration

        public init(
            base: Duration = .milliseconds(100),
            cap: Duration = .seconds(1),
            retries: Int = 2,
            budget: Duration = .seconds(2)
        ) {
            self.base = base
            self.cap = cap
            self.retries = retries
            self.budget = budget
        }
    }

    private let settings: Settings
    private let random: UnitRandom
    private var ends: MediaInstant?
    /// Waits so far.
    public private(set) var retries = 0

    public init(_ settings: Settings = Settings(), random: @escaping UnitRandom) {
        self.settings = settings
        self.random = random
    }

    /// Something failed: from the first time on the budget runs.
    public mutating func failed(now: MediaInstant) {
        if ends == nil { ends = now.advanced(by: settings.budget) }
    }

    /// How long to wait before the next try.
    ///
    /// - Parameter atLeast: what the provider asked for (`Retry-After`); zero where it asked for nothing.
    /// - Returns: nil: there is no next try.
    public mutating func delay(atLeast wanted: Duration = .zero, now: MediaInstant) -> Duration? {
        failed(now: now)
        guard let ends, retries < settings.retries else { return nil }
        let ceiling = min(settings.cap, settings.base * (1 << min(retries, 20)))
        let delay = wanted + .nanoseconds(Int64(Double(ceiling.nanoseconds) * random()))
        guard now.advanced(by: delay) <= ends else { return nil }
        retries += 1
        return delay
    }
}
