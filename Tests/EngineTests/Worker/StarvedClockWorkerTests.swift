import Engine
import Testing

/// A job that keeps the thread for half a second, as a machine that does not run it would.
@Suite("Starved clock worker", .serialized)
struct StarvedClockWorkerTests {
    private static let period: Int64 = 20_000_000
    private static let stall: Int64 = 500_000_000

    private final class Recorder: ClockTarget {
        let times = Locked<[Int64]>([])
        let (counts, count) = AsyncStream.makeStream(of: Int.self)
        func tick(now: Int64) {
            count.yield(
                times.withLock {
                    $0.append(now)
                    return $0.count
                }
            )
        }
        func waitFor(_ number: Int) async {
            for await count in counts where count >= number { return }
        }
    }

    private actor Hog {
        let worker: ClockWorker
        nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }
        init(_ worker: ClockWorker) { self.worker = worker }
        func keepTheThread() -> (from: Int64, to: Int64) {
            let from = MonotonicTime.nanoseconds
            var now = from
            while now - from < StarvedClockWorkerTests.stall { now = MonotonicTime.nanoseconds }
            return (from, now)
        }
    }

    @Test(.timeLimit(.minutes(5))) func missedPeriodsAreCountedAndGivenUp() async {
        let worker = ClockWorker(WorkerConfiguration(name: "starved"))
        let targets = (0..<3).map { _ in Recorder() }
        for (slot, target) in targets.enumerated() { worker.attach(target, slot: slot * 7) }
        worker.start()
        await targets[2].waitFor(3)
        let stall = await Hog(worker).keepTheThread()
        let before = targets.map { $0.times.withLock { $0.count } }
        for (target, count) in zip(targets, before) { await target.waitFor(count + 5) }
        worker.stop()

        let meters = worker.meters
        #expect(meters.starved.value >= 1)
        // 25 periods of each target, of which one deadline is answered late.
        #expect(meters.missed.value >= 3 * 23)
        #expect(meters.late.value >= 3)
        #expect((meters.lateness.snapshot.quantile(1) ?? 0) >= Self.stall - 2 * Self.period)
        for target in targets {
            let times = target.times.withLock { $0 }
            #expect(times.allSatisfy { $0 <= stall.from || $0 >= stall.to }, "nothing is ticked meanwhile")
            // No burst: at no time were there more ticks than deadlines that can have passed since the stall began,
            // those given up taken off.
            let after = times.filter { $0 >= stall.to }
            for (index, time) in after.enumerated() {
                #expect(Int64(index) <= (time - stall.to) / Self.period + 1)
            }
        }
    }
}
