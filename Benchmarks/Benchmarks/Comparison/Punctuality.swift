import CFloor
import Engine
import Synchronization

/// How late a worker ticks, and how long a message waits for an actor pinned to it, with 300 targets in 20 slots.
enum Punctuality {
    private static let slots = 20
    private static let seconds = 5
    private static let hops = 1000

    /// Notes when its slot ran. One per slot.
    private final class Recorder: ClockTarget {
        let slot: Int
        private let times = Mutex<[Int64]>([])

        init(slot: Int) {
            self.slot = slot
            times.withLock { $0.reserveCapacity(4096) }
        }
        func tick(now: Int64) { times.withLock { $0.append(now) } }
        var recorded: [Int64] { times.withLock { $0 } }
    }

    private actor Pinned {
        private let worker: ClockWorker
        nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }
        init(worker: ClockWorker) { self.worker = worker }
        func arrived() -> Int64 { MonotonicTime.nanoseconds }
    }

    static func measure() async -> [Fact] {
        let worker = ClockWorker(WorkerConfiguration(name: "punctual", phaseSlots: slots))
        let recorders = (0..<slots).map(Recorder.init)
        for recorder in recorders { worker.attach(recorder, slot: recorder.slot) }
        for index in slots..<Dispatch.targets { worker.attach(Dispatch.Counter(), slot: index % slots) }
        worker.start()
        try? await Task.sleep(for: .seconds(seconds))
        let ticks = worker.meters.tick.snapshot
        let waits = await hop(to: Pinned(worker: worker))
        worker.stop()

        let late = lateness(recorders.map { ($0.slot, $0.recorded) })
        let perTarget = Double(ticks.sumNanoseconds) / Double(ticks.count) / Double(Dispatch.targets / slots)
        let setting = "\(Dispatch.targets) targets, \(slots) slots, \(seconds) s"
        return [
            Fact(
                name: "Engine:ClockWorker:lateness:p50",
                value: late.quantile(0.5) / 1e3,
                unit: "us",
                note: "\(setting); against the most punctual slot"
            ),
            Fact(name: "Engine:ClockWorker:lateness:p99", value: late.quantile(0.99) / 1e3, unit: "us", note: setting),
            Fact(name: "Engine:ClockWorker:lateness:max", value: late.quantile(1) / 1e3, unit: "us", note: setting),
            Fact(
                name: "Engine:ClockWorker:tick:perTarget",
                value: perTarget,
                unit: "ns",
                note: "\(setting); wall, two clock reads per slot of 15 included"
            ),
            Fact(
                name: "Engine:ClockWorker:hop:p50",
                value: waits.quantile(0.5) / 1e3,
                unit: "us",
                note: "from the global pool into an actor of that worker, \(hops) hops"
            ),
            Fact(name: "Engine:ClockWorker:hop:p99", value: waits.quantile(0.99) / 1e3, unit: "us", note: "the same"),
        ]
    }

    private static func hop(to actor: Pinned) async -> [Double] {
        await Task.detached {
            var waits: [Double] = []
            for index in 0..<hops {
                // Steps of 1 to 3 ms that fall anywhere in a slot.
                try? await Task.sleep(for: .microseconds(1000 + index * 7919 % 2000))
                let sent = MonotonicTime.nanoseconds
                waits.append(Double(await actor.arrived() - sent))
            }
            return waits
        }.value
    }

    /// Nanoseconds behind the due time, modulo the period. The worker's start is not known outside, so the grid is placed
    /// where it explains the ticks best: right behind the widest gap that no tick fell into, on the circle of one period.
    private static func lateness(_ slotTimes: [(slot: Int, times: [Int64])]) -> [Double] {
        let period = Frame.nanoseconds
        let phases = slotTimes.flatMap { slot, times in
            times.map { ($0 - Int64(slot) * period / Int64(slots)) % period }
        }.sorted()
        guard let first = phases.first, let last = phases.last else { return [] }
        var (onTime, widest) = (first, first + period - last)
        for (earlier, later) in zip(phases, phases.dropFirst()) where later - earlier > widest {
            (onTime, widest) = (later, later - earlier)
        }
        return phases.map { Double(($0 - onTime + period) % period) }
    }
}

extension [Double] {
    /// The value below which `share` of the samples lie.
    func quantile(_ share: Double) -> Double {
        guard !isEmpty else { return .nan }
        return sorted()[Swift.min(count - 1, Int((Double(count) * share).rounded(.down)))]
    }
}
