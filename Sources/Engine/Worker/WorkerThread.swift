// SAFETY: a `WorkerThread` is made, run and dropped by one thread. The futex word belongs to the worker, which this value
// keeps alive. Jobs run on the thread whose executor they were enqueued on.

import CPlatform
import Synchronization

/// What a worker's thread does: mailbox, pokes, turns of the clock, sleep.
struct WorkerThread: ~Copyable {
    private let worker: ClockWorker
    private let meters: WorkerMeters
    private var slots: WorkerSlots
    private var observers: [any SlotObserver]
    private var schedule: SlotSchedule
    private var busy: BusyShare
    private var running: [ClockWorker.Mail] = []
    /// Nanoseconds of delay that are pressure.
    private let pressure: Int64
    /// The clock as last read: at the end of a sleep, of a turn, of the mailbox.
    private var now: Int64

    init(_ worker: ClockWorker) {
        self.worker = worker
        meters = worker.meters
        let configuration = worker.configuration
        now = parley_monotonic_ns()
        schedule = SlotSchedule(
            period: configuration.period.nanoseconds,
            slots: configuration.phaseSlots,
            start: now
        )
        busy = BusyShare(now: now)
        pressure = configuration.pressure?.nanoseconds ?? .max
        (slots, observers) = worker.mailbox.withLock { state in
            (state.rest.take() ?? WorkerSlots(count: configuration.phaseSlots), state.observers)
        }
        for (slot, count) in slots.counts.enumerated() where count > 0 { schedule.occupy(slot, now: now) }
        running.reserveCapacity(256)
    }

    mutating func run() {
        worker.thread.store(parley_thread_self(), ordering: .relaxed)
        let configuration = worker.configuration
        worker.realtime.store(parley_thread_prepare(configuration.wantsRealtime ? 1 : 0) == 1, ordering: .relaxed)
        if let processor = configuration.processor {
            worker.pinned.store(parley_thread_pin(Int32(processor)) == 0, ordering: .relaxed)
        }
        busy.wake(now: now)
        publish()

        while true {
            if worker.hasMail.load(ordering: .sequentiallyConsistent) {
                switch runMailbox() {
                case .open: now = parley_monotonic_ns()
                case .closing: continue
                case .ended: return
                }
            }
            if worker.poked.load(ordering: .relaxed), worker.poked.exchange(false, ordering: .sequentiallyConsistent) {
                tickPoked()
                tellObservers()
                now = parley_monotonic_ns()
            }
            guard let turn = schedule.begin(now: now) else {
                sleep(until: schedule.deadline ?? .max)
                continue
            }
            take(turn)
        }
    }

    private mutating func take(_ turn: SlotSchedule.Turn) {
        let began = now
        let isPressed = isPressed(since: turn.due)
        if isPressed { meters.pressed.increment() }
        worker.pressed.store(isPressed, ordering: .relaxed)
        let count = slots.tick(turn.slot, now: began)
        tellObservers()
        now = parley_monotonic_ns()
        slots.measured(turn.slot, nanoseconds: now - began)
        meters.tick.record(nanoseconds: now - began)
        meters.lateness.record(nanoseconds: began - turn.due)
        if now - turn.due > schedule.period { meters.late.increment(by: count) }
        if turn.missed > 0 { meters.missed.increment(by: turn.missed * count) }
        if turn.isBehind { meters.starved.increment() }
    }

    private mutating func tickPoked() {
        if worker.pokedAll.load(ordering: .relaxed), worker.pokedAll.exchange(false, ordering: .relaxed) {
            worker.pokedMarks.take { _ in }
            return slots.tickAll(now: now)
        }
        worker.pokedMarks.take { slots.tickMarked($0, now: now) }
    }

    /// Whether the oldest of what is to be done now has waited too long: this turn, or a wake-up that was asked for.
    private func isPressed(since due: Int64) -> Bool {
        var oldest = due
        for observer in observers { oldest = min(oldest, observer.waitsSince ?? oldest) }
        return now - oldest >= pressure
    }

    private func tellObservers() {
        for observer in observers { observer.slotEnded(now: now) }
    }

    /// - Parameter due: nanoseconds of the monotonic clock; `.max` sleeps until there is news.
    private mutating func sleep(until due: Int64) {
        worker.sleeping.store(true, ordering: .sequentiallyConsistent)
        unsafe worker.word.pointee.store(0, ordering: .sequentiallyConsistent)
        // Whoever enqueues first stores its news, then looks at `sleeping`; we stored `sleeping` and now look for news:
        // one of the two sees the other.
        if !worker.hasMail.load(ordering: .sequentiallyConsistent),
            !worker.poked.load(ordering: .sequentiallyConsistent)
        {
            busy.sleep(now: now)
            publish()
            _ = unsafe parley_futex_wait(worker.word, 0, due)
            now = parley_monotonic_ns()
            busy.wake(now: now)
            publish()
            worker.wakeCount.add(1, ordering: .relaxed)
        }
        worker.sleeping.store(false, ordering: .sequentiallyConsistent)
    }

    private func publish() {
        let words = busy.words
        worker.busyWord.store(words.share, ordering: .relaxed)
        worker.busySince.store(words.since, ordering: .relaxed)
    }

    private enum Mail {
        case open
        /// The worker was stopped: nothing is ticked, what still comes is run.
        case closing
        /// The worker was stopped and nothing came: the thread ends.
        case ended
    }

    private mutating func runMailbox() -> Mail {
        worker.hasMail.store(false, ordering: .sequentiallyConsistent)
        var changes: [ClockWorker.Change] = []
        let mail = worker.mailbox.withLock { state -> Mail in
            swap(&running, &state.jobs)
            swap(&changes, &state.changes)
            guard state.isStopping else { return .open }
            guard running.isEmpty, changes.isEmpty else {
                // A stopping thread looks again until it finds nothing.
                worker.hasMail.store(true, ordering: .sequentiallyConsistent)
                return .closing
            }
            busy.sleep(now: parley_monotonic_ns())
            publish()
            worker.thread.store(0, ordering: .relaxed)
            state.rest = slots
            state.observers = observers
            state.isRunning = false
            return .ended
        }
        for change in changes { apply(change) }
        for mail in running {
            meters.mailbox.record(nanoseconds: parley_monotonic_ns() - mail.since)
            if let tasks = mail.tasks {
                unsafe mail.job.runSynchronously(on: tasks.asUnownedTaskExecutor())
            } else {
                unsafe mail.job.runSynchronously(on: worker.asUnownedSerialExecutor())
            }
        }
        running.removeAll(keepingCapacity: true)
        return mail
    }

    private mutating func apply(_ change: ClockWorker.Change) {
        switch change {
        case .attach(let target, let slot, let mark):
            let slot = slot.map { $0 % worker.configuration.phaseSlots } ?? slots.lightest()
            slots.add(target, to: slot, mark: mark)
            schedule.occupy(slot, now: parley_monotonic_ns())
        case .detach(let target):
            for slot in slots.remove(target) { schedule.vacate(slot) }
        case .observe(let observer):
            observers.append(observer)
        case .ignore(let observer):
            observers.removeAll { $0 === observer }
        }
    }
}
