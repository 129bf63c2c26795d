// SAFETY: `word` is a futex owned from init to deinit; the thread holds a reference to the worker while it runs, so the
// word outlives every wait. `WorkerThread` values exist only on the worker's thread, one at a time: what it leaves behind
// (`rest`) is handed from an ended thread to the next under the mailbox's lock.

import CPlatform
import Synchronization

/// One thread with an absolute clock that is also a `SerialExecutor`.
///
/// Actors whose `unownedExecutor` is a worker run their mailbox on its thread, and a `ClockTarget` is ticked on the same
/// thread once per period: a tick takes no hop and no lock. Media workers tick calls every 20 ms in phase slots; leg
/// workers tick legs and are also woken (`poke`) when a call has news for them.
///
/// A target stays with the worker it was attached to until it is detached, and an actor's executor is its worker for life:
/// no worker ever takes a live call from another. A worker that nothing is attached to sleeps without waking.
@safe public final class ClockWorker: SerialExecutor, @unchecked Sendable {  // by the note above
    public let configuration: WorkerConfiguration
    public let meters: WorkerMeters

    struct Mail {
        let job: UnownedJob
        let since: Int64
        /// nil: a job of an actor of the worker's own.
        let tasks: WorkerTasks?
    }
    struct Mailbox {
        var jobs: [Mail] = []
        var changes: [Change] = []
        var isRunning = false
        var isStopping = false
        /// What the last thread ticked, while none runs.
        var rest: WorkerSlots?
        var observers: [any SlotObserver] = []
    }
    enum Change {
        case attach(any ClockTarget, slot: Int?, mark: Int?)
        case detach(any ClockTarget)
        case observe(any SlotObserver)
        case ignore(any SlotObserver)
    }
    private struct Placement {
        var fresh: FreshTargets
        /// Places promised to targets that are not attached yet.
        var reserved = 0
    }

    let mailbox: Locked<Mailbox>
    private let placement: Locked<Placement>
    let word: UnsafeMutablePointer<Atomic<UInt32>>
    let sleeping = Atomic<Bool>(false)
    let poked = Atomic<Bool>(false)
    /// A poke without a mark came: every target is meant.
    let pokedAll = Atomic<Bool>(false)
    /// One bit per mark that was poked.
    let pokedMarks = PokedMarks()
    private let marksGiven = Atomic<Int>(0)
    let hasMail = Atomic<Bool>(false)
    let thread = Atomic<UInt64>(0)
    private let attached = Atomic<Int>(0)
    // Written by the worker's thread, read by whoever wants to know. The two words of the busy share may come from
    // neighbouring moments, which shifts an estimate by one sleep.
    let busyWord = Atomic<UInt64>(0)
    let busySince = Atomic<Int64>(0)
    let wakeCount = Atomic<Int>(0)
    let realtime = Atomic<Bool>(false)
    let pinned = Atomic<Bool>(false)
    let pressed = Atomic<Bool>(false)

    public init(_ configuration: WorkerConfiguration, meters: WorkerMeters = WorkerMeters()) {
        self.configuration = configuration
        self.meters = meters
        var first = Mailbox()
        first.jobs.reserveCapacity(256)
        first.rest = WorkerSlots(count: configuration.phaseSlots)
        mailbox = Locked(first)
        placement = Locked(Placement(fresh: FreshTargets(now: parley_monotonic_ns())))
        unsafe word = .allocate(capacity: 1)
        unsafe word.initialize(to: Atomic(0))
    }

    deinit {
        unsafe word.deinitialize(count: 1)
        unsafe word.deallocate()
    }

    /// Targets attached now.
    public var load: Int { attached.load(ordering: .relaxed) }

