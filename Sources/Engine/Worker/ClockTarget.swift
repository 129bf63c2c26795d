/// Something a worker runs once per period, on its own thread: a call actor, a leg actor.
public protocol ClockTarget: AnyObject, Sendable {
    /// - Parameter now: nanoseconds of the monotonic clock, read once per slot.
    func tick(now: Int64)
    /// Ticks, and says when the next turn is wanted: a target that waits for something is left alone until then.
    /// - Returns: nanoseconds of the monotonic clock; what is past means the next period, `.max` not before a poke.
    func turn(now: Int64) -> Int64
}

extension ClockTarget {
    /// Wants every turn.
    public func turn(now: Int64) -> Int64 {
        tick(now: now)
        return 0
    }
}

/// Something that wants to know that a slot's ticks are done: a socket flusher, the wake-up of a leg worker. Called on the
/// worker's thread once per slot that ran, so many calls share one wake-up.
public protocol SlotObserver: AnyObject, Sendable {
    /// - Parameter now: nanoseconds of the monotonic clock, as the slot's ticks had it.
    func slotEnded(now: Int64)
    /// When the oldest wake-up was asked for that has not been served, in nanoseconds of the monotonic clock; nil when none waits.
    var waitsSince: Int64? { get }
}
