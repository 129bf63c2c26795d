/// The two ends of a new ring. A tuple cannot hold `~Copyable` values, so each end is taken out once.
public struct RingEnds<Element: BitwiseCopyable>: ~Copyable {
    private var writer: RingWriter<Element>?
    private var reader: RingReader<Element>?

    /// - Parameters:
    ///   - capacity: a power of two.
    ///   - initial: fills the slots; seen only by the first round of `push(filling:)`.
    ///   - overflow: counts what a full ring refused.
    public init(capacity: Int, initial: Element, overflow: EventCounter = EventCounter()) {
        let view = RingView(capacity: capacity, initial: initial)
        writer = RingWriter(view: view, overflow: overflow)
        reader = RingReader(view: view)
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
