// SAFETY: `word` is a futex owned from init to deinit; the thread holds a reference to the worker while it runs, so the
// word outlives every wait. Everything marked "worker thread" is touched only between `run`'s first and last line.

import CPlatform
import Synchronization

/// One thread with an absolute clock that is also a `SerialExecutor`.
///
/// Actors whose `unownedExecutor` is a worker run their mailbox on its thread, and a `ClockTarget` is ticked on the same
/// thread once per period: a tick takes no hop and no lock. Media workers tick calls every 20 ms in phase slots; leg
/// workers tick legs and are also woken (`poke`) when a call has news for them.
///
/// The clock is absolute: slot `n` is due at `start + n * period / slots`, whatever earlier slots took, so nothing drifts.
@safe public final class ClockWorker: SerialExecutor, @unchecked Sendable {  // by the note above
    public let configuration: WorkerConfiguration
    public let meters: WorkerMeters

    private struct Mailbox {
        var jobs: [(job: UnownedJob, since: Int64)] = []
        var changes: [Change] = []
        var isRunning = false
        var isStopping = false
    }
    private enum Change {
        case attach(any ClockTarget, slot: Int?), detach(any ClockTarget), observe(any SlotObserver), ignore(
            any SlotObserver
        )
    }

    private let mailbox = Locked(Mailbox())
    private let word: UnsafeMutablePointer<Atomic<UInt32>>
    private let sleeping = Atomic<Bool>(false)
    private let poked = Atomic<Bool>(false)
    private let hasMail = Atomic<Bool>(false)
    private let thread = Atomic<UInt64>(0)
    private let attached = Atomic<Int>(0)

    // Worker thread only.
    private var slots: [[any ClockTarget]]
    private var observers: [any SlotObserver] = []
    private var running: [(job: UnownedJob, since: Int64)] = []

    public init(_ configuration: WorkerConfiguration, meters: WorkerMeters = WorkerMeters()) {
        self.configuration = configuration
        self.meters = meters
        slots = Array(repeating: [], count: configuration.phaseSlots)
        unsafe word = .allocate(capacity: 1)
        unsafe word.initialize(to: Atomic(0))
        running.reserveCapacity(256)
        mailbox.withLock { $0.jobs.reserveCapacity(256) }
    }

    deinit {
        unsafe word.deinitialize(count: 1)
        unsafe word.deallocate()
    }

    /// Targets attached now.
    public var load: Int { attached.load(ordering: .relaxed) }

    /// Starts the thread. A worker that is not started still runs its actors' jobs, but ticks nothing.
    public func start() {
        mailbox.withLock {
            $0.isStopping = false
            launch(&$0, stopping: false)
        }
    }

    /// Ends ticking; the thread ends when its mailbox is empty. Jobs that come later are still run.
    public func stop() {
        mailbox.withLock { $0.isStopping = true }
        wake()
    }

    /// Ticks `target` once per period from now on, in the given slot or in the emptiest one.
    public func attach(_ target: any ClockTarget, slot: Int? = nil) {
        attached.add(1, ordering: .relaxed)
        change(.attach(target, slot: slot))
    }

    /// Ticks `target` no more. One tick already under way may still happen.
    public func detach(_ target: any ClockTarget) {
        attached.subtract(1, ordering: .relaxed)
        change(.detach(target))
    }

    /// Tells `observer` after each slot that ticked something.
    public func observe(_ observer: any SlotObserver) { change(.observe(observer)) }
    public func ignore(_ observer: any SlotObserver) { change(.ignore(observer)) }

    /// Ticks every target as soon as possible, besides the clock. Costs one system call when the worker sleeps, takes no
    /// lock, and may be called from another worker's tick.
    public func poke() {
        if !poked.exchange(true, ordering: .sequentiallyConsistent) { wake() }
    }

    // MARK: SerialExecutor

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let now = parley_monotonic_ns()
        mailbox.withLock {
            $0.jobs.append((job, now))
            if !$0.isRunning { launch(&$0, stopping: true) }
        }
        hasMail.store(true, ordering: .sequentiallyConsistent)
        wake()
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

    public func checkIsolated() {
        precondition(isCurrentThread, "not on the thread of worker \(configuration.name)")
    }

    public func isIsolatingCurrentContext() -> Bool? { isCurrentThread }

    /// True on the worker's own thread.
    public var isCurrentThread: Bool { thread.load(ordering: .relaxed) == parley_thread_self() }

    // MARK: The thread

    private func change(_ change: Change) {
        mailbox.withLock { $0.changes.append(change) }
        hasMail.store(true, ordering: .sequentiallyConsistent)
        wake()
    }

