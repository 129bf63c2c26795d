import CFloor
import Engine
import Synchronization

/// One round of 300 ticks by a real worker, on its own thread, beside 300 function pointers called on the same thread right
/// after it.
enum Dispatch {
    static let targets = 300
    private static let rounds = 4000

    /// The least a target can do.
    final class Counter: ClockTarget {
        private let count = Atomic<Int64>(0)
        func tick(now: Int64) {
            // One thread ticks: a load and a store, as a plain counter.
            count.store(count.load(ordering: .relaxed) &+ (now & 1), ordering: .relaxed)
        }
    }

    /// The least a pinned actor can do.
    actor PinnedCounter: ClockTarget {
        private let worker: ClockWorker
        private var count: Int64 = 0
        nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }

        init(worker: ClockWorker) { self.worker = worker }
        nonisolated func tick(now: Int64) { assumeIsolated { $0.count &+= now & 1 } }
    }

    /// The first and the last target of the round.
    private final class Bracket: ClockTarget {
        final class Log: @unchecked Sendable {  // written by the worker's thread; read after `done`
            var start: Int64 = 0
            var engine: [Double] = []
            var floor: [Double] = []
            let floorTargets = floor_targets_make(Int32(Dispatch.targets))
            let done = Atomic<Bool>(false)

            init() {
                engine.reserveCapacity(Dispatch.rounds)
                floor.reserveCapacity(Dispatch.rounds)
            }
        }

        let log: Log
        let isFirst: Bool
        let worker: ClockWorker

        init(_ log: Log, isFirst: Bool, worker: ClockWorker) {
            self.log = log
            self.isFirst = isFirst
            self.worker = worker
        }

        func tick(now: Int64) {
            let here = floor_monotonic_ns()
            guard !isFirst else {
                log.start = here
                return
            }
            guard log.engine.count < Dispatch.rounds else { return log.done.store(true, ordering: .releasing) }
            let before = floor_monotonic_ns()
            floor_dispatch(log.floorTargets, Int32(Dispatch.targets), now)
            let after = floor_monotonic_ns()
            log.engine.append(Double(here - log.start) / Double(Dispatch.targets))
            log.floor.append(Double(after - before) / Double(Dispatch.targets))
            // The next round at once, without a sleep in between.
            worker.poke()
        }
    }

    static func measure() async -> [Row] {
        let plain = await measure("Engine:ClockWorker:dispatch:300") { _ in Counter() }
        let pinned = await measure("Engine:ClockWorker:dispatchActor:300") { PinnedCounter(worker: $0) }
        return [plain, pinned]
    }

    private static func measure(_ name: String, make: (ClockWorker) -> any ClockTarget) async -> Row {
        let worker = ClockWorker(WorkerConfiguration(name: "dispatch", phaseSlots: 1))
        let log = Bracket.Log()
        worker.attach(Bracket(log, isFirst: true, worker: worker))
        for _ in 0..<targets { worker.attach(make(worker)) }
        worker.attach(Bracket(log, isFirst: false, worker: worker))
        worker.start()
        while !log.done.load(ordering: .acquiring) { try? await Task.sleep(for: .milliseconds(20)) }
        worker.stop()
        let (engine, floor) = (Timing(log.engine), Timing(log.floor))
        return Row(
            name: name,
            floorWork: "300 function pointers in a loop, per target",
            engine: engine,
            floor: floor,
            ratio: engine.minimum / floor.minimum,
            allocations: nil,
            isHot: true
        )
    }
}