    /// The share of wall time the thread spends in ticks and jobs, 0 to 1, smoothed over a second.
    public var busyShare: Double { busyShare(now: parley_monotonic_ns()) }
    /// The busy share is above the configured limit.
    public var isOverloaded: Bool { busyShare > configuration.overloadShare }
    /// The turn that runs began late, or whom its ticks wake has waited long. For targets, on the worker's thread.
    public var isPressed: Bool { pressed.load(ordering: .relaxed) }
    /// Times the thread came back from a sleep.
    public var wakes: Int { wakeCount.load(ordering: .relaxed) }
    /// The thread runs under `SCHED_FIFO`; false also before it has started.
    public var hasRealtimePriority: Bool { realtime.load(ordering: .relaxed) }
    /// The thread is bound to the configured processor; false also before it has started.
    public var isPinned: Bool { pinned.load(ordering: .relaxed) }

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
        hasMail.store(true, ordering: .sequentiallyConsistent)
        wake()
    }

    /// A mark for targets that have news together, so that a poke reaches them alone. Marks are shared when there are more
    /// targets than marks; a poke then ticks a few that have no news.
    public func newMark() -> Int {
        marksGiven.wrappingAdd(1, ordering: .relaxed).oldValue % PokedMarks.count
    }

    /// Ticks `target` once per period from now on, in the given slot or in the one that takes the least time.
    /// - Parameter mark: which pokes are for it, from `newMark`.
    public func attach(_ target: any ClockTarget, slot: Int? = nil, mark: Int? = nil) {
        attached.add(1, ordering: .relaxed)
        placement.withLock {
            // A reserved place was counted when it was promised.
            if $0.reserved > 0 { $0.reserved -= 1 } else { $0.fresh.add(1, now: parley_monotonic_ns()) }
        }
        change(.attach(target, slot: slot, mark: mark))
    }

    /// Ticks `target` no more. One tick already under way may still happen.
    public func detach(_ target: any ClockTarget) {
        attached.subtract(1, ordering: .relaxed)
        placement.withLock { $0.fresh.add(-1, now: parley_monotonic_ns()) }
        change(.detach(target))
    }

    /// Tells `observer` after each slot that ticked something.
    public func observe(_ observer: any SlotObserver) { change(.observe(observer)) }
    public func ignore(_ observer: any SlotObserver) { change(.ignore(observer)) }

    /// Ticks every target as soon as possible, besides the clock. Costs one system call when the worker sleeps, takes no
    /// lock, and may be called from another worker's tick.
    public func poke() {
        pokedAll.store(true, ordering: .relaxed)
        if !poked.exchange(true, ordering: .sequentiallyConsistent) { wake() }
    }

    /// Ticks the targets of one mark as soon as possible: hundreds of calls that have no news are left alone.
    public func poke(_ mark: Int) {
        pokedMarks.set(mark)
        if !poked.exchange(true, ordering: .sequentiallyConsistent) { wake() }
    }

    // MARK: Placement

    /// What is known of the worker's load: the measured share, targets that are in it, and targets that are not yet.
    func estimate(now: Int64) -> (share: Double, known: Double, fresh: Double) {
        placement.withLock {
            let fresh = $0.fresh.count(now: now)
            return (busyShare(now: now), Double(load + $0.reserved) - fresh, fresh)
        }
    }

    /// Promises a place to a target that will be attached soon.
    func reserve(now: Int64) {
        placement.withLock {
            $0.reserved += 1
            $0.fresh.add(1, now: now)
        }
    }

    private func busyShare(now: Int64) -> Double {
        BusyShare(words: (busyWord.load(ordering: .relaxed), busySince.load(ordering: .relaxed))).share(now: now)
    }

    // MARK: SerialExecutor

    public func enqueue(_ job: consuming ExecutorJob) { enqueue(job, of: nil) }

    func enqueue(_ job: consuming ExecutorJob, of tasks: WorkerTasks?) {
        let mail = Mail(job: UnownedJob(job), since: parley_monotonic_ns(), tasks: tasks)
        mailbox.withLock {
            $0.jobs.append(mail)
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
}

/// The thread's entry: a global function, because a closure would inherit its file's isolation.
private func workerThread(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    let worker = unsafe Unmanaged<ClockWorker>.fromOpaque(context).takeRetainedValue()
    var thread = WorkerThread(worker)
    thread.run()
}
