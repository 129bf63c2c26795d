import Foundation

/// Work for `SynthesisThreads`.
package protocol SynthesisJob: AnyObject, Sendable {
    /// Nobody waits for it any more; it may be dropped unrun.
    var isCancelled: Bool { get }
    func run()
}

/// A few threads of their own for CPU-bound synthesis, in front of them a bounded queue, first in first out.
///
/// Neither the Swift cooperative pool nor a media thread may be held for the tens of milliseconds that a sentence takes.
/// The threads end when the pool is released and the queue is empty.
package final class SynthesisThreads: Sendable {
    private let queue: Queue

    /// - Parameters:
    ///   - count: threads; at least 1.
    ///   - queueLimit: jobs that may wait; at least 1.
    package init(name: String, count: Int, queueLimit: Int) {
        queue = Queue(limit: max(1, queueLimit))
        for index in 0..<max(1, count) {
            // The thread owns the queue, not the pool, so releasing the pool can end it.
            let thread = Thread { [queue] in
                while let job = queue.next() {
                    if !job.isCancelled { job.run() }
                }
            }
            thread.name = "\(name)-\(index)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    deinit { queue.close() }

    /// - Returns: false if the queue is full; the job will not run.
    package func submit(_ job: any SynthesisJob) -> Bool { queue.append(job) }

    /// Jobs that wait for a thread.
    package var waiting: Int { queue.count }

    // Unchecked, because the compiler cannot see that `condition` guards every access to the jobs.
    private final class Queue: @unchecked Sendable {
        private let condition = NSCondition()
        private let limit: Int
        private var jobs: [any SynthesisJob] = []
        private var isClosed = false

        init(limit: Int) { self.limit = limit }

        var count: Int { condition.withLock { jobs.count } }

        func append(_ job: any SynthesisJob) -> Bool {
            condition.withLock {
                if jobs.count >= limit { jobs.removeAll { $0.isCancelled } }
                guard jobs.count < limit, !isClosed else { return false }
                jobs.append(job)
                condition.signal()
                return true
            }
        }

        /// Waits for a job; `nil` once closed and empty.
        func next() -> (any SynthesisJob)? {
            condition.withLock {
                while jobs.isEmpty, !isClosed { condition.wait() }
                return jobs.isEmpty ? nil : jobs.removeFirst()
            }
        }

        func close() {
            condition.withLock {
                isClosed = true
                condition.broadcast()
            }
        }
    }
}
