import Foundation

/// What the host of a virtual machine kept for others, from the first line of `/proc/stat` (proc(5), `steal`).
///
/// A worker whose processor is taken away is late however little it has to do.
package struct StolenTime: Sendable, Equatable {
    /// Of all processors together, since the machine began.
    package var stolenSeconds: Double
    package var totalSeconds: Double

    /// - Returns: nil where the system does not tell.
    package static func now() -> StolenTime? {
        guard let stat = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
        return parse(stat, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)))
    }

    package static func parse(_ stat: String, ticksPerSecond: Int) -> StolenTime? {
        let fields = stat.prefix { $0 != "\n" }.split(separator: " ")
        guard fields.first == "cpu" else { return nil }
        // user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in user already.
        let ticks = fields.dropFirst().prefix(8).compactMap { Double($0) }
        guard ticks.count == 8 else { return nil }
        let scale = Double(ticksPerSecond)
        return StolenTime(stolenSeconds: ticks[7] / scale, totalSeconds: ticks.reduce(0, +) / scale)
    }

    /// Share of the processors' time that was stolen since `earlier`, 0 to 1.
    package func share(since earlier: StolenTime) -> Double {
        let total = totalSeconds - earlier.totalSeconds
        return total > 0 ? max(0, stolenSeconds - earlier.stolenSeconds) / total : 0
    }
}
