import CPlatform
import Foundation
import Synchronization

/// A thread on the engine's processor, before everything else there, that notes when it was not let run (`StandstillWatch`).
///
/// It wakes 500 times a second and does nothing else: less than half a percent of the processor.
///
/// SAFETY of `@unchecked Sendable`: `word` is a futex owned from init to deinit, and the thread holds a reference while it
/// runs; everything else is immutable or under a lock.
package final class ProcessorWitness: @unchecked Sendable {
    private static let period: Int64 = 2_000_000
    /// A run of a day on a machine that stands still once a second.
    private static let most = 100_000

    private let processor: Int
    private let engine: Int
    private let word = UnsafeMutablePointer<Atomic<UInt32>>.allocate(capacity: 1)
    private let found = Mutex<[Standstill]>([])
    private let started = DispatchSemaphore(value: 0)
    private let failure = Atomic<Int32>(0)

    /// - Parameters:
    ///   - processor: the machine's own number of the engine's processor.
    ///   - engine: the engine's process.
    package init(processor: Int, engine: Int) {
        self.processor = processor
        self.engine = engine
        word.initialize(to: Atomic(0))
    }

    deinit {
        word.deinitialize(count: 1)
        word.deallocate()
    }

    /// - Returns: why the processor cannot be watched, as an `errno` value; nil when it is watched now.
    package func start() -> Int32? {
        let context = Unmanaged.passRetained(self)
        let refused = parley_thread_start("witness", witnessThread, context.toOpaque())
        guard refused == 0 else {
            context.release()
            return refused
        }
        started.wait()
        let failure = failure.load(ordering: .acquiring)
        return failure == 0 ? nil : failure
    }

    /// Ends the thread.
    /// - Returns: the standstills since the start.
    package func stop() -> [Standstill] {
        word.pointee.store(1, ordering: .sequentiallyConsistent)
        parley_futex_wake(word)
        return found.withLock { $0 }
    }

    fileprivate func run() {
        failure.store(parley_thread_witness(Int32(processor)), ordering: .releasing)
        started.signal()
        guard failure.load(ordering: .relaxed) == 0 else { return }
        var watch = StandstillWatch()
        while word.pointee.load(ordering: .sequentiallyConsistent) == 0 {
            let due = parley_monotonic_ns() + Self.period
            _ = parley_futex_wait(word, 0, due)
            let cpu = parley_process_cpu_ns(Int32(engine))
            guard let standstill = watch.woke(due: due, now: parley_monotonic_ns(), cpu: cpu) else { continue }
            found.withLock { if $0.count < Self.most { $0.append(standstill) } }
        }
    }
}

/// The thread's entry: a global function, because a closure would inherit its file's isolation.
private func witnessThread(_ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<ProcessorWitness>.fromOpaque(context).takeRetainedValue().run()
}
