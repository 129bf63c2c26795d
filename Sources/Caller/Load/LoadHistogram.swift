/// Counts times in milliseconds without growing: bins of 1 ms up to 4 s, of 50 ms up to 64 s.
///
/// A percentile is the upper end of its bin, never above the largest time seen.
package struct LoadHistogram: Sendable {
    private static let fineBins = 4000
    private static let coarseBins = 1200
    private static let coarseMs = 50.0

    private var bins = [Int](repeating: 0, count: fineBins + coarseBins)
    package private(set) var count = 0
    package private(set) var largest = 0.0

    package init() {}

    package mutating func record(_ milliseconds: Double) {
        let value = max(0, milliseconds)
        let bin =
            value < Double(Self.fineBins)
            ? Int(value)
            : min(Self.fineBins + Int((value - Double(Self.fineBins)) / Self.coarseMs), bins.count - 1)
        bins[bin] += 1
        count += 1
        largest = max(largest, value)
    }

    /// - Parameter share: 0...1, by nearest rank.
    package func percentile(_ share: Double) -> Double {
        guard count > 0 else { return 0 }
        let rank = max(1, Int((share * Double(count)).rounded(.up)))
        var seen = 0
        for (index, bin) in bins.enumerated() {
            seen += bin
            guard seen >= rank else { continue }
            let end =
                index < Self.fineBins
                ? Double(index + 1) : Double(Self.fineBins) + Double(index - Self.fineBins + 1) * Self.coarseMs
            return min(end, largest)
        }
        return largest
    }
}

/// The four figures every time is reported with, in milliseconds; all zero when nothing was counted.
public struct LoadFigures: Codable, Sendable, Equatable {
    public var count = 0
    public var p50 = 0.0
    public var p95 = 0.0
    public var p99 = 0.0
    public var max = 0.0

    package init() {}

    package init(_ histogram: LoadHistogram) {
        count = histogram.count
        p50 = histogram.percentile(0.50)
        p95 = histogram.percentile(0.95)
        p99 = histogram.percentile(0.99)
        max = histogram.largest
    }
}
