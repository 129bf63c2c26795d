import CPlatform

/// The workers of one kind. A call stays with the worker it was placed on for its whole life: its executor is that worker,
/// and nothing is stolen or moved.
public final class WorkerGroup: Sendable {
    public let workers: [ClockWorker]
    public let meters: WorkerMeters
    /// Choosing and promising are one step, so that calls that arrive at once see each other.
    private let placing = Locked(())

    /// What a call costs before anything is measured: one core's ceiling was measured at 370 to 490 calls of the full chain.
    private static let assumedShare = 1.0 / 400
    /// Differences of load below this are noise of the machine; the number of targets decides then.
    private static let grain = 1.0 / 400

    /// - Parameter configure: the configuration of worker `index`.
    public init(count: Int, meters: WorkerMeters = WorkerMeters(), configure: (Int) -> WorkerConfiguration) {
        precondition(count > 0, "a group has at least one worker")
        self.meters = meters
        workers = (0..<count).map { ClockWorker(configure($0), meters: meters) }
    }

    public func start() { for worker in workers { worker.start() } }
    public func stop() { for worker in workers { worker.stop() } }

    /// The worker with the lowest measured load, and a place on it for the target that the caller attaches next.
    ///
    /// Load is the smoothed busy share; targets placed too lately to be in it are added at the mean measured cost of a
    /// target, so a hundred calls that arrive within a second spread evenly.
    public func place() -> ClockWorker {
        placing.withLock { _ in
            let now = parley_monotonic_ns()
            let worker = lightest(now: now).worker
            worker.reserve(now: now)
            return worker
        }
    }

    /// Even the worker that would take the next call is above its limit: admission should refuse.
    public var isOverloaded: Bool {
        let best = lightest(now: parley_monotonic_ns())
        return best.share > best.worker.configuration.overloadShare
    }

    private func lightest(now: Int64) -> (worker: ClockWorker, share: Double) {
        let estimates = workers.map { $0.estimate(now: now) }
        let share = estimates.reduce(0) { $0 + $1.share }
        let known = estimates.reduce(0) { $0 + max(0, $1.known) }
        let perTarget = known >= 1 && share > 0 ? share / known : Self.assumedShare
        let shares = estimates.map { max(0, $0.share + $0.fresh * perTarget) }
        func score(_ index: Int) -> (Double, Double) {
            ((shares[index] / Self.grain).rounded(), estimates[index].known + estimates[index].fresh)
        }
        let index = workers.indices.min { score($0) < score($1) } ?? 0
        return (workers[index], shares[index])
    }
}
