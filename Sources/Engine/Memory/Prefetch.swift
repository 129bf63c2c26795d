// SAFETY: a prefetch reads nothing and cannot fault; the addresses are those of values that are alive, or of slots of a ring
// that its end keeps alive.

import CPlatform

/// Asks for memory ahead of its use.
///
/// With hundreds of calls on a core, what a call left in the caches 20 ms ago is gone. Lines that are asked for together
/// arrive together, those that a frame comes upon one by one are waited for one by one: two fifths of the engine's own time at
/// 64 calls, before it asked.
enum Prefetch {
    /// - Parameter value: where it lies in memory, it is left alone.
    @inline(__always)
    static func lines<Value: ~Copyable>(of value: inout Value) {
        unsafe withUnsafeMutablePointer(to: &value) { unsafe parley_prefetch($0, Int64(MemoryLayout<Value>.size)) }
    }

    /// The part of an array in place from one index on.
    @inline(__always)
    static func elements<let count: Int, Element: BitwiseCopyable>(
        of array: inout InlineArray<count, Element>,
        from first: Int,
        count wanted: Int
    ) {
        unsafe withUnsafeMutablePointer(to: &array) {
            let stride = MemoryLayout<Element>.stride
            unsafe parley_prefetch(UnsafeRawPointer($0) + first &* stride, Int64(wanted &* stride))
        }
    }

    @inline(__always)
    static func lines(at start: UnsafeRawPointer, count: Int) { unsafe parley_prefetch(start, Int64(count)) }

    @inline(__always)
    static func slot<Element>(_ slot: UnsafeMutablePointer<Element>) {
        unsafe parley_prefetch(slot, Int64(MemoryLayout<Element>.stride))
    }
}
