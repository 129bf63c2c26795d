/// The far end's last 680 ms, to be read late by any multiple of 5 ms.
struct FarDelayLine: ~Copyable, Sendable {
    /// Samples of 5 ms: the grid of delays.
    static let step = 40
    /// The longest delay in steps.
    static let longest = Self.capacity / Self.step - Frame.samples / Self.step
    private static let capacity = 5440

    private var storage = InlineArray<5440, Int16>(repeating: 0)
    private var end = 0

    /// Asks for the memory of the next exchange.
    mutating func prefetch(delay: Int) {
        Prefetch.elements(of: &storage, from: end, count: Frame.samples)
        var read = end &- delay &* Self.step
        if read < 0 { read &+= Self.capacity }
        Prefetch.elements(of: &storage, from: read, count: min(Frame.samples, Self.capacity &- read))
    }

    /// Appends `frame` and reads the frame that ended `delay` steps earlier.
    mutating func exchange(_ newest: Span<Int16>, delay: Int, into late: inout FrameSamples) {
        precondition(0...Self.longest ~= delay, "the delay line holds 680 ms")
        precondition(newest.count == Frame.samples, "the delay line takes whole frames")
        // 160 divides the capacity, so a frame is never split.
        var samples = storage.mutableSpan
        samples.copy(newest, to: end)
        var read = end &- delay &* Self.step
        if read < 0 { read &+= Self.capacity }
        let first = min(Frame.samples, Self.capacity &- read)
        let kept = storage.span
        var late = late.mutableSpan
        late.copy(kept.extracting(read..<read &+ first), to: 0)
        if first < Frame.samples { late.copy(kept.extracting(0..<Frame.samples &- first), to: first) }
        end = end &+ Frame.samples == Self.capacity ? 0 : end &+ Frame.samples
    }
}
