/// A moment of one call: nanoseconds since the call was accepted, on the monotonic clock.
public struct MediaInstant: InstantProtocol, BitwiseCopyable, Hashable, Sendable {
    public var nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    @inlinable public init(milliseconds: Int64) { nanoseconds = milliseconds &* 1_000_000 }

    public static let zero = MediaInstant(nanoseconds: 0)

    @inlinable public var milliseconds: Int64 { nanoseconds / 1_000_000 }

    @inlinable public func advanced(by duration: Duration) -> MediaInstant {
        MediaInstant(nanoseconds: nanoseconds &+ duration.nanoseconds)
    }

    @inlinable public func duration(to other: MediaInstant) -> Duration {
        .nanoseconds(other.nanoseconds &- nanoseconds)
    }

    /// Nanoseconds from here to `other`. What runs on every tick counts in these: a `Duration` has 128 bits, and each way to
    /// and from it costs a multiplication or a division of that width.
    @inlinable public func nanoseconds(to other: MediaInstant) -> Int64 { other.nanoseconds &- nanoseconds }

    @inlinable public func advanced(nanoseconds amount: Int64) -> MediaInstant {
        MediaInstant(nanoseconds: nanoseconds &+ amount)
    }

    @inlinable public static func < (left: MediaInstant, right: MediaInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension Duration {
    /// Whole nanoseconds; wraps beyond 292 years.
    @inlinable public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    }

    /// Milliseconds with their fraction, for reports.
    @inlinable public var inMilliseconds: Double { Double(nanoseconds) / 1e6 }
}
