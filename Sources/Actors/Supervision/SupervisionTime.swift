import Engine

/// The time supervision goes by, and where its tasks run: the engine's, or a test's own.
public protocol SupervisionTime: Sendable {
    /// On one time line for all calls: providers are shared by them.
    var now: MediaInstant { get }
    /// - Throws: `CancellationError`.
    func sleep(until instant: MediaInstant) async throws
    /// Starts every task of supervision.
    func task(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never>
}

/// The process's monotonic clock and the shared thread pool.
public struct MonotonicSupervisionTime: SupervisionTime {
    /// Tasks of supervision under way in this process.
    public static let tasks = AliveCount()

    public init() {}

    public var now: MediaInstant { MediaInstant(nanoseconds: MonotonicTime.nanoseconds) }

    public func sleep(until instant: MediaInstant) async throws {
        try await Task.sleep(for: now.duration(to: instant))
    }

    public func task(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        let life = Self.tasks.life()
        return Task {
            await body()
            withExtendedLifetime(life) {}
        }
    }
}

/// Numbers from 0 up to, not including, 1: the chance in what supervision does.
public typealias UnitRandom = @Sendable () -> Double

/// Wakes whoever set it, once the instant that was set last has come. One task, however often the instant moves back.
final class Alarm: Sendable {
    private struct State {
        var due: MediaInstant?
        /// Of the task that sleeps now.
        var wakes: MediaInstant?
        var task: Task<Void, Never>?
    }

    private let time: any SupervisionTime
    private let ring: @Sendable () -> Void
    private let state = Locked(State())

    init(_ time: any SupervisionTime, ring: @escaping @Sendable () -> Void) {
        self.time = time
        self.ring = ring
    }

    deinit { state.withLock { $0.task?.cancel() } }

    /// - Parameter instant: nil: nothing is waited for.
    func set(_ instant: MediaInstant?) {
        state.withLock { state in
            state.due = instant
            guard let instant else { return }
            // The task that sleeps already looks again when it wakes.
            if let wakes = state.wakes, wakes <= instant { return }
            state.task?.cancel()
            state.wakes = instant
            state.task = sleeper(until: instant)
        }
    }

    func cancel() {
        state.withLock { state in
            state.task?.cancel()
            state = State()
        }
    }

    private func sleeper(until instant: MediaInstant) -> Task<Void, Never> {
        time.task { [weak self, time] in
            var next: MediaInstant? = instant
            while let wanted = next {
                do { try await time.sleep(until: wanted) } catch { return }
                guard let self, !Task.isCancelled else { return }
                next = woke(now: time.now)
            }
        }
    }

    /// - Returns: when to wake again; nil: this task is done.
    private func woke(now: MediaInstant) -> MediaInstant? {
        let (isDue, next) = state.withLock { state -> (Bool, MediaInstant?) in
            guard !Task.isCancelled else { return (false, nil) }
            if let due = state.due, due > now {
                state.wakes = due
                return (false, due)
            }
            let isDue = state.due != nil
            state = State()
            return (isDue, nil)
        }
        if isDue { ring() }
        return next
    }
}
