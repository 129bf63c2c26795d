// SAFETY: `mutex` and `value` are owned from init to deinit and never leave this type; `value` is touched only between
// lock and unlock. A `pthread_mutex_t` must not move, hence the allocation.

import Glibc

/// A value behind a mutex, for what is not on the 20 ms path.
///
/// Why not `Synchronization.Mutex`: on Linux its contended path runs inside the standard library, where the thread sanitizer
/// cannot see it, so every honest use is reported as a race. A pthread mutex is seen, and the sanitizer's word counts.
@safe public struct Locked<Value: ~Copyable>: ~Copyable, @unchecked Sendable {  // by the note above
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    public init(_ initial: consuming sending Value) {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        let failure = unsafe pthread_mutex_init(mutex, nil)
        precondition(failure == 0, "the system refused a mutex: errno \(failure)")
        unsafe value = .allocate(capacity: 1)
        unsafe value.initialize(to: initial)
    }

    deinit {
        unsafe value.deinitialize(count: 1)
        unsafe value.deallocate()
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    public borrowing func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try unsafe body(&value.pointee)
    }
}
