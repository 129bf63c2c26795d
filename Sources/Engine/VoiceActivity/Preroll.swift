/// The newest 460 ms of the caller, for the recogniser: a turn is known to have begun only after its first words.
///
/// 300 ms from before the turn's onset as the turn machine dates it, and the 160 ms of the window in which it decides. Keep it
/// fed while nobody speaks; when the turn begins, hand it over and clear it.
///
/// - Cost: one copy of a frame, no allocation; 7.4 kB inline. Safe on the 20 ms path.
public struct Preroll: ~Copyable, Sendable {
    public static let capacityFrames = 23

    private var frames = Block(repeating: FrameSamples(repeating: 0), count: Preroll.capacityFrames)
    /// Where the next frame goes.
    private var next = 0
    /// Frames held, up to `capacityFrames`.
    public private(set) var count = 0

    public init() {}

    /// Adds the newest frame; the oldest leaves when the ring is full.
    /// - Shape: 20 ms.
    public mutating func append(_ frame: Span<Int16>) {
        frames[next].copy(frame)
        next = next + 1 == Self.capacityFrames ? 0 : next + 1
        count = min(count + 1, Self.capacityFrames)
    }

    /// Hands over the newest frames, the oldest of them first, and forgets everything.
    ///
    /// - Parameter limit: frames wanted at most.
    public mutating func drain(newest limit: Int = Preroll.capacityFrames, _ take: (FrameSamples) -> Void) {
        let wanted = max(0, min(limit, count))
        for age in stride(from: wanted, to: 0, by: -1) {
            take(frames[(next - age + Self.capacityFrames) % Self.capacityFrames])
        }
        clear()
    }

    /// The frame held at `index`, 0 being the oldest.
    public func frame(_ index: Int) -> FrameSamples {
        precondition(index >= 0 && index < count, "a pre-roll is read where it holds frames")
        return frames[(next - count + index + Self.capacityFrames) % Self.capacityFrames]
    }

    public mutating func clear() { (next, count) = (0, 0) }
}
