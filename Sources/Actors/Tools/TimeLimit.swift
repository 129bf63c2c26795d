import Engine

/// Runs work for a limited time. Unlike a task group, it does not wait for work that ignores its cancellation: whatever such
/// work brings later is dropped.
enum TimeLimit {
    struct Exceeded: Error {}

    /// - Throws: `Exceeded`, `CancellationError` when the caller's task was cancelled, or what the work threw.
    static func run<Value: Sendable>(
        _ limit: Duration,
        clock: any Clock<Duration>,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let race = Race<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                race.begin(continuation)
                race.add(
                    Task {
                        do { race.end(.success(try await work())) } catch { race.end(.failure(error)) }
                    }
                )
                race.add(
                    Task {
                        // A cancelled wait is no limit that was reached.
                        guard (try? await clock.sleep(for: limit)) != nil else { return }
                        race.end(.failure(Exceeded()))
                    }
                )
            }
        } onCancel: {
            race.end(.failure(CancellationError()))
        }
    }

    /// The first end counts; the others' tasks are cancelled.
    private final class Race<Value: Sendable>: Sendable {
        private struct State {
            var continuation: CheckedContinuation<Value, any Error>?
            var result: Result<Value, any Error>?
            var tasks: [Task<Void, Never>] = []
        }

        private let state = Locked(State())

        func begin(_ continuation: CheckedContinuation<Value, any Error>) {
            let early = state.withLock { state in
                if state.result == nil { state.continuation = continuation }
                return state.result
            }
            if let early { continuation.resume(with: early) }
        }

        func add(_ task: Task<Void, Never>) {
            let isOver = state.withLock { state in
                if state.result == nil { state.tasks.append(task) }
                return state.result != nil
            }
            if isOver { task.cancel() }
        }

        func end(_ result: Result<Value, any Error>) {
            let (continuation, tasks) = state.withLock { state in
                guard state.result == nil else {
                    return (nil, []) as (CheckedContinuation<Value, any Error>?, [Task<Void, Never>])
                }
                state.result = result
                defer {
                    state.continuation = nil
                    state.tasks = []
                }
                return (state.continuation, state.tasks)
            }
            for task in tasks { task.cancel() }
            continuation?.resume(with: result)
        }
    }
}
