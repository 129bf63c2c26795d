/// A stretch of the system's monotonic clock.
package struct TimeSpan: Sendable, Equatable {
    /// Nanoseconds.
    package var begin: Int64
    package var end: Int64

    package init(begin: Int64, end: Int64) {
        self.begin = begin
        self.end = end
    }

    package var milliseconds: Double { Double(end - begin) / 1e6 }
    package func touches(_ other: TimeSpan) -> Bool { begin < other.end && other.begin < end }
    package func touches(anyOf others: [TimeSpan]) -> Bool { others.contains { $0.touches(self) } }

    /// What lies in `others` too, nanoseconds; these do not overlap.
    package func overlap(with others: [TimeSpan]) -> Int64 {
        others.reduce(0) { $0 + max(0, min(end, $1.end) - max(begin, $1.begin)) }
    }
}
