import Glibc

/// The power at twice the two frequencies of a key: a voice that happens to sing two keypad tones has harmonics, a keypad
/// has none. Looked at once per key, when it would become certain.
struct HarmonicTest {
    /// Hertz. Closer than this to the column tone, 20 ms cannot tell twice the row tone from it: a column tone 1.5 % off and
    /// 95 Hz away leaks less than a thousandth of its power.
    private static let separable: Float = 120

    private var previous = FrameSamples(repeating: 0)

    mutating func remember(_ frame: Span<Int16>) {
        var kept = previous.mutableSpan
        kept.copy(frame, to: 0)
    }

    mutating func forget() { previous = FrameSamples(repeating: 0) }

    /// Judges the last 20 ms.
    ///
    /// - Parameter end: where in `frame` they end, 1...160; what is missing comes from the frame before.
    mutating func isClean(_ pair: ToneWindow.Pair, _ frame: Span<Int16>, end: Int, limit: Float) -> Bool {
        let row =
            abs(2 * pair.key.rowFrequency - pair.key.columnFrequency) < Self.separable
            ? 0 : power(at: 2 * pair.key.rowFrequency, frame, end: end)
        let column = power(at: 2 * pair.key.columnFrequency, frame, end: end)
        return row <= limit * pair.row && column <= limit * pair.column
    }

    private mutating func power(at frequency: Float, _ frame: Span<Int16>, end: Int) -> Float {
        let step = 2 * Float.pi * frequency / Float(Frame.sampleRate)
        let coefficient = 2 * cos(step)
        // The raised cosine as a recurrence of its own: cos((n + 1) b) = 2 cos(b) cos(n b) - cos((n - 1) b).
        let slow = 2 * Float.pi / Float(Frame.samples)
        let slowCoefficient = 2 * cos(slow)
        var (wave, waveBefore) = (cos(slow / 2), cos(slow / 2))
        var (first, second): (Float, Float) = (0, 0)
        let previous = self.previous.span
        for index in 0..<Frame.samples {
            let place = end - Frame.samples + index
            let sample = Float(place < 0 ? previous[place + Frame.samples] : frame[place])
            let next = sample * (1 - wave) * 0.5 + coefficient * first - second
            (second, first) = (first, next)
            (waveBefore, wave) = (wave, slowCoefficient * wave - waveBefore)
        }
        let magnitude = first * first + second * second - coefficient * first * second
        // The window's sum is half its length.
        let sum = Float(Frame.samples) / 2
        return 2 * magnitude / (sum * sum)
    }
}
