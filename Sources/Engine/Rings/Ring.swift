// SAFETY: the storage owns `slots` from init to deinit. Exactly one `RingWriter` and one `RingReader` exist per storage
// (both are ~Copyable and made only by `makeRing`), so slot `i` is written only between `head` and `head + capacity` by
// the writer and read only between `head` and `tail` by the reader. `tail` is published with release after the slot is
// written and loaded with acquire before it is read; `head` likewise in the other direction. Positions run free and are
// masked on access only.

import Synchronization

/// The shared part of a ring. Use `makeRing`.
@safe public final class RingStorage<Element: BitwiseCopyable>: @unchecked Sendable {  // by the protocol above
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let mask: Int
    // The two positions live on cache lines of their own: each is written by one thread and read by the other.
    @usableFromInline let pad0 = InlineArray<16, Int>(repeating: 0)
    @usableFromInline let tail = Atomic<Int>(0)
    @usableFromInline let pad1 = InlineArray<16, Int>(repeating: 0)
    @usableFromInline let head = Atomic<Int>(0)
    @usableFromInline let pad2 = InlineArray<16, Int>(repeating: 0)
    @usableFromInline let overflow: EventCounter

    @inlinable init(capacity: Int, initial: Element, overflow: EventCounter) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a ring's capacity is a power of two")
        unsafe slots = .allocate(capacity: capacity)
        unsafe slots.initialize(repeating: initial, count: capacity)
        mask = capacity - 1
        self.overflow = overflow
    }

    deinit { unsafe slots.deallocate() }
}

/// The end of a ring that writes. A full ring refuses and counts; it never waits and never overwrites.
public struct RingWriter<Element: BitwiseCopyable>: ~Copyable, Sendable {
    @usableFromInline let storage: RingStorage<Element>
    @inlinable init(storage: RingStorage<Element>) { self.storage = storage }

    /// Elements that fit now.
    @inlinable public var space: Int {
        storage.mask + 1 - (storage.tail.load(ordering: .relaxed) &- storage.head.load(ordering: .acquiring))
    }

    /// Appends one element.
    /// - Returns: false when the ring is full; the refusal is counted.
    @inlinable @discardableResult public mutating func push(_ element: Element) -> Bool {
        let tail = storage.tail.load(ordering: .relaxed)
        guard tail &- storage.head.load(ordering: .acquiring) <= storage.mask else {
            storage.overflow.increment()
            return false
        }
        unsafe storage.slots[tail & storage.mask] = element
        storage.tail.store(tail &+ 1, ordering: .releasing)
        return true
    }
}

/// The end of a ring that reads.
public struct RingReader<Element: BitwiseCopyable>: ~Copyable, Sendable {
    @usableFromInline let storage: RingStorage<Element>
    @inlinable init(storage: RingStorage<Element>) { self.storage = storage }

    /// Elements that can be read now.
    @inlinable public var count: Int {
        storage.tail.load(ordering: .acquiring) &- storage.head.load(ordering: .relaxed)
    }

    /// Takes the oldest element.
    /// - Returns: nil when the ring is empty.
    @inlinable public mutating func pop() -> Element? {
        let head = storage.head.load(ordering: .relaxed)
        guard storage.tail.load(ordering: .acquiring) != head else { return nil }
        let element = unsafe storage.slots[head & storage.mask]
        storage.head.store(head &+ 1, ordering: .releasing)
        return element
    }

    /// Looks at the oldest element in place and takes it if `body` says so.
    /// - Returns: false when the ring is empty or `body` returned false.
    @inlinable public mutating func take(_ body: (borrowing Element) -> Bool) -> Bool {
        let head = storage.head.load(ordering: .relaxed)
        guard storage.tail.load(ordering: .acquiring) != head else { return false }
        guard body(unsafe storage.slots[head & storage.mask]) else { return false }
        storage.head.store(head &+ 1, ordering: .releasing)
        return true
    }
}

/// The two ends of a new ring. A tuple cannot hold `~Copyable` values, so each end is taken out once.
public struct RingEnds<Element: BitwiseCopyable>: ~Copyable {
    private var writer: RingWriter<Element>?
    private var reader: RingReader<Element>?

    /// - Parameters:
    ///   - capacity: a power of two.
    ///   - initial: fills the slots; never read.
    ///   - overflow: counts what a full ring refused.
    public init(capacity: Int, initial: Element, overflow: EventCounter = EventCounter()) {
        let storage = RingStorage(capacity: capacity, initial: initial, overflow: overflow)
        writer = RingWriter(storage: storage)
        reader = RingReader(storage: storage)
    }

    public mutating func takeWriter() -> RingWriter<Element> {
        guard let end = writer.take() else { preconditionFailure("a ring has one writer, and it was taken already") }
        return end
    }

    public mutating func takeReader() -> RingReader<Element> {
        guard let end = reader.take() else { preconditionFailure("a ring has one reader, and it was taken already") }
        return end
    }
}
