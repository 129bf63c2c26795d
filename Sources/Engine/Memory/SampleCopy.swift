// SAFETY: both buffers are the spans' own and do not leave the closures; the room was checked before anything is written.

extension MutableSpan where Element: BitwiseCopyable {
    /// Copies all of `samples` to `place` and on, as one block: in a loop every sample would be checked against both ends.
    @inline(__always)
    mutating func copy(_ samples: Span<Element>, to place: Int) {
        precondition(
            place >= 0 && place <= count && samples.count <= count &- place,
            "a block is copied to where it fits"
        )
        let copied = samples.count
        unsafe samples.withUnsafeBufferPointer { from in
            unsafe withUnsafeMutableBufferPointer { room in
                guard let from = from.baseAddress, let to = room.baseAddress else { return }
                unsafe (to + place).update(from: from, count: copied)
            }
        }
    }
}

extension InlineArray where Element: BitwiseCopyable {
    /// Copies all of `elements` to the start, as one block.
    @inline(__always)
    mutating func copy(_ elements: Span<Element>) {
        var room = mutableSpan
        room.copy(elements, to: 0)
    }
}
