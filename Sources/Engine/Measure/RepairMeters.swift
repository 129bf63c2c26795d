/// What the repair of the callers' streams had to do besides inventing frames, by kind; calls add to it once a second.
public struct RepairMeters: Sendable {
    /// Packets whose place had passed when they came.
    public let late = EventCounter()
    /// Packets that were there already.
    public let duplicates = EventCounter()
    /// Packets dropped because more came than a buffer holds.
    public let overflows = EventCounter()
    /// Packets of a time that no later packet confirmed.
    public let strays = EventCounter()
    /// Jumps of the provider's clock that the frames followed.
    public let jumps = EventCounter()

    public init() {}

    /// Every kind by the name that metrics give it.
    public var byKind: [(kind: String, count: Int)] {
        [
            ("late", late.value), ("duplicate", duplicates.value), ("overflow", overflows.value),
            ("stray", strays.value), ("jump", jumps.value),
        ]
    }

    /// Adds what has changed since `told`.
    func note(_ statistics: JitterStatistics, since told: JitterStatistics) {
        func add(_ counter: EventCounter, _ change: Int) { if change > 0 { counter.increment(by: change) } }
        add(late, statistics.late - told.late)
        add(duplicates, statistics.duplicates - told.duplicates)
        add(overflows, statistics.overflow - told.overflow)
        add(strays, statistics.strays - told.strays)
        add(jumps, statistics.discontinuities - told.discontinuities)
    }
}
