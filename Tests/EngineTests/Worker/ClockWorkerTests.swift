import Engine
import Synchronization
import Testing

@Suite("Clock worker")
struct ClockWorkerTests {
    private final class Probe: ClockTarget {
        struct Seen {
            var times: [Int64] = []
            var strays = 0
        }
        let worker: ClockWorker
        let seen = Locked(Seen())
        let (ticks, tick) = AsyncStream.makeStream(of: Int.self)
        init(_ worker: ClockWorker) { self.worker = worker }
        func tick(now: Int64) {
            let onThread = worker.isCurrentThread
            let count = seen.withLock {
                $0.times.append(now)
                if !onThread { $0.strays += 1 }
                return $0.times.count
            }
            tick.yield(count)
        }
        func waitFor(_ count: Int) async {
            for await number in ticks where number >= count { return }
        }
    }

    private actor Pinned {
        let worker: ClockWorker
        var count = 0
        nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }
        init(_ worker: ClockWorker) { self.worker = worker }
        func add() -> Bool {
            count += 1
            return worker.isCurrentThread
        }
        /// A tick without a hop.
        nonisolated func addFromTick() { assumeIsolated { $0.count += 1 } }
    }

    private final class Ticker: ClockTarget {
        let actor: Pinned
        let done: AsyncStream<Void>.Continuation
        let left = Atomic<Int>(5)
        init(_ actor: Pinned, _ done: AsyncStream<Void>.Continuation) {
            self.actor = actor
            self.done = done
        }
        func tick(now: Int64) {
            guard left.load(ordering: .relaxed) > 0 else { return }
            actor.addFromTick()
            if left.subtract(1, ordering: .relaxed).newValue == 0 { done.yield() }
        }
    }

    @Test(.timeLimit(.minutes(5))) func targetsAreTickedOnTheWorkersOwnThreadByAnAbsoluteClock() async {
        let worker = ClockWorker(WorkerConfiguration(name: "test", period: .milliseconds(5), phaseSlots: 5))
        let probe = Probe(worker)
        worker.attach(probe)
        worker.start()
        await probe.waitFor(40)
        worker.stop()
        // A job runs after the slot that was under way, so what was ticked has been counted too.
        _ = await Pinned(worker).add()
        let seen = probe.seen.withLock { $0 }
        #expect(seen.strays == 0)
        // Absolute deadlines: a late tick does not move the later ones, so the mean step is the period or a multiple that
        // a busy machine skipped.
        let steps = zip(seen.times, seen.times.dropFirst()).map { $1 - $0 }
        #expect(steps.allSatisfy { $0 > 0 })
        // The only target: each tick is a slot's, whatever the machine skipped.
        #expect(worker.meters.tick.snapshot.count == seen.times.count)
    }

    @Test(.timeLimit(.minutes(5))) func anActorsMailboxAndTicksRunOnItsWorker() async {
        let worker = ClockWorker(WorkerConfiguration(name: "test", period: .milliseconds(2), phaseSlots: 1))
        worker.start()
        let actor = Pinned(worker)
        let (stream, done) = AsyncStream.makeStream(of: Void.self)
        let ticker = Ticker(actor, done)
        worker.attach(ticker)
        for _ in 0..<100 { #expect(await actor.add()) }
        for await _ in stream { break }
        #expect(await actor.count == 105)
        worker.stop()
    }

    @Test(.timeLimit(.minutes(5))) func aPokeTicksAtOnce() async {
        // A period of ten minutes: only the poke can have caused the tick.
        let worker = ClockWorker(WorkerConfiguration(name: "test", period: .seconds(600), phaseSlots: 1))
        let probe = Probe(worker)
        worker.start()
        worker.attach(probe)
        worker.poke()
        await probe.waitFor(1)
        worker.poke()
        await probe.waitFor(2)
        #expect(probe.seen.withLock { $0.times.count } >= 2)
        worker.stop()
    }

    @Test(.timeLimit(.minutes(5))) func aMarkedPokeTicksItsTargetsAndNoOthers() async {
        // A period of ten minutes: only pokes can have caused ticks, besides the turn when a slot is first occupied.
        let worker = ClockWorker(WorkerConfiguration(name: "test", period: .seconds(600), phaseSlots: 1))
        let (first, second, other) = (Probe(worker), Probe(worker), Probe(worker))
        let mark = worker.newMark()
        worker.start()
        worker.attach(first, mark: mark)
        worker.attach(second, mark: mark)
        worker.attach(other, mark: worker.newMark())
        // Jobs and changes are taken in order: after this one all three are attached.
        _ = await Pinned(worker).add()
        worker.poke()
        for probe in [first, second, other] { await probe.waitFor(1) }
        _ = await Pinned(worker).add()
        let (before, alone) = (first.seen.withLock { $0.times.count }, other.seen.withLock { $0.times.count })
        worker.poke(mark)
        await first.waitFor(before + 1)
        _ = await Pinned(worker).add()
        #expect(second.seen.withLock { $0.times.count } == before + 1)
        #expect(other.seen.withLock { $0.times.count } == alone)
        worker.detach(second)
        _ = await Pinned(worker).add()
        worker.poke(mark)
        await first.waitFor(before + 2)
        _ = await Pinned(worker).add()
        #expect(second.seen.withLock { $0.times.count } == before + 1)
        worker.stop()
    }

    @Test func marksAreSpreadEvenly() {
        let worker = ClockWorker(WorkerConfiguration(name: "test"))
        let marks = (0..<2048).map { _ in worker.newMark() }
        #expect(Set(marks).count == 1024 && Set(marks.prefix(1024)).count == 1024)
    }

    @Test(.timeLimit(.minutes(5))) func aDetachedTargetIsTickedNoMore() async {
        let worker = ClockWorker(WorkerConfiguration(name: "test", period: .milliseconds(1), phaseSlots: 1))
        let gone = Probe(worker)
        let stays = Probe(worker)
        worker.attach(gone)
        worker.attach(stays)
        worker.start()
        await gone.waitFor(3)
        worker.detach(gone)
        #expect(worker.load == 1)
        // Jobs and changes are taken in order, so after this one the detach has happened.
        _ = await Pinned(worker).add()
        let before = gone.seen.withLock { $0.times.count }
        await stays.waitFor(stays.seen.withLock { $0.times.count } + 5)
        #expect(gone.seen.withLock { $0.times.count } == before)
        worker.stop()
    }

    @Test(.timeLimit(.minutes(5))) func jobsOfAWorkerThatNeverStartedOrHasStoppedStillRun() async {
        let worker = ClockWorker(WorkerConfiguration(name: "test"))
        let actor = Pinned(worker)
        #expect(await actor.add())
        worker.start()
        worker.stop()
        for _ in 0..<10 { #expect(await actor.add()) }
        #expect(await actor.count == 11)
    }

    @Test(.timeLimit(.minutes(5))) func hopsFromManyTasksAllArrive() async {
        let worker = ClockWorker(WorkerConfiguration(name: "test", period: .milliseconds(1), phaseSlots: 4))
        worker.start()
        let actor = Pinned(worker)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<500 { _ = await actor.add() } }
            }
        }
        #expect(await actor.count == 4000)
        worker.stop()
    }

    @Test(.timeLimit(.minutes(5))) func aWorkerWithNothingToTickSleepsUntilThereIsMail() async {
        let idle = ClockWorker(WorkerConfiguration(name: "idle", period: .milliseconds(1), phaseSlots: 4))
        let other = ClockWorker(WorkerConfiguration(name: "other", period: .milliseconds(1), phaseSlots: 1))
        let probe = Probe(other)
        idle.start()
        _ = await Pinned(idle).add()
        other.attach(probe)
        other.start()
        await probe.waitFor(2)
        let before = idle.wakes
        // A hundred periods pass; the sleeper that a hop left behind may account for one wake.
        await probe.waitFor(102)
        #expect(idle.wakes - before <= 1)
        #expect(other.wakes > 1)
        let ticked = idle.meters.tick.snapshot.count
        #expect(ticked == 0)
        idle.stop()
        other.stop()
    }

    @Test(.timeLimit(.minutes(5))) func theOutcomeOfPinningIsTold() async {
        let first = ClockWorker(WorkerConfiguration(name: "pinned", wantsRealtime: true, processor: 0))
        let beyond = ClockWorker(WorkerConfiguration(name: "beyond", processor: 100_000))
        #expect(!first.isPinned && !first.hasRealtimePriority)
        first.start()
        beyond.start()
        _ = await Pinned(first).add()
        _ = await Pinned(beyond).add()
        #expect(first.isPinned)
        #expect(!beyond.isPinned && !beyond.hasRealtimePriority)
        first.stop()
        beyond.stop()
    }

    @Test(.timeLimit(.minutes(5))) func whatWasAttachedIsTickedAgainAfterARestart() async {
        let worker = ClockWorker(WorkerConfiguration(name: "test", period: .milliseconds(1), phaseSlots: 3))
        let probe = Probe(worker)
        worker.attach(probe)
        worker.start()
        await probe.waitFor(3)
        worker.stop()
        let actor = Pinned(worker)
        // The stop was told before this job, so no tick comes after it.
        _ = await actor.add()
        let before = probe.seen.withLock { $0.times.count }
        for _ in 0..<10 { _ = await actor.add() }
        // A stopped worker runs jobs and ticks nothing.
        #expect(probe.seen.withLock { $0.times.count } == before)
        worker.start()
        await probe.waitFor(before + 3)
        #expect(probe.seen.withLock { $0.strays } == 0)
        worker.stop()
    }
}
