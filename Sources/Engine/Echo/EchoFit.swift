/// Tells a canceller that works from one whose path has changed, within a tenth of a second.
///
/// What is taken away (`near - cleaned`) and what is left have nothing in common while the filter is right, whoever talks. When
/// the path has moved, the filter's output is simply added, so what is left holds it again, negated.
struct EchoFit: Sendable {
    /// Frames in a row in which the filter added more than it took.
    private(set) var framesWrong = 0
    /// Frames for which the filter is still not to be trusted: half a second after it was last wrong.
    private(set) var doubt = 0
    /// What is left holds some of what was taken away, negated: a weak sign of a path that moved.
    private(set) var isDubious = false
    private var common: Float = 0
    private var taken: Float = 0
    private var left: Float = 0

    /// - Parameter before: the energy of `near`.
    /// - Returns: the energy of `cleaned`, a sum of squares.
    mutating func compare(near: Span<Int16>, before: Int64, cleaned: Span<Int16>) -> Float {
        let (after, both) = (FrameLevel.energy(cleaned), FrameLevel.product(near, cleaned))
        // What was taken away is y = x - e: its products follow from those of x and e, which are 32 bits wide.
        let product = both &- after
        let removed = before &- 2 &* both &+ after
        common = common * 0.8 + Float(product)
        taken = taken * 0.8 + Float(removed)
        left = left * 0.8 + Float(after)
        // 100 000 is -62 dBFS over a frame: below it there is nothing to judge.
        // A moved path gives a share of -1 (a correlation of -0.7), one that became 10 dB louder +2 (nearly 1). A caller's
        // voice is unlike what was taken away, or so much louder that the share is out of range.
        let share = taken > 100_000 ? common / taken : 0
        let alike = common * common / max(taken * left, 1)
        isDubious = share < -0.15 && alike > 0.06
        let isMoved = alike > 0.18 && (-2...(-0.4) ~= share || 0.4...3.5 ~= share)
        let isLouder = alike > 0.35 && 0.2...3.5 ~= share
        framesWrong = isMoved || isLouder ? framesWrong + 1 : 0
        // Wrong once may be a caller's chance likeness; wrong for 80 ms is the path, and then it takes seconds to learn it.
        doubt = max(framesWrong >= 4 ? 75 : framesWrong > 0 ? 15 : 0, doubt - 1)
        return Float(after)
    }
}
