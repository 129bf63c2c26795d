/// Powers and levels of one frame, in exact integers until the last step.
enum FrameLevel {
    /// What digital silence is reported as, dBFS.
    static let silence: Float = -100
    private static let fullScale = Float(32768 * 32768)

    /// RMS level in dBFS (a full-scale sine is -3).
    static func decibels(_ frame: borrowing FrameSamples) -> Float {
        let samples = frame.span
        var sum: Int64 = 0
        for index in samples.indices {
            let sample = Int32(samples[index])
            sum &+= Int64(sample &* sample)
        }
        return decibels(energy: Float(sum))
    }

    /// The level of a frame whose squared samples sum to `energy`.
    static func decibels(energy: Float) -> Float {
        max(Decibels.ofPower(energy / (Float(Frame.samples) * fullScale)), silence)
    }

    /// Levels of the frame's four quarters of 5 ms, dBFS, high frequencies raised a little (all of
    /// it would drown an echo in white noise): what an envelope is made of.
    /// - Parameter last: the sample before the frame; left as the frame's last.
    static func quarters(_ frame: borrowing FrameSamples, last: inout Int32) -> SIMD4<Float> {
        let samples = frame.span
        var levels = SIMD4<Float>()
        var before = last
        for quarter in 0..<4 {
            let first = quarter &* 40
            // The first sample apart, so that the others are a loop without a chain, which becomes vector code.
            let start = (4 &* Int32(samples[first]) &- 3 &* before) &>> 2
            var sum = Int64(start) &* Int64(start)
            for index in first &+ 1..<first &+ 40 {
                let difference = (4 &* Int32(samples[index]) &- 3 &* Int32(samples[index &- 1])) &>> 2
                sum &+= Int64(difference) &* Int64(difference)
            }
            before = Int32(samples[first &+ 39])
            levels[quarter] = max(Decibels.ofPower(Float(sum) / (40 * fullScale)), silence)
        }
        last = before
        return levels
    }
}
