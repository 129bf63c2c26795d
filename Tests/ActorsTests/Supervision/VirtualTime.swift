import Actors
import Engine

/// Time that stands still while anything is left to do, and then jumps to the next thing that waits: tasks run one after
/// another on the thread that calls `run`, so that every run of a test is the same.
final class VirtualTime: SupervisionTime, TaskExecutor {
    private struct Sleeper {
        var due: MediaInstant
        var number: Int
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        // Far from zero, as a monotonic clock is.
        var now = MediaInstant(milliseconds: 1_000_000)
        var jobs: [UnownedJob] = []
        var sleepers: [Sleeper] = []
        var numbers = 0
        var tasks = 0
    }

    private let state = Locked(State())

    var now: MediaInstant { state.withLock { $0.now } }
    /// Tasks of supervision that have not ended.
    var liveTasks: Int { state.withLock { $0.tasks } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    func task(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        state.withLock { $0.tasks += 1 }
        return Task(executorPreference: self) {
            await body()
            self.state.withLock { $0.tasks -= 1 }
        }
    }

    func sleep(until instant: MediaInstant) async throws {
        let number = state.withLock { state in
            state.numbers += 1
            return state.numbers
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOver = state.withLock { state in
                    // A cancellation that came first left its mark in the task.
                    if Task.isCancelled { return true }
                    state.sleepers.append(Sleeper(due: instant, number: number, continuation: continuation))
                    return false
                }
                if isOver { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.sleepers.firstIndex { $0.number == number }.map { state.sleepers.remove(at: $0) }
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    func sleep(_ duration: Duration) async throws { try await sleep(until: now.advanced(by: duration)) }

    /// Runs `body`, and everything else, until nothing is left to do and nobody waits.
    func run(_ body: @escaping @Sendable () async -> Void) {
        _ = task(body)
        while true {
            let jobs = state.withLock { state in
                defer { state.jobs = [] }
                return state.jobs
            }
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
            if !jobs.isEmpty { continue }
            let sleeper = state.withLock { state -> Sleeper? in
                let next = state.sleepers.indices.min {
                    (state.sleepers[$0].due, state.sleepers[$0].number)
                        < (state.sleepers[$1].due, state.sleepers[$1].number)
                }
                guard let next else { return nil }
                let sleeper = state.sleepers.remove(at: next)
                state.now = max(state.now, sleeper.due)
                return sleeper
            }
            guard let sleeper else { return }
            sleeper.continuation.resume()
        }
    }
}
