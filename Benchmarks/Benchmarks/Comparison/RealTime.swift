import CFloor
import Cases
import Engine
import Foundation

/// So many whole calls on one worker in real time: does it keep up, and what does it take.
struct RealTime: Codable {
    enum Side: String, Codable { case engine, floor }

    /// The floor's chains run on the same worker: what they cannot hold, this machine cannot.
    var side: Side
    var calls: Int
    var seconds: Int
    /// A slot's work, all its calls together, in microseconds.
    var tick: Spread
    /// From a slot's deadline to the start of its work, in microseconds.
    var lateness: Spread
    /// Ticks that ended more than 20 ms after they were due, and ticks given up.
    var late: Int
    var missed: Int
    /// CPU seconds of the worker per second of one call.
    var processorShare: Double
    /// Of the time the worker's thread could have run, what the machine gave to others.
    var waitingShare: Double
    /// No late and no missed tick, and the 99th percentile of the slots' work below the limit.
    var holds: Bool

    /// The value below which so much of a histogram lies, to a twentieth.
    struct Spread: Codable {
        var p50: Double
        var p99: Double
        var most: Double

        init(_ snapshot: LatencyHistogram.Snapshot, since earlier: LatencyHistogram.Snapshot) {
            let counts = zip(snapshot.counts, earlier.counts).map { $0 - $1 }
            let total = counts.reduce(0, +)
            func bound(_ share: Double) -> Double {
                var left = Int64((Double(total) * share).rounded(.up))
                for (index, count) in counts.enumerated() where total > 0 {
                    left -= count
                    if left <= 0 { return Double(snapshot.bounds[min(index, snapshot.bounds.count - 1)]) / 1e3 }
                }
                return 0
            }
            (p50, p99, most) = (bound(0.5), bound(0.99), bound(1))
        }
    }

    private final class Line: ClockTarget, @unchecked Sendable {  // ticked by one worker
        private let frame: () -> Void
        init(_ frame: @escaping () -> Void) { self.frame = frame }
        func tick(now: Int64) { frame() }
    }

    static func all(effort: Effort, limits: Limits) async -> [RealTime] {
        var results: [RealTime] = []
        guard effort.realTimeSeconds > 0 else { return [] }
        for calls in effort.realTimeCalls {
            for side in [Side.engine, .floor] {
                let seconds = effort.realTimeSeconds
                results.append(await measure(side, calls, seconds: seconds, limits: limits))
            }
        }
        return results
    }

    private static func lines(_ side: Side, _ calls: Int) -> [Line] {
        switch side {
        case .engine:
            let shared = TalkingCall.Shared()
            return Conversation.starts(calls).map { start in
                let call = TalkingCall(start: start, shared: shared)
                return Line { call.frame() }
            }
        case .floor:
            return Conversation.starts(calls).map { start in
                let call = ChainCases.FloorCalls(starts: [start])
                return Line { call.run(1) }
            }
        }
    }

    private static func measure(_ side: Side, _ calls: Int, seconds: Int, limits: Limits) async -> RealTime {
        let name = ThreadTimes.realTime + side.rawValue.prefix(1) + String(calls)
        let meters = WorkerMeters(tick: histogram(), lateness: histogram())
        let worker = ClockWorker(WorkerConfiguration(name: name), meters: meters)
        for line in lines(side, calls) { worker.attach(line) }
        worker.start()
        // The first frames touch every page of the states.
        try? await Task.sleep(for: .seconds(1))
        let (tick, lateness) = (meters.tick.snapshot, meters.lateness.snapshot)
        let (late, missed) = (meters.late.value, meters.missed.value)
        let used = ThreadTimes.current()
        let start = floor_monotonic_ns()
        try? await Task.sleep(for: .seconds(seconds))
        let times = ThreadTimes.current().since(used)
        let elapsed = Double(floor_monotonic_ns() - start)
        let lateTicks = meters.late.value - late
        let missedTicks = meters.missed.value - missed
        let delay = Spread(meters.lateness.snapshot, since: lateness)
        let work = Spread(meters.tick.snapshot, since: tick)
        worker.stop()
        try? await Task.sleep(for: .milliseconds(200))
        return RealTime(
            side: side,
            calls: calls,
            seconds: seconds,
            tick: work,
            lateness: delay,
            late: lateTicks,
            missed: missedTicks,
            processorShare: (times.used[name] ?? 0) / elapsed / Double(calls),
            waitingShare: (times.waited[name] ?? 0) / elapsed,
            holds: lateTicks == 0 && missedTicks == 0 && work.p99 < limits.realTimeTickMicroseconds
        )
    }

    /// 1 us to 1 s in steps of a twentieth.
    private static func histogram() -> LatencyHistogram {
        var bounds: [Int64] = []
        var bound = 1_000.0
        while bound < 1e9 {
            bounds.append(Int64(bound))
            bound *= 1.05
        }
        return LatencyHistogram(bounds: bounds)
    }
}
