import Engine
import Testing

@Suite("Resting targets")
struct RestingTargetTests {
    /// Wants its next turn when told to.
    private final class Sleeper: ClockTarget {
        let state = Locked((turns: [Int64](), wanted: Int64(0)))
        init(wanted: Int64 = 0) { state.withLock { $0.wanted = wanted } }
        var turns: [Int64] { state.withLock { $0.turns } }
        func want(_ time: Int64) { state.withLock { $0.wanted = time } }
        func tick(now: Int64) { _ = turn(now: now) }
        func turn(now: Int64) -> Int64 {
            state.withLock {
                $0.turns.append(now)
                return $0.wanted
            }
        }
    }

    @Test func aTargetIsLeftAloneUntilItsTime() {
        var slots = WorkerSlots(count: 1)
        let (busy, sleeper) = (Sleeper(), Sleeper(wanted: 30))
        slots.add(busy, to: 0)
        slots.add(sleeper, to: 0)
        let counts = stride(from: Int64(0), through: 50, by: 10).map { slots.tick(0, now: $0) }
        #expect(counts == [2, 1, 1, 2, 2, 2], "what is past means every turn")
        #expect(busy.turns == [0, 10, 20, 30, 40, 50] && sleeper.turns == [0, 30, 40, 50])
    }

    @Test func aPokeReachesATargetAtRestAndItSaysAgainWhenItIsWanted() {
        var slots = WorkerSlots(count: 2)
        let (mine, other) = (Sleeper(wanted: .max), Sleeper(wanted: .max))
        slots.add(mine, to: 0, mark: 7)
        slots.add(other, to: 1, mark: 8)
        for slot in 0..<2 { slots.tick(slot, now: 0) }
        for slot in 0..<2 { slots.tick(slot, now: 1_000_000) }
        mine.want(50)
        slots.tickMarked(7, now: 20)
        for now in [30, 50] as [Int64] { for slot in 0..<2 { slots.tick(slot, now: now) } }
        #expect(mine.turns == [0, 20, 50] && other.turns == [0])
        slots.tickAll(now: 60)
        #expect(mine.turns.last == 60 && other.turns == [0, 60])
    }

    /// What is known of a target goes with it and with no other.
    @Test func aTargetThatLeavesTakesItsMarkAndItsTimeAlong() {
        var slots = WorkerSlots(count: 1)
        let (goes, stays, late) = (Sleeper(wanted: .max), Sleeper(wanted: 40), Sleeper())
        slots.add(goes, to: 0, mark: 1)
        slots.add(stays, to: 0, mark: 2)
        slots.tick(0, now: 0)
        #expect(slots.remove(goes) == [])
        slots.add(late, to: 0, mark: 1)
        slots.tickMarked(1, now: 10)
        slots.tick(0, now: 20)
        slots.tick(0, now: 40)
        #expect(goes.turns == [0] && stays.turns == [0, 40] && late.turns == [10, 20, 40])
    }
}

@Suite("Tasks of a worker", .timeLimit(.minutes(5)))
struct WorkerTasksTests {
    private actor Reader {
        let worker: ClockWorker
        nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }
        init(_ worker: ClockWorker) { self.worker = worker }

        /// Where what belongs to no actor ran, while this actor waited for it.
        func places(_ count: Int) async -> Set<Bool> {
            var places: Set<Bool> = []
            for _ in 0..<count { places.insert(await elsewhere()) }
            return places
        }

        private nonisolated func elsewhere() async -> Bool { worker.isCurrentThread }
    }

    @Test func whatBelongsToNoActorRunsOnTheWorkerToo() async {
        let worker = ClockWorker(WorkerConfiguration(name: "test", phaseSlots: 1))
        worker.start()
        let reader = Reader(worker)
        let own = await Task(executorPreference: WorkerTasks(worker)) { await reader.places(20) }.value
        let shared = await Task { await reader.places(20) }.value
        #expect(own == [true] && shared == [false])
        worker.stop()
    }

    /// A task outlives the worker's thread as an actor's job does.
    @Test func aTaskOfAStoppedWorkerIsStillRun() async {
        let worker = ClockWorker(WorkerConfiguration(name: "test", phaseSlots: 1))
        worker.start()
        worker.stop()
        let reader = Reader(worker)
        #expect(await Task(executorPreference: WorkerTasks(worker)) { await reader.places(3) }.value == [true])
    }
}
