/// Something a worker runs once per period, on its own thread: a call actor, a leg actor.
public protocol ClockTarget: AnyObject, Sendable {
    /// - Parameter now: nanoseconds of the monotonic clock, read once per slot.
    func tick(now: Int64)
}

/// Something that wants to know that a slot's ticks are done: a socket flusher, the wake-up of a leg worker. Called on the
/// worker's thread once per slot that ran, so many calls share one wake-up.
public protocol SlotObserver: AnyObject, Sendable {
    func slotEnded()
}
