import CPlatform

/// The engine's one clock: CLOCK_MONOTONIC. Workers read it once per slot; machines never do.
public enum MonotonicTime {
    public static var nanoseconds: Int64 { parley_monotonic_ns() }
}

/// A call's own time, zero at its acceptance.
public struct CallClock: Sendable, BitwiseCopyable {
    public let epoch: Int64

    public init(epoch: Int64 = MonotonicTime.nanoseconds) { self.epoch = epoch }

    public var now: MediaInstant { instant(MonotonicTime.nanoseconds) }
    public func instant(_ nanoseconds: Int64) -> MediaInstant { MediaInstant(nanoseconds: nanoseconds &- epoch) }
    /// The moment on the monotonic clock, in nanoseconds.
    public func monotonic(_ instant: MediaInstant) -> Int64 { instant.nanoseconds &+ epoch }
}

/// What the process may run on.
public enum ProcessProcessors {
    /// Processors this process may use: fewer than the machine has when it is pinned or in a container.
    public static var count: Int { Int(parley_processor_count()) }
}

/// What the process holds in memory, for reports.
public enum ProcessMemory {
    /// Bytes of the resident set; 0 where the system does not tell.
    public static var residentBytes: Int64 { parley_resident_bytes() }
}
