/// Powers and levels of one frame.
enum FrameLevel {
    /// What digital silence is reported as, dBFS.
    static let silence: Float = -100
    private static let fullScale = Float(32768 * 32768)

    /// RMS level in dBFS (a full-scale sine is -3).
    static func decibels(_ frame: borrowing FrameSamples) -> Float { decibels(energy: Float(energy(frame))) }

    /// The sum of the squared samples.
    static func energy(_ frame: borrowing FrameSamples) -> Int64 {
        let samples = frame.span
        var sum: Int64 = 0
        for index in samples.indices {
            let sample = Int32(samples[index])
            sum &+= Int64(sample &* sample)
        }
        return sum
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
        var before = Float(last)
        for quarter in 0..<4 {
            var energy = SIMD4<Float>()
            // Four at a time, spelled out: the compiler makes vector code of it, which it does not of wider sums.
            for block in 0..<10 {
                let at = quarter &* 40 &+ block &* 4
                let now = SIMD4(
                    Float(samples[at]),
                    Float(samples[at &+ 1]),
                    Float(samples[at &+ 2]),
                    Float(samples[at &+ 3])
                )
                let raised = now - 0.75 * SIMD4(before, now.x, now.y, now.z)
                before = now.w
                energy += raised * raised
            }
            levels[quarter] = max(Decibels.ofPower(energy.sum() / (40 * fullScale)), silence)
        }
        last = Int32(samples[Frame.samples - 1])
        return levels
    }
}
