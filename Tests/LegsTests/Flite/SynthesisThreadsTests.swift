import Foundation
import Legs
import Synchronization
import Testing

private final class Job: SynthesisJob {
    let cancelled = Atomic<Bool>(false)
    let runs = Atomic<Int>(0)
    let started = DispatchSemaphore(value: 0)
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void = {}) { self.body = body }

    var isCancelled: Bool { cancelled.load(ordering: .sequentiallyConsistent) }

    func run() {
        started.signal()
        body()
        runs.add(1, ordering: .sequentiallyConsistent)
    }
}

@Suite("Synthesis threads", .timeLimit(.minutes(5)))
struct SynthesisThreadsTests {
    /// Holds the pool's only thread until the returned semaphore is signalled.
    private func occupy(_ threads: SynthesisThreads) -> DispatchSemaphore {
        let gate = DispatchSemaphore(value: 0)
        let job = Job { gate.wait() }
        #expect(threads.submit(job))
        job.started.wait()
        return gate
    }

    @Test func jobsRunInOrderAndNeverMoreAtOnceThanThreads() {
        let threads = SynthesisThreads(name: "test", count: 1, queueLimit: 100)
        let order = Mutex<[Int]>([])
        let done = DispatchSemaphore(value: 0)
        for index in 0..<50 {
            #expect(
                threads.submit(
                    Job {
                        order.withLock { $0.append(index) }
                        done.signal()
                    }
                )
            )
        }
        for _ in 0..<50 { done.wait() }
        #expect(order.withLock { $0 } == Array(0..<50))
    }

    @Test func aFullQueueRefusesUntilThereIsRoom() {
        let threads = SynthesisThreads(name: "test", count: 1, queueLimit: 2)
        let gate = occupy(threads)
        let (first, second, third) = (Job(), Job(), Job())
        #expect(threads.submit(first) && threads.submit(second))
        #expect(!threads.submit(third))
        #expect(threads.waiting == 2)
        gate.signal()
        second.started.wait()
        #expect(threads.submit(third))
        third.started.wait()
        #expect(first.runs.load(ordering: .sequentiallyConsistent) == 1)
    }

    @Test func cancelledJobsAreNotRunAndMakeRoom() {
        let threads = SynthesisThreads(name: "test", count: 1, queueLimit: 1)
        let gate = occupy(threads)
        let (gone, next) = (Job(), Job())
        #expect(threads.submit(gone))
        gone.cancelled.store(true, ordering: .sequentiallyConsistent)
        #expect(threads.submit(next))
        gate.signal()
        next.started.wait()
        #expect(gone.runs.load(ordering: .sequentiallyConsistent) == 0)
    }

    @Test func releasingThePoolStillRunsWhatWaits() {
        var threads: SynthesisThreads? = SynthesisThreads(name: "test", count: 1, queueLimit: 2)
        let gate = occupy(threads!)
        let last = Job()
        #expect(threads!.submit(last))
        threads = nil
        gate.signal()
        last.started.wait()
    }
}
