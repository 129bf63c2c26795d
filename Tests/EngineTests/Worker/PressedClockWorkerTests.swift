import Engine
import Synchronization
import Testing

@Suite("Clock worker under pressure")
struct PressedClockWorkerTests {
    /// Keeps what its worker says in each turn, and is slow when told.
    private final class Target: ClockTarget {
        let worker: ClockWorker
        let slowTurns: Range<Int>
        let seen = Locked<[Bool]>([])
        let (counts, count) = AsyncStream.makeStream(of: Int.self)

        init(_ worker: ClockWorker, slowTurns: Range<Int> = 0..<0) {
            self.worker = worker
            self.slowTurns = slowTurns
        }

        func tick(now: Int64) {
            let turn = seen.withLock {
                $0.append(worker.isPressed)
                return $0.count
            }
            if slowTurns.contains(turn) {
                while MonotonicTime.nanoseconds - now < 60_000_000 {}
            }
            count.yield(turn)
        }
        func waitFor(_ number: Int) async {
            for await count in counts where count >= number { return }
        }
    }

    /// A socket thread that does not come to its wake-up.
    private final class Sleeper: SlotObserver {
        let since = Atomic<Int64>(0)
        func slotEnded(now: Int64) { _ = since.compareExchange(expected: 0, desired: now, ordering: .relaxed) }
        var waitsSince: Int64? {
            let since = since.load(ordering: .relaxed)
            return since == 0 ? nil : since
        }
    }

    private func worker(_ pressure: Duration?) -> ClockWorker {
        ClockWorker(WorkerConfiguration(name: "pressed", pressure: pressure))
    }

    @Test(.timeLimit(.minutes(5))) func aTurnThatBeginsLateIsUnderPressure() async {
        let worker = worker(.milliseconds(10))
        let target = Target(worker, slowTurns: 3..<4)
        worker.attach(target)
        worker.start()
        await target.waitFor(4)
        worker.stop()
        // The third took 60 ms, so the fourth began 40 ms late.
        #expect(target.seen.withLock { $0[3] })
        #expect(worker.meters.pressed.value > 0)
    }

    @Test(.timeLimit(.minutes(5))) func soIsOneWhoseWakeUpsNobodyServes() async {
        let worker = worker(.milliseconds(10))
        let (target, sleeper) = (Target(worker), Sleeper())
        worker.observe(sleeper)
        worker.attach(target)
        worker.start()
        await target.waitFor(4)
        worker.stop()
        // Asked for at the end of the first turn: the second begins 20 ms later.
        let seen = target.seen.withLock { $0 }
        #expect(seen[1...3].allSatisfy { $0 })
    }

    @Test(.timeLimit(.minutes(5))) func withoutALimitThereIsNone() async {
        let worker = worker(nil)
        let (target, sleeper) = (Target(worker, slowTurns: 3..<4), Sleeper())
        worker.observe(sleeper)
        worker.attach(target)
        worker.start()
        await target.waitFor(6)
        worker.stop()
        #expect(target.seen.withLock { !$0.contains(true) })
        #expect(worker.meters.pressed.value == 0)
    }
}
