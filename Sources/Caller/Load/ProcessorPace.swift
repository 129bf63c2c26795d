/// How fast a processor does a piece of work that is always the same, over a run: a value told the times.
///
/// Where the real core of a virtual processor serves another one as well, the same work takes up to twice as long, for a
/// quarter of a second or for many seconds, and the system knows nothing of it: no time is stolen.
package struct ProcessorPace: Sendable {
    /// Of such a stretch one figure is kept, nanoseconds.
    package static let window: Int64 = 250_000_000
    /// A processor below this share of its full speed is slow. The work of 300 calls takes three quarters of a core.
    package static let slowBelow = 0.85
    /// What was left undone in a slow stretch is worked off in this time, nanoseconds.
    package static let backlog: Int64 = 1_000_000_000
    /// A run of a day.
    private static let most = 345_600

    private struct Window {
        var begin: Int64
        var took: Int64
    }
    private var windows: [Window] = []
    private var began: Int64 = 0
    private var samples: [Int64] = []

    package init() {}

    /// - Parameters:
    ///   - took: nanoseconds the work took.
    ///   - now: when it was done, nanoseconds of the monotonic clock.
    package mutating func add(_ took: Int64, now: Int64) {
        if !samples.isEmpty, now - began >= Self.window { closeWindow() }
        if samples.isEmpty { began = now }
        samples.append(took)
    }

    private mutating func closeWindow() {
        // The median, because a sample may have been interrupted.
        samples.sort()
        if windows.count < Self.most { windows.append(Window(begin: began, took: samples[samples.count / 2])) }
        samples.removeAll(keepingCapacity: true)
    }

    /// What the work takes at full speed, nanoseconds: as in the fastest fiftieth of the run, so that one lucky stretch is not
    /// the measure. A processor that was slow all the time cannot be told from a slow processor.
    package var fullSpeed: Int64? {
        let took = windows.map(\.took).sorted()
        return took.isEmpty ? nil : took[took.count / 50]
    }

    /// The speed in `span` as a share of full speed; nil when it was not watched then.
    package func meanSpeed(in span: TimeSpan) -> Double? {
        let took = windows.filter { span.begin <= $0.begin && $0.begin < span.end }.map { Double($0.took) }
        guard let fullSpeed, !took.isEmpty else { return nil }
        return Double(fullSpeed) * Double(took.count) / took.reduce(0, +)
    }

    /// The times in which the processor was slow, each with the time its backlog takes; they do not overlap.
    package var slow: [TimeSpan] {
        guard let fullSpeed else { return [] }
        let most = Double(fullSpeed) / Self.slowBelow
        return windows.reduce(into: []) { found, window in
            guard Double(window.took) > most else { return }
            let end = window.begin + Self.window + Self.backlog
            if let last = found.indices.last, window.begin <= found[last].end {
                found[last].end = end
            } else {
                found.append(TimeSpan(begin: window.begin, end: end))
            }
        }
    }
}
