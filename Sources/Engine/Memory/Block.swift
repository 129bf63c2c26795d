// SAFETY: `base` is allocated in init, deallocated once in deinit (the struct is not copyable), and every access is checked
// against `count`. Elements are BitwiseCopyable: nothing is left to deinitialise.

/// A fixed number of elements in a block of their own: for the large arrays of a call's state.
///
/// An array stored in place is copied whole wherever the compiler passes the struct around it as a borrowed value: 20 kB for
/// one frame of the far end, measured as a tenth of a call's work. A block is one pointer, whoever borrows it.
@safe public struct Block<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // Sendable, because it has one owner and its elements are.
    private let base: UnsafeMutablePointer<Element>
    public let count: Int

    public init(repeating element: Element, count: Int) {
        precondition(count > 0, "a block holds at least one element")
        unsafe base = .allocate(capacity: count)
        unsafe base.initialize(repeating: element, count: count)
        self.count = count
    }

    deinit { unsafe base.deallocate() }

    public subscript(index: Int) -> Element {
        unsafeAddress {
            precondition(index >= 0 && index < count, "a block is read inside its bounds")
            return unsafe UnsafePointer(base + index)
        }
        unsafeMutableAddress {
            precondition(index >= 0 && index < count, "a block is written inside its bounds")
            return unsafe base + index
        }
    }
}
