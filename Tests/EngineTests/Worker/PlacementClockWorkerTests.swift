import Engine
import Testing

@Suite("Placement on clock workers")
struct PlacementClockWorkerTests {
    private final class Idle: ClockTarget {
        func tick(now: Int64) {}
    }

    /// Keeps its thread for `nanoseconds` a tick, and tells which threads it was ticked on.
    private final class Busy: ClockTarget {
        struct Seen {
            var ticks = 0
            var strays = 0
        }
        let worker: ClockWorker
        let nanoseconds: Int64
        let seen = Locked(Seen())
        let (counts, count) = AsyncStream.makeStream(of: Int.self)
        init(_ worker: ClockWorker, nanoseconds: Int64) {
            self.worker = worker
            self.nanoseconds = nanoseconds
        }
        func tick(now: Int64) {
            while MonotonicTime.nanoseconds - now < nanoseconds {}
            let isHome = worker.isCurrentThread
            count.yield(
                seen.withLock {
                    $0.ticks += 1
                    if !isHome { $0.strays += 1 }
                    return $0.ticks
                }
            )
        }
        func waitFor(_ number: Int) async {
            for await count in counts where count >= number { return }
        }
    }

    @Test(arguments: [2, 3, 4]) func callsThatArriveAtOnceSpreadEvenly(workers: Int) {
        let group = WorkerGroup(count: workers) { WorkerConfiguration(name: "place-\($0)") }
        let each = 120 / workers
        // Placed first, attached later, as the exchange does.
        let places = (0..<120).map { _ in group.place() }
        for worker in group.workers { #expect(places.filter { $0 === worker }.count == each) }
        for place in places { place.attach(Idle()) }
        #expect(group.workers.map(\.load) == Array(repeating: each, count: workers))
    }

    @Test func placesTakenOneByOneSpreadEvenlyToo() {
        let group = WorkerGroup(count: 3) { WorkerConfiguration(name: "place-\($0)") }
        for _ in 0..<6 { group.place().attach(Idle()) }
        #expect(group.workers.map(\.load) == [2, 2, 2])
    }

    @Test(.timeLimit(.minutes(5))) func measuredLoadOutweighsTheNumberOfTargetsAndNothingMoves() async {
        let group = WorkerGroup(count: 2) {
            WorkerConfiguration(name: "place-\($0)", period: .milliseconds(10), phaseSlots: 2, overloadShare: 0.5)
        }
        let (loaded, free) = (group.workers[0], group.workers[1])
        let busy = Busy(loaded, nanoseconds: 7_000_000)
        loaded.attach(busy)
        for _ in 0..<3 { free.attach(Idle()) }
        group.start()
        // 3 s: the smoothed share holds 95 % of the load.
        await busy.waitFor(300)
        #expect(loaded.busyShare > free.busyShare)
        #expect(loaded.isOverloaded)
        #expect(group.place() === free)
        #expect(!group.isOverloaded)
        // The other worker was idle all the time, and took nothing.
        #expect(busy.seen.withLock { $0.strays } == 0)
        #expect(loaded.load == 1)
        group.stop()
    }

    @Test func aWorkerThatNeverRanIsNotBusy() {
        let worker = ClockWorker(WorkerConfiguration(name: "never"))
        #expect(worker.busyShare == 0 && !worker.isOverloaded)
    }

    @Test func newTargetsGoToTheSlotThatTakesTheLeastTime() {
        var slots = WorkerSlots(count: 4)
        for slot in 0..<4 { slots.add(Idle(), to: slot) }
        // One target that takes a millisecond, and three that take little.
        for _ in 0..<64 { for slot in 0..<4 { slots.measured(slot, nanoseconds: slot == 2 ? 1_000_000 : 50_000) } }
        var chosen: [Int] = []
        for _ in 0..<9 {
            let slot = slots.lightest()
            slots.add(Idle(), to: slot)
            chosen.append(slot)
        }
        #expect(chosen == [0, 1, 3, 0, 1, 3, 0, 1, 3])
    }

    @Test func unmeasuredTargetsSpreadOverTheSlots() {
        var slots = WorkerSlots(count: 20)
        for _ in 0..<300 { slots.add(Idle(), to: slots.lightest()) }
        #expect(slots.counts == Array(repeating: 15, count: 20))
    }

    @Test func aSlotThatLostItsLastTargetIsTold() {
        var slots = WorkerSlots(count: 3)
        let (stays, goes) = (Idle(), Idle())
        slots.add(stays, to: 1)
        slots.add(goes, to: 1)
        let first = slots.remove(goes)
        let again = slots.remove(goes)
        let last = slots.remove(stays)
        #expect(first == [] && again == [] && last == [1])
    }
}
