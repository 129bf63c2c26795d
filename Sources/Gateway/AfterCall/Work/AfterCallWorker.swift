import Actors
import Engine
import Logging
import Synchronization

/// Runs the jobs: some at once, each within its time, tried again after a pause, and none lost without being counted.
package final class AfterCallWorker: Sendable {
    /// Providers tell of a recording and of the call's end in any order: both have come after this long.
    package static let settling = Duration.seconds(2)

    private struct State {
        var queue: JobQueue
        var jobs: [String: Held] = [:]
        /// Jobs that the end of the engine leaves no time.
        var late: [String] = []
    }

    private struct Held {
        var job: AfterCallJob
        var isRunning = false
    }

    private enum Ending {
        case done
        case skipped
        case failed(AfterCallFault)
        /// The engine stops.
        case cancelled
    }

    package let meters: JobMeters
    private let state: Mutex<State>
    private let bells: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let time: VendorTime
    private let epoch: ContinuousClock.Instant
    private let logger: Logger

    package init(
        _ limits: JobQueue.Limits = JobQueue.Limits(),
        meters: JobMeters = JobMeters(),
        time: VendorTime = .real,
        random: @escaping UnitRandom = { .random(in: 0..<1) },
        logger: Logger
    ) {
        self.meters = meters
        self.time = time
        self.logger = logger
        epoch = time.now()
        state = Mutex(State(queue: JobQueue(limits, random: random)))
        (bells, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    private var now: MediaInstant { MediaInstant(nanoseconds: epoch.duration(to: time.now()).nanoseconds) }
    private func instant(_ instant: MediaInstant) -> ContinuousClock.Instant {
        epoch.advanced(by: .nanoseconds(instant.nanoseconds))
    }

    /// Takes a job and returns at once.
    @discardableResult package func add(_ job: AfterCallJob, after pause: Duration = settling) -> JobQueue.Addition {
        let now = now
        let addition = state.withLock { state in
            let addition = state.queue.add(job.id, after: pause, now: now)
            if addition == .accepted {
                state.jobs[job.id] = Held(job: job)
                meters.add(job.kind, .waiting)
            }
            return addition
        }
        switch addition {
        case .accepted: bell.yield()
        case .duplicate: meters.add(job.kind, .duplicate)
        case .full, .closed:
            meters.add(job.kind, .dropped)
            logger.warning(
                "after-call work dropped",
                metadata: facts(job, ["job.reason": addition == .full ? "the queue is full" : "the engine stops"])
            )
        }
        return addition
    }

    /// Work that failed before it could begin.
    func refuse(_ call: ProviderCallKey, tenant: String, _ fault: AfterCallFault) {
        meters.add(.recording, .failed)
        logger.warning(
            "after-call work given up",
            metadata: [
                "job.kind": "\(AfterCallJob.Kind.recording.rawValue)", "call.tenant": "\(tenant)",
                "call.provider": "\(call.provider)", "call.provider_id": "\(call.id)",
                "error.code": "\(fault.code.rawValue)",
            ]
        )
    }

    /// Takes nothing more; what is left has this long.
    package func close(within limit: Duration) {
        let now = now
        state.withLock { state in
            let late = state.queue.close(until: now.advanced(by: limit))
            state.late += late
        }
        bell.yield()
    }

    /// Works until cancelled, or until everything is done after `close`. Once.
    package func run(_ steps: AfterCallSteps) async {
        let left = steps.sweep()
        if left > 0 {
            meters.add(.recording, .dropped, by: left)
            logger.warning("recordings of an earlier run were not worked on", metadata: ["recordings": "\(left)"])
        }
        await withDiscardingTaskGroup { group in
            var alarm: Task<Void, Never>?
            bell.yield()
            for await _ in bells {
                let turn = next()
                for job in turn.late { letGo(job, steps) }
                for start in turn.starts {
                    group.addTask {
                        await self.attempt(start, steps)
                        self.bell.yield()
                    }
                }
                alarm?.cancel()
                alarm = turn.isOver ? nil : turn.wake.map { wake in Task { await self.ring(at: wake) } }
                if turn.isOver { break }
            }
            alarm?.cancel()
            group.cancelAll()
        }
        for job in rest() { letGo(job, steps) }
    }

    private func ring(at instant: MediaInstant) async {
        guard (try? await time.sleep(self.instant(instant))) != nil else { return }
        bell.yield()
    }

    private struct Turn {
        var starts: [JobQueue.Start] = []
        var late: [AfterCallJob]
        var wake: MediaInstant?
        var isOver: Bool
    }

    private func next() -> Turn {
        let now = now
        return state.withLock { state in
            let late = state.late.compactMap { state.jobs.removeValue(forKey: $0) }
            state.late = []
            for held in late { leave(held) }
            let isOver = state.queue.isOver || state.queue.isOverdue(now: now)
            var turn = Turn(late: late.map(\.job), isOver: isOver)
            if !isOver { turn.starts = state.queue.start(now: now) }
            for start in turn.starts { set(start.id, isRunning: true, &state) }
            turn.wake = state.queue.wake
            return turn
        }
    }

    /// Everything that is not done when the work ends.
    private func rest() -> [AfterCallJob] {
        let now = now
        return state.withLock { state in
            _ = state.queue.close(until: now)
            let all = state.jobs.sorted { $0.key < $1.key }.map(\.value)
            state.jobs = [:]
            state.late = []
            for held in all { leave(held) }
            return all.map(\.job)
        }
    }

    /// The two states of now.
    private func set(_ id: String, isRunning: Bool, _ state: inout State) {
        guard let held = state.jobs[id] else { return }
        state.jobs[id]?.isRunning = isRunning
        leave(held)
        meters.add(held.job.kind, isRunning ? .running : .waiting)
    }

    private func leave(_ held: Held) { meters.add(held.job.kind, held.isRunning ? .running : .waiting, by: -1) }

    // MARK: One attempt

    private func attempt(_ start: JobQueue.Start, _ steps: AfterCallSteps) async {
        let ending = await withTaskGroup(of: Ending?.self) { group in
            group.addTask { await self.work(start.id, steps) }
            group.addTask {
                guard (try? await self.time.sleep(self.instant(start.deadline))) != nil else { return nil }
                return .failed(AfterCallFault(.timeout, isPassing: false))
            }
            // What was done in the last moment counts, and only once.
            var ending = Ending.cancelled
            for await one in group {
                group.cancelAll()
                switch one {
                case .done, .skipped: ending = one ?? .cancelled
                case .failed(let fault): if case .cancelled = ending { ending = .failed(fault) }
                case .cancelled, nil: break
                }
            }
            return ending
        }
        switch ending {
        case .done: end(start.id, .completed, steps)
        case .skipped: end(start.id, .skipped, steps)
        case .cancelled: break
        case .failed(let fault): await failed(start.id, fault, steps)
        }
    }

    private func work(_ id: String, _ steps: AfterCallSteps) async -> Ending {
        guard var job = state.withLock({ $0.jobs[id]?.job }) else { return .done }
        guard steps.isWanted(job) else { return .skipped }
        do throws(AfterCallFault) {
            while true {
                switch job.progress {
                case .told(let recording): job.progress = .fetched(try await steps.fetch(recording, job))
                case .recorded(let call): job.progress = .fetched(try steps.find(mediaCall: call))
                case .fetched(let recording):
                    job.progress = .transcribed(try await steps.transcribe(recording, job))
                case .transcribed(let transcript):
                    let summary = try await steps.summarise(transcript, job)
                    guard !Task.isCancelled else { return .cancelled }
                    steps.tell(transcript, summary, job)
                    return .done
                }
                let reached = job
                state.withLock { $0.jobs[id]?.job = reached }
                guard !Task.isCancelled else { return .cancelled }
            }
        } catch {
            return Task.isCancelled || error.code == .cancelled ? .cancelled : .failed(error)
        }
    }

    private func failed(_ id: String, _ fault: AfterCallFault, _ steps: AfterCallSteps) async {
        let now = now
        let (job, pause) = state.withLock { state in
            let pause =
                fault.isPassing ? state.queue.failed(id, atLeast: fault.retryAfter ?? .zero, now: now) : nil
            if pause != nil { set(id, isRunning: false, &state) }
            return (state.jobs[id]?.job, pause)
        }
        guard let job else { return }
        if let pause {
            meters.add(job.kind, .retried)
            return logger.debug(
                "after-call work is tried again",
                metadata: facts(job, fault, ["job.pause_ms": "\(Int(pause.inMilliseconds))"])
            )
        }
        logger.warning("after-call work given up", metadata: facts(job, fault))
        // What is known of the words is told, also without what could not be had.
        guard let transcript = job.knownTranscript else { return end(id, .failed, steps) }
        var summary: CallSummary?
        if case .transcribed = job.progress {} else { summary = try? await steps.summarise(transcript, job) }
        guard !Task.isCancelled else { return }
        steps.tell(transcript, summary, job)
        end(id, .completed, steps)
    }

    private func end(_ id: String, _ end: JobMeters.State, _ steps: AfterCallSteps) {
        let held = state.withLock { state in
            state.queue.finished(id)
            return state.jobs.removeValue(forKey: id)
        }
        guard let held else { return }
        let job = held.job
        steps.discard(job)
        leave(held)
        meters.add(job.kind, end)
        logger.info("after-call work ended", metadata: facts(job, ["job.state": "\(end.rawValue)"]))
    }

    /// There is no more time for a job.
    private func letGo(_ job: AfterCallJob, _ steps: AfterCallSteps) {
        steps.discard(job)
        if let transcript = job.knownTranscript {
            steps.tell(transcript, nil, job)
            meters.add(job.kind, .completed)
            logger.warning("after-call work ended without a summary: the engine stops", metadata: facts(job))
        } else {
            meters.add(job.kind, .dropped)
            logger.warning("after-call work dropped", metadata: facts(job, ["job.reason": "the engine stops"]))
        }
    }

    // MARK: Facts

    private func facts(_ job: AfterCallJob, _ fault: AfterCallFault, _ more: Logger.Metadata = [:]) -> Logger.Metadata {
        var facts = facts(job, more)
        facts["error.code"] = "\(fault.code.rawValue)"
        if let provider = fault.provider { facts["error.provider"] = "\(provider)" }
        return facts
    }

    private func facts(_ job: AfterCallJob, _ more: Logger.Metadata = [:]) -> Logger.Metadata {
        let facts: Logger.Metadata = [
            "job.kind": "\(job.kind.rawValue)", "call.tenant": "\(job.tenant)", "call.provider": "\(job.call.provider)",
            "call.provider_id": "\(job.call.id)",
        ]
        return facts.merging(more) { _, new in new }
    }
}

extension AfterCallJob {
    var knownTranscript: CallTranscript? {
        if case .transcribed(let transcript) = progress { transcript } else { fallback }
    }
}
