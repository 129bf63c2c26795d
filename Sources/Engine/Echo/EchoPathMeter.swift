/// Measures, while the agent is heard and the caller is not, how loud the echo is and how much of it the canceller takes away.
struct EchoPathMeter: Sendable {
    /// Echo return loss: far level minus echo level, dB, the median of the frames; nil until half a second was measured.
    var lossDecibels: Float? { measured >= 25 ? loss : nil }
    /// Echo return loss enhancement over the last second of echo, dB; nil until half a second was measured.
    var erleDecibels: Float? { cancelled >= 25 ? Decibels.ofPower(before / after) : nil }
    /// Frames in a row of far speech in which the canceller took less than 3 dB away.
    private(set) var ineffectiveFrames = 0

    private var loss: Float = 15
    private var measured = 0
    private var cancelled = 0
    private var before: Float = 1
    private var after: Float = 1

    /// The canceller starts anew: its gain is unknown, the path's loss is not.
    mutating func restart() {
        (cancelled, before, after, ineffectiveFrames) = (0, 1, 1, 0)
    }

    /// - Parameters:
    ///   - far: the loudest far level that can be in this frame, dBFS.
    ///   - near: level before, dBFS.
    ///   - energies: before and after the canceller; nil while it rests.
    ///   - isCaller: the frame may hold the caller's voice, so it says nothing of the echo.
    mutating func hear(
        far: Float,
        near: Float,
        before newBefore: Float,
        after newAfter: Float,
        isCancelling: Bool,
        isCaller: Bool
    ) {
        guard far > -40 else { return }
        let frameLoss = far - near
        // Speech swings too much for a mean; the median moves by a small step towards each frame.
        if near > -62, !isCaller || measured < 50 {
            let step: Float = measured < 50 ? 0.5 : 0.15
            loss = min(max(loss + (frameLoss > loss ? step : -step), 0), 40)
            measured += 1
        }
        // A frame much louder than the path's usual echo has a caller in it.
        guard isCancelling, !isCaller, frameLoss > loss - 7, near > -58 else { return }
        before += (newBefore - before) * 0.03
        after += (newAfter - after) * 0.03
        after = max(after, 1)
        before = max(before, 1)
        cancelled += 1
        ineffectiveFrames = before < 2 * after ? ineffectiveFrames + 1 : 0
    }
}
