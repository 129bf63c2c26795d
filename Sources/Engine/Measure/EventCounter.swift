import Synchronization

/// A count that any thread may raise: one relaxed atomic addition, safe on the 20 ms path.
public final class EventCounter: Sendable {
    @usableFromInline let count = Atomic<Int>(0)

    public init() {}

    @inlinable public func increment(by amount: Int = 1) { count.add(amount, ordering: .relaxed) }
    @inlinable public var value: Int { count.load(ordering: .relaxed) }
}
