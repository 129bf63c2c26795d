import CPlatform
import Foundation
import Synchronization

/// A thread on the engine's processor, before everything else there, that notes when it was not let run (`StandstillWatch`) and
/// how fast the processor is (`ProcessorPace`).
///
/// It wakes 500 times a second and does 10 us of work in every fifth time: half a percent of the processor.
///
/// SAFETY of `@unchecked Sendable`: `word` is a futex owned from init to deinit, and the thread holds a reference while it
/// runs; everything else is immutable or under a lock.
package final class ProcessorWitness: @unchecked Sendable {
    private static let period: Int64 = 2_000_000
    /// A run of a day on a machine that stands still once a second.
    private static let most = 100_000
    private static let wakesPerSample = 5

    /// What was seen since the start.
    package struct Sightings: Sendable {
        package var standstills: [TimeSpan] = []
        package var pace = ProcessorPace()

        package init() {}
    }

    private let processor: Int
    private let engine: Int
    private let word = UnsafeMutablePointer<Atomic<UInt32>>.allocate(capacity: 1)
    private let seen = Mutex(Sightings())
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
    package func stop() -> Sightings {
        word.pointee.store(1, ordering: .sequentiallyConsistent)
        parley_futex_wake(word)
        return seen.withLock { $0 }
    }

    fileprivate func run() {
        failure.store(parley_thread_witness(Int32(processor)), ordering: .releasing)
        started.signal()
        guard failure.load(ordering: .relaxed) == 0 else { return }
        var watch = StandstillWatch()
        var wakes = 0
        while word.pointee.load(ordering: .sequentiallyConsistent) == 0 {
            let due = parley_monotonic_ns() + Self.period
            _ = parley_futex_wait(word, 0, due)
            let cpu = parley_process_cpu_ns(Int32(engine))
            let standstill = watch.woke(due: due, now: parley_monotonic_ns(), cpu: cpu)
            wakes += 1
            let took = wakes % Self.wakesPerSample == 0 ? parley_pace_ns() : nil
            guard standstill != nil || took != nil else { continue }
            seen.withLock { seen in
                if let standstill, seen.standstills.count < Self.most { seen.standstills.append(standstill) }
                if let took { seen.pace.add(took, now: parley_monotonic_ns()) }
            }
        }
    }
}

/// The thread's entry: a global function, because a closure would inherit its file's isolation.
private func witnessThread(_ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<ProcessorWitness>.fromOpaque(context).takeRetainedValue().run()
}
