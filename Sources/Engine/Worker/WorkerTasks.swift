/// Runs what a task does between its actors on the worker of those actors.
///
/// A stream that an actor reads is nobody's actor: without this each element costs two changes of thread, to the shared pool
/// and back, even one that lies ready. Nothing such a task does may block or compute for long; what does belongs to an actor or
/// a thread of its own.
public final class WorkerTasks: TaskExecutor {
    private let worker: ClockWorker

    public init(_ worker: ClockWorker) { self.worker = worker }

    public func enqueue(_ job: consuming ExecutorJob) { worker.enqueue(job, of: self) }
}
