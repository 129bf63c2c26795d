import AsyncHTTPClient
import CPlatform

/// What an engine has counted as late, reading by reading: a value told the times.
package struct LateTickLog: Sendable {
    package static let metric = "parley_tick_late_total"

    /// Ticks that became late between two readings.
    package struct Entry: Sendable, Equatable {
        /// Sure to hold them: from before the first reading to after the second.
        package var span: TimeSpan
        package var count: Int
    }

    package private(set) var entries: [Entry] = []
    private var last: (asked: Int64, total: Double)?

    package init() {}

    /// - Parameters:
    ///   - metrics: one reading, or nil when none was to be had.
    ///   - asked: when it was asked for, nanoseconds of the monotonic clock.
    ///   - now: when it was there.
    package mutating func read(_ metrics: EngineMetrics?, asked: Int64, now: Int64) {
        guard let total = metrics?.sum(Self.metric) else { return }
        if let last, total > last.total {
            entries.append(Entry(span: TimeSpan(begin: last.asked, end: now), count: Int(total - last.total)))
        }
        last = (asked, total)
    }

    /// Reads about once a second until it is cancelled.
    static func keep(
        from start: EngineMetrics?,
        _ configuration: LoadConfiguration,
        _ client: HTTPClient
    ) async -> LateTickLog {
        var log = LateTickLog()
        log.read(start, asked: parley_monotonic_ns(), now: parley_monotonic_ns())
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            let asked = parley_monotonic_ns()
            let metrics = await EngineMetrics.fetch(configuration, client, only: metric)
            log.read(metrics, asked: asked, now: parley_monotonic_ns())
        }
        return log
    }
}
