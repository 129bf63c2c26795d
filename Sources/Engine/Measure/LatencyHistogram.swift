// SAFETY: `cells` is owned from init to deinit; it is only ever accessed through its atomics, so any thread may record
// while another reads.

import Synchronization

/// A histogram of durations with fixed bounds: recording is two relaxed atomic additions, safe on the 20 ms path.
///
/// A snapshot is not one instant's truth (a record may fall between two loads); sums of buckets are used as its count,
/// so a scrape is always consistent in itself.
@safe public final class LatencyHistogram: @unchecked Sendable {  // by the note above
    /// Upper bounds in nanoseconds, ascending; one more bucket holds everything beyond the last.
    public let bounds: [Int64]
    private let cells: UnsafeMutablePointer<Atomic<Int64>>
    private let total = Atomic<Int64>(0)

    /// 10 us to 10 s, dense where the budgets are (20, 40, 300, 560 ms).
    public static let defaultBounds: [Int64] = [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000, 2_500_000, 5_000_000, 10_000_000, 15_000_000, 20_000_000, 25_000_000, 30_000_000, 40_000_000,
        50_000_000, 75_000_000, 100_000_000, 150_000_000, 200_000_000, 250_000_000, 300_000_000, 400_000_000,
        500_000_000, 560_000_000, 620_000_000, 700_000_000, 850_000_000, 1_000_000_000, 1_500_000_000,
        2_500_000_000, 5_000_000_000, 10_000_000_000,
    ]

    public init(bounds: [Int64] = LatencyHistogram.defaultBounds) {
        precondition(!bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds ascend")
        self.bounds = bounds
        unsafe cells = .allocate(capacity: bounds.count + 1)
        for index in 0...bounds.count { unsafe (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe cells.deinitialize(count: bounds.count + 1)
        unsafe cells.deallocate()
    }

    public func record(nanoseconds: Int64) {
        let value = max(0, nanoseconds)
        // Binary search: the first bound not below the value.
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        unsafe cells[low].add(1, ordering: .relaxed)
        total.add(value, ordering: .relaxed)
    }

    public func record(_ duration: Duration) { record(nanoseconds: duration.nanoseconds) }

    public struct Snapshot: Sendable {
        public let bounds: [Int64]
        /// One count per bound, and one for what lies beyond the last.
        public let counts: [Int64]
        public let sumNanoseconds: Int64
        public var count: Int64 { counts.reduce(0, +) }

        /// The upper bound of the bucket that holds the quantile, in nanoseconds; nil when nothing was recorded.
        public func quantile(_ share: Double) -> Int64? {
            let wanted = Int64((Double(count) * share).rounded(.up))
            var seen: Int64 = 0
            for (index, number) in counts.enumerated() where count > 0 {
                seen += number
                if seen >= max(1, wanted) { return index < bounds.count ? bounds[index] : .max }
            }
            return nil
        }
    }

    public var snapshot: Snapshot {
        var counts: [Int64] = []
        counts.reserveCapacity(bounds.count + 1)
        for index in 0...bounds.count { counts.append(unsafe cells[index].load(ordering: .relaxed)) }
        return Snapshot(bounds: bounds, counts: counts, sumNanoseconds: total.load(ordering: .relaxed))
    }
}
