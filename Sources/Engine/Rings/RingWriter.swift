// SAFETY: exactly one `RingWriter` exists per ring (it is ~Copyable and made only by `RingEnds`). Slot `i` is written only
// while `head <= i < head + capacity`, which the reader's release of `head` allowed; `tail` is published with release after
// the slot is written. `tail` is a copy of the published position, `knownHead` an older value of the reader's: the reader
// only ever moves forward, so what the older value allows, the newer one does too.

import Synchronization

/// The end of a ring that writes. A full ring refuses and counts; it never waits and never overwrites.
///
/// It keeps its own position and the last one it saw of the reader, so that a push into a ring that is not full touches
/// the slot and one line of positions; the reader's line is read only when the ring looks full.
public struct RingWriter<Element: BitwiseCopyable>: ~Copyable, Sendable {
    @usableFromInline let view: RingView<Element>
    @usableFromInline let overflow: EventCounter
    @usableFromInline var tail = 0
    @usableFromInline var knownHead = 0

    @usableFromInline init(view: RingView<Element>, overflow: EventCounter) {
        self.view = view
        self.overflow = overflow
    }

    /// Elements that fit now.
    @inlinable public var space: Int {
        unsafe view.mask + 1 - (tail &- view.head.pointee.load(ordering: .acquiring))
    }

    /// Appends one element.
    /// - Returns: false when the ring is full; the refusal is counted.
    @inlinable @inline(__always) @discardableResult public mutating func push(_ element: Element) -> Bool {
        guard hasSpace() else { return false }
        unsafe view.slot(tail).pointee = element
        publish()
        return true
    }

    /// Appends one element made in its slot: for elements too large to be copied for nothing.
    /// - Parameter fill: gets the slot as an earlier element (or the initial one) left it, and sets every field that
    ///   counts; it is not called when the ring is full.
    /// - Returns: false when the ring is full; the refusal is counted.
    @inlinable @inline(__always) @discardableResult public mutating func push(filling fill: (inout Element) -> Void)
        -> Bool
    {
        guard hasSpace() else { return false }
        unsafe fill(&view.slot(tail).pointee)
        publish()
        return true
    }

    /// Asks for the memory of the slot that is filled next.
    func prefetch() { unsafe Prefetch.slot(view.slot(tail)) }

    @inlinable @inline(__always) mutating func hasSpace() -> Bool {
        if tail &- knownHead <= view.mask { return true }
        knownHead = unsafe view.head.pointee.load(ordering: .acquiring)
        if tail &- knownHead <= view.mask { return true }
        overflow.increment()
        return false
    }

    @inlinable @inline(__always) mutating func publish() {
        tail &+= 1
        unsafe view.tail.pointee.store(tail, ordering: .releasing)
    }
}
