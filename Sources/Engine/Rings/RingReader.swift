// SAFETY: exactly one `RingReader` exists per ring (it is ~Copyable and made only by `RingEnds`). Slot `i` is read only
// while `head <= i < tail`, which the writer's release of `tail` allowed; `head` is released after the slot was read.
// `head` is a copy of the published position, `knownTail` an older value of the writer's: the writer only ever moves
// forward, so what the older value allows, the newer one does too.

import Synchronization

/// The end of a ring that reads.
///
/// It keeps its own position and the last one it saw of the writer: a poll of an empty ring touches one line, the reading
/// of a burst touches the writer's line once.
public struct RingReader<Element: BitwiseCopyable>: ~Copyable, Sendable {
    @usableFromInline let view: RingView<Element>
    @usableFromInline var head = 0
    @usableFromInline var knownTail = 0

    @usableFromInline init(view: RingView<Element>) { self.view = view }

    /// Elements that can be read now.
    @inlinable public var count: Int {
        unsafe view.tail.pointee.load(ordering: .acquiring) &- head
    }

    /// Takes the oldest element.
    /// - Returns: nil when the ring is empty.
    @inlinable @inline(__always) public mutating func pop() -> Element? {
        guard hasElement() else { return nil }
        let element = unsafe view.slot(head).pointee
        release()
        return element
    }

    /// Takes the oldest element into `element`, with one copy.
    /// - Returns: false when the ring is empty; `element` is then left as it is.
    @inlinable @inline(__always) public mutating func pop(into element: inout Element) -> Bool {
        guard hasElement() else { return false }
        unsafe element = view.slot(head).pointee
        release()
        return true
    }

    /// Reads the oldest element in its slot and takes it: for elements too large to be copied for nothing.
    /// - Returns: false when the ring is empty; `body` is not called then.
    @inlinable @inline(__always) @discardableResult public mutating func pop(_ body: (borrowing Element) -> Void)
        -> Bool
    {
        guard hasElement() else { return false }
        body(unsafe view.slot(head).pointee)
        release()
        return true
    }

    /// Looks at the oldest element in place and takes it if `body` says so.
    /// - Returns: false when the ring is empty or `body` returned false.
    @inlinable @inline(__always) public mutating func take(_ body: (borrowing Element) -> Bool) -> Bool {
        guard hasElement() else { return false }
        guard body(unsafe view.slot(head).pointee) else { return false }
        release()
        return true
    }

    /// Asks for the next element's memory.
    func prefetch() { unsafe Prefetch.slot(view.slot(head)) }

    @inlinable @inline(__always) mutating func hasElement() -> Bool {
        if head != knownTail { return true }
        knownTail = unsafe view.tail.pointee.load(ordering: .acquiring)
        return head != knownTail
    }

    @inlinable @inline(__always) mutating func release() {
        head &+= 1
        unsafe view.head.pointee.store(head, ordering: .releasing)
    }
}
