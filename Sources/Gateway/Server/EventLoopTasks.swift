import NIOCore

/// Runs a connection's tasks on the event loop that serves the connection.
///
/// A request is then answered without a hop to another thread and back: each hop costs two wake-ups, which on a busy core is
/// more than the routes' own work. Nothing a route does may therefore block or compute for long; what does belongs to an actor
/// with an executor of its own or to a job.
final class EventLoopTasks: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
