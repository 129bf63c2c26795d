// SAFETY: `mutex` is owned from init to deinit and never leaves this class; `shelves` is touched only between lock and
// unlock. A `pthread_mutex_t` must not move, hence the allocation.

import Glibc

/// Keeps resamplers that calls have finished with, so that a new call does not build its filters again.
///
/// Thread-safe. Taking and giving back hold a lock: at a call's start and end, never on the 20 ms path.
///
/// Why not `Synchronization.Mutex`: its contended path on Linux runs where the thread sanitizer cannot see it, and every
/// honest use is reported as a race. A pthread mutex is seen.
@safe public final class ResamplerPool: @unchecked Sendable {  // by the note above
    public struct Statistics: Equatable, Sendable {
        public var built = 0
        public var reused = 0
        /// Given back when the shelf was full, and destroyed.
        public var discarded = 0

        public init(built: Int = 0, reused: Int = 0, discarded: Int = 0) {
            self.built = built
            self.reused = reused
            self.discarded = discarded
        }
    }

    private struct Kind: Hashable {
        let from: Int
        let to: Int
        let quality: Int
    }

    /// An array cannot hold what cannot be copied.
    private final class Slot {
        private var resampler: Resampler?
        init(_ resampler: consuming Resampler) { self.resampler = consume resampler }
        func take() -> Resampler? { resampler.take() }
    }

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let capacityPerKind: Int
    private var shelves: [Kind: [Slot]] = [:]
    private var counts = Statistics()

    /// - Parameter capacityPerKind: resamplers kept for each pair of rates and quality; one takes about 2 KiB.
    public init(capacityPerKind: Int = 512) {
        self.capacityPerKind = capacityPerKind
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        let failure = unsafe pthread_mutex_init(mutex, nil)
        precondition(failure == 0, "the system refused a mutex: errno \(failure)")
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    public var statistics: Statistics { locked { counts } }

    /// A resampler without a past.
    ///
    /// - Throws: `ResamplerError` for a rate or quality that does not exist.
    public func take(from: Int, to: Int, quality: Int = 3) throws(ResamplerError) -> Resampler {
        let slot = locked {
            let slot = shelves[Kind(from: from, to: to, quality: quality)]?.popLast()
            if slot == nil { counts.built += 1 } else { counts.reused += 1 }
            return slot
        }
        if var kept = slot?.take() {
            kept.reset()
            return kept
        }
        return try Resampler(from: from, to: to, quality: quality)
    }

    /// Gives a resampler back; what it still holds is forgotten when it is taken again.
    public func give(_ resampler: consuming Resampler) {
        // One that leaves out its leading delay is another kind of thing: not kept.
        guard !resampler.skipsLeadingDelay else { return }
        let kind = Kind(from: resampler.inputRate, to: resampler.outputRate, quality: resampler.quality)
        let slot = Slot(resampler)
        locked {
            if shelves[kind, default: []].count < capacityPerKind {
                shelves[kind, default: []].append(slot)
            } else {
                counts.discarded += 1
            }
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }
}
