/// Tells from the wake-ups of a thread that nothing of the engine can go before, when its processor stood still.
///
/// A virtual machine's processor stops when its host runs something else on the real one, and not all of that is told as
/// stolen time. Whoever wakes late although it goes before everything was not let run; when the engine's own CPU time went on
/// meanwhile, the processor did run, and it is no standstill.
package struct StandstillWatch: Sendable {
    /// Below this a system may be late by itself.
    package static let shortest: Int64 = 10_000_000

    private var cpu: Int64?

    package init() {}

    /// - Parameters:
    ///   - due: when the thread wanted to wake.
    ///   - now: when it did; nanoseconds like `due`.
    ///   - cpu: the engine's CPU time so far, in nanoseconds.
    package mutating func woke(due: Int64, now: Int64, cpu: Int64) -> TimeSpan? {
        defer { self.cpu = cpu }
        guard let before = self.cpu, now - due >= Self.shortest, cpu - before < (now - due) / 2 else { return nil }
        return TimeSpan(begin: due, end: now)
    }
}
