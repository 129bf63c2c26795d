/// The last 50 ms that were given out: three pitch periods of 15 ms and the quarter before them, as in G.711 Appendix I.
struct SampleHistory: BitwiseCopyable, Sendable {
    static let count = 400

    /// A ring; `end` counts on and is masked on access.
    private var ring = [512 of Int16](repeating: 0)
    private var end = 0

    /// Appends `count` samples of a frame, from `start` on.
    mutating func append(_ samples: Span<Int16>, from start: Int = 0, count: Int = Frame.samples) {
        // Straight runs instead of a mask on each sample: they are block copies.
        let position = end & 511
        let first = min(count, 512 - position)
        var kept = ring.mutableSpan
        kept.copy(samples.extracting(start..<start &+ first), to: position)
        if first < count { kept.copy(samples.extracting(start &+ first..<start &+ count), to: 0) }
        end &+= count
    }

    /// The sample `back` before the end; 1 is the newest, at most `count`.
    subscript(back back: Int) -> Int16 { ring[(end &- back) & 511] }
}
