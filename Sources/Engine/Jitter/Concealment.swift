/// Invents what lost packets held, from the 50 ms before them, and joins it to what comes after.
///
/// - Source: after ITU-T G.711 Appendix I (1999). The last pitch period is repeated, two of them after 10 ms and three
///   after 20 ms so that it does not buzz; full level for 10 ms, then 20 % less every 10 ms; from 60 ms on only noise at
///   the level of the line's background. The next good samples are faded into over 4 ms and 4 ms more per 10 ms lost, at
///   most 10 ms.
/// - Unlike the Appendix nothing is delayed: it holds back 3.75 ms to smooth the loss's beginning, this fades from the
///   mirror image of the last samples instead.
/// - Cost: a copy and an energy per frame while packets come; a search for the period once per loss. No allocation.
public struct Concealment: ~Copyable, Sendable {
    private static let fullLevelSamples = 80
    private static let fadeSamples: Float = 400
    /// From here on nothing of the caller's voice is left.
    static let longestVoice = 480

    private var history = SampleHistory()
    private var background = BackgroundLevel()
    private var noise: ComfortNoise

    /// The history as it was when the loss began.
    private var past = [400 of Float](repeating: 0)
    private var period = PitchSearch.longest
    private var quarter = PitchSearch.longest / 4
    private var periods = 1
    private var offset = 0
    /// While the number of periods grows: what is faded out of, and how far.
    private var formerPeriods = 1
    private var formerOffset = 0
    private var changing = 0
    private var elapsed = 0
    private var mergeLength = 0
    private var merged = 0

    /// A loss has begun and the samples after it have not been joined yet.
    public private(set) var isActive = false

    public init(seed: UInt64 = 1) { noise = ComfortNoise(seed: seed) }

    /// Root mean square of the line's background, in 16-bit steps.
    public var backgroundLevel: Float { background.rootMeanSquare }

    /// Learns the background from a frame that holds only received samples.
    public mutating func learn(_ frame: borrowing FrameSamples) { background.update(frame.span) }

    /// Remembers samples that are given out as they came.
    public mutating func heard(_ frame: borrowing FrameSamples, from start: Int = 0, count: Int = Frame.samples) {
        history.append(frame.span, from: start, count: count)
    }

    /// Both for a whole frame, read where it lies: a borrowed array is copied first.
    mutating func pass(_ samples: Span<Int16>) {
        history.append(samples)
        background.update(samples)
    }

    /// Invents `count` samples of a frame.
    /// - Returns: whether they are noise only.
    @discardableResult
    public mutating func fill(_ frame: inout FrameSamples, from start: Int = 0, count: Int = Frame.samples) -> Bool {
        if !isActive || merged > 0 { begin() }
        let isNoise = elapsed >= Self.longestVoice
        for index in start..<(start + count) { frame[index] = Pcm.sample(next()) }
        history.append(frame.span, from: start, count: count)
        return isNoise
    }

    /// Fades received samples in over the invented ones, where a loss has just ended, and remembers them.
    /// - Returns: whether any were changed.
    @discardableResult
    public mutating func merge(_ frame: inout FrameSamples, from start: Int = 0, count: Int = Frame.samples) -> Bool {
        defer { history.append(frame.span, from: start, count: count) }
        guard isActive else { return false }
        if merged == 0 { mergeLength = min(80, 32 + max(0, elapsed / 80 - 1) * 32) }
        let faded = min(count, mergeLength - merged)
        for index in start..<(start + faded) {
            let share = (Float(merged) + 0.5) / Float(mergeLength)
            frame[index] = Pcm.sample(next() * (1 - share) + Float(frame[index]) * share)
            merged += 1
        }
        if merged == mergeLength { isActive = false }
        return true
    }

    private mutating func begin() {
        for index in 0..<SampleHistory.count { past[index] = Float(history[back: SampleHistory.count &- index]) }
        period = PitchSearch.period(of: past)
        quarter = period / 4
        (periods, offset, changing, elapsed, merged) = (1, 0, 0, 0, 0)
        noise.level = background.rootMeanSquare
        isActive = true
    }

    /// Sample `offset` of the last `periods` periods, whose end is bent so that it flows into their beginning.
    private mutating func repeated(_ periods: Int, _ offset: Int) -> Float {
        let length = periods * period
        let index = SampleHistory.count - length + offset
        let bent = offset - (length - quarter)
        guard bent >= 0 else { return past[index] }
        let share = Float(bent + 1) / Float(quarter + 1)
        return past[index] * (1 - share) + past[index - length] * share
    }

    private mutating func next() -> Float {
        guard elapsed < Self.longestVoice else { return noise.next() }
        if elapsed == Self.fullLevelSamples || elapsed == 2 * Self.fullLevelSamples {
            (formerPeriods, formerOffset, changing) = (periods, offset, quarter)
            offset %= period
            periods += 1
        }
        var voice = repeated(periods, offset)
        offset += 1
        if offset == periods * period { offset = 0 }
        if changing > 0 {
            let share = Float(changing) / Float(quarter + 1)
            voice = voice * (1 - share) + repeated(formerPeriods, formerOffset) * share
            formerOffset += 1
            if formerOffset == formerPeriods * period { formerOffset = 0 }
            changing -= 1
        }
        if elapsed < quarter {
            let share = Float(elapsed + 1) / Float(quarter + 1)
            voice = voice * share + past[SampleHistory.count - 1 - elapsed] * (1 - share)
        }
        let gain = min(1, 1 - Float(elapsed - Self.fullLevelSamples) / Self.fadeSamples)
        elapsed += 1
        return voice * gain + noise.next() * (1 - gain)
    }
}
