import Engine

/// When a second model is asked because the first is slower than it usually is: once the first token has taken longer than 95 %
/// of them did. The slower of the two is cancelled, and nothing of it is used.
public struct HedgePolicy: Sendable {
    public struct Settings: Sendable, Equatable {
        /// Costs a second request for about one turn in twenty.
        public var isOn = false
        /// The share of first tokens that are faster (0...1).
        public var quantile = 0.95
        /// First tokens remembered of each provider.
        public var samples = 100
        /// Fewer say nothing about a tail.
        public var minimumSamples = 20
        /// The second request never comes sooner or later than these.
        public var shortest: Duration = .milliseconds(300)
        public var longest: Duration = .seconds(2)

        public init() {}
    }

    private let settings: Settings
    private var times: [String: [Duration]] = [:]

    public init(_ settings: Settings = Settings()) { self.settings = settings }

    /// A provider's first token took this long.
    public mutating func record(_ provider: String, firstToken: Duration) {
        guard settings.isOn else { return }
        times[provider, default: []].append(firstToken)
        if let count = times[provider]?.count, count > settings.samples { times[provider]?.removeFirst() }
    }

    /// How long the provider may take before another is asked; nil: no other is.
    public func delay(for provider: String) -> Duration? {
        guard settings.isOn, let times = times[provider], times.count >= settings.minimumSamples else { return nil }
        // The nearest-rank quantile.
        let rank = Int((settings.quantile * Double(times.count)).rounded(.up))
        let delay = times.sorted()[max(1, min(rank, times.count)) - 1]
        return min(max(delay, settings.shortest), settings.longest)
    }
}

/// The hedging of all calls: they learn from each other.
public final class Hedging: Sendable {
    private let policy: Locked<HedgePolicy>

    public init(_ settings: HedgePolicy.Settings) { policy = Locked(HedgePolicy(settings)) }

    func record(_ provider: String, firstToken: Duration) {
        policy.withLock { $0.record(provider, firstToken: firstToken) }
    }

    func delay(for provider: String) -> Duration? { policy.withLock { $0.delay(for: provider) } }
}
