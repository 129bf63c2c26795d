// SAFETY: `base` is owned from init to deinit, and every ring end that points into it holds a reference to this object, so
// no end outlives its slots. The two atomics at its start are trivial and need no deinitialisation; the slots are
// BitwiseCopyable. Who touches what, and in which memory order, is told in RingWriter.swift and RingReader.swift.

import Synchronization

/// Where the parts of a ring lie, counted in bytes from its first one.
///
/// The two positions lie 128 bytes apart and from the slots, on a block aligned to 128: each is written by one thread and
/// read by the other, processors fetch lines of 64 bytes in pairs, and no other datum shares those pairs.
public enum RingLayout {
    public static let alignment = 128
    public static let tail = 0
    public static let head = 128
    public static let slots = 256

    /// Bytes of a ring: its positions, then exactly `capacity` strides.
    @inlinable public static func bytes<Element: BitwiseCopyable>(of _: Element.Type, capacity: Int) -> Int {
        slots + capacity * MemoryLayout<Element>.stride
    }
}

/// The one allocation behind a ring, freed with the last of its two ends.
@safe @usableFromInline final class RingMemory: @unchecked Sendable {  // only a lifetime: the ends follow the protocol
    @usableFromInline let base: UnsafeMutableRawPointer

    @usableFromInline init(bytes: Int) {
        unsafe base = .allocate(byteCount: bytes, alignment: RingLayout.alignment)
        unsafe (base + RingLayout.tail).initializeMemory(as: Int.self, repeating: 0, count: 1)
        unsafe (base + RingLayout.head).initializeMemory(as: Int.self, repeating: 0, count: 1)
    }

    deinit { unsafe base.deallocate() }
}

/// What both ends of a ring know.
@safe @usableFromInline struct RingView<Element: BitwiseCopyable>: @unchecked Sendable {  // see RingMemory
    @usableFromInline let memory: RingMemory
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline let mask: Int

    @inlinable init(capacity: Int, initial: Element) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a ring's capacity is a power of two")
        precondition(
            MemoryLayout<Element>.alignment <= RingLayout.alignment,
            "a slot's alignment is at most the block's"
        )
        memory = RingMemory(bytes: RingLayout.bytes(of: Element.self, capacity: capacity))
        unsafe base = memory.base
        mask = capacity - 1
        unsafe (base + RingLayout.slots).initializeMemory(as: Element.self, repeating: initial, count: capacity)
    }

    @inlinable @inline(__always) var tail: UnsafeMutablePointer<Atomic<Int>> {
        unsafe (base + RingLayout.tail).assumingMemoryBound(to: Atomic<Int>.self)
    }
    @inlinable @inline(__always) var head: UnsafeMutablePointer<Atomic<Int>> {
        unsafe (base + RingLayout.head).assumingMemoryBound(to: Atomic<Int>.self)
    }
    @inlinable @inline(__always) func slot(_ position: Int) -> UnsafeMutablePointer<Element> {
        unsafe (base + RingLayout.slots).assumingMemoryBound(to: Element.self) + (position & mask)
    }
}
