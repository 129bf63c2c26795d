import Synchronization

/// The workers of one kind. A call stays with the worker it was placed on.
public final class WorkerGroup: Sendable {
    public let workers: [ClockWorker]
    public let meters: WorkerMeters

    /// - Parameter configure: the configuration of worker `index`.
    public init(count: Int, meters: WorkerMeters = WorkerMeters(), configure: (Int) -> WorkerConfiguration) {
        precondition(count > 0, "a group has at least one worker")
        self.meters = meters
        workers = (0..<count).map { ClockWorker(configure($0), meters: meters) }
    }

    public func start() { for worker in workers { worker.start() } }
    public func stop() { for worker in workers { worker.stop() } }

    /// The worker with the fewest targets.
    public func place() -> ClockWorker {
        workers.min { $0.load < $1.load } ?? workers[0]
    }
}
