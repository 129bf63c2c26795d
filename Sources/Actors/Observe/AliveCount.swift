import Synchronization

/// How many of a kind are alive: a leak is a count that does not come back to zero. Any thread.
public final class AliveCount: Sendable {
    /// Counts as one from when it is made to when it is given back.
    public final class Life: Sendable {
        private let count: AliveCount

        fileprivate init(_ count: AliveCount) {
            self.count = count
            count.alive.add(1, ordering: .relaxed)
        }

        deinit { count.alive.subtract(1, ordering: .relaxed) }
    }

    private let alive = Atomic<Int>(0)

    public init() {}

    public var value: Int { alive.load(ordering: .relaxed) }

    /// Kept by what is counted.
    public func life() -> Life { Life(self) }
}