    private func launch(_ state: inout Mailbox, stopping: Bool) {
        guard !state.isRunning else { return }
        state.isRunning = true
        state.isStopping = stopping
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let failure = unsafe parley_thread_start(configuration.name, workerThread, context)
        precondition(failure == 0, "the system refused a thread for worker \(configuration.name): errno \(failure)")
    }

    private func wake() {
        guard sleeping.exchange(false, ordering: .sequentiallyConsistent) else { return }
        unsafe word.pointee.store(1, ordering: .sequentiallyConsistent)
        unsafe parley_futex_wake(word)
    }

    fileprivate func run() {
        thread.store(parley_thread_self(), ordering: .relaxed)
        _ = parley_thread_prepare(configuration.wantsRealtime ? 1 : 0)
        if let processor = configuration.processor { _ = parley_thread_pin(Int32(processor)) }
        let period = configuration.period.nanoseconds
        let count = Int64(slots.count)
        let start = parley_monotonic_ns()
        var slot: Int64 = 0  // free-running; due at start + slot * period / count

        while true {
            if hasMail.load(ordering: .sequentiallyConsistent) {
                guard runMailbox() else { return }
            }
            if poked.exchange(false, ordering: .sequentiallyConsistent) {
                let now = parley_monotonic_ns()
                for index in slots.indices { tick(slots[index], now: now) }
                tellObservers()
            }
            let next = nextOccupied(from: slot, count: count)
            let due = start + next * period / count
            let now = parley_monotonic_ns()
            if now < due {
                slot = next
                sleep(until: due)
                continue
            }
            let targets = slots[Int(next % count)]
            if !targets.isEmpty {
                tick(targets, now: now)
                tellObservers()
                let end = parley_monotonic_ns()
                meters.tick.record(nanoseconds: end - now)
                if end >= due + period { meters.late.increment() }
            }
            slot = next + 1
            // After a long stall of the machine the missed periods are given up, not run in a burst.
            if now - due > period { slot = max(slot, (now - start) * count / period) }
        }
    }

    private func tick(_ targets: [any ClockTarget], now: Int64) {
        for target in targets { target.tick(now: now) }
    }

    private func tellObservers() {
        for observer in observers { observer.slotEnded() }
    }

    /// The next slot at or after `slot` that ticks something; a full period ahead when none does.
    private func nextOccupied(from slot: Int64, count: Int64) -> Int64 {
        for ahead in 0..<count where !slots[Int((slot + ahead) % count)].isEmpty { return slot + ahead }
        return slot + count
    }

    private func sleep(until due: Int64) {
        sleeping.store(true, ordering: .sequentiallyConsistent)
        unsafe word.pointee.store(0, ordering: .sequentiallyConsistent)
        // Whoever enqueues first stores its news, then looks at `sleeping`; we stored `sleeping` and now look for news:
        // one of the two sees the other.
        if !hasMail.load(ordering: .sequentiallyConsistent), !poked.load(ordering: .sequentiallyConsistent) {
            _ = unsafe parley_futex_wait(word, 0, due)
        }
        sleeping.store(false, ordering: .sequentiallyConsistent)
    }

    /// Runs what is in the mailbox. Returns false when the thread must end.
    private func runMailbox() -> Bool {
        hasMail.store(false, ordering: .sequentiallyConsistent)
        var changes: [Change] = []
        let ends = mailbox.withLock { state -> Bool in
            swap(&running, &state.jobs)
            swap(&changes, &state.changes)
            guard state.isStopping, running.isEmpty, changes.isEmpty else {
                // A stopping thread looks again until it finds nothing.
                if state.isStopping { hasMail.store(true, ordering: .sequentiallyConsistent) }
                return false
            }
            state.isRunning = false
            thread.store(0, ordering: .relaxed)
            return true
        }
        if ends { return false }
        for change in changes { apply(change) }
        for (job, since) in running {
            meters.mailbox.record(nanoseconds: parley_monotonic_ns() - since)
            unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        }
        running.removeAll(keepingCapacity: true)
        return true
    }

    private func apply(_ change: Change) {
        switch change {
        case .attach(let target, let slot):
            let emptiest = slots.indices.min { slots[$0].count < slots[$1].count } ?? 0
            slots[slot.map { $0 % slots.count } ?? emptiest].append(target)
        case .detach(let target):
            for index in slots.indices { slots[index].removeAll { $0 === target } }
        case .observe(let observer):
            observers.append(observer)
        case .ignore(let observer):
            observers.removeAll { $0 === observer }
        }
    }
}

/// The thread's entry: a global function, because a closure would inherit its file's isolation.
private func workerThread(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    let worker = unsafe Unmanaged<ClockWorker>.fromOpaque(context).takeRetainedValue()
    worker.run()
}
