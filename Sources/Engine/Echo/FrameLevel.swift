/// Powers and levels of one frame.
///
/// Frames come as spans: a borrowed array is copied before a loop reads it.
enum FrameLevel {
    /// What digital silence is reported as, dBFS.
    static let silence: Float = -100
    private static let fullScale = Float(32768 * 32768)

    /// RMS level in dBFS (a full-scale sine is -3).
    static func decibels(_ samples: Span<Int16>) -> Float { decibels(energy: Float(energy(samples))) }

    /// The sum of the squared samples.
    static func energy(_ samples: Span<Int16>) -> Int64 { product(samples, samples) }

    /// The sum of the products of two frames, sample by sample.
    ///
    /// Two products at a time, which is one instruction for eight samples. Their sum is -2^31 + 2^16 to 2^31: one less fits
    /// 32 bits, and its halves are added up apart, so that nothing overflows and nothing is widened in the loop.
    static func product(_ left: Span<Int16>, _ right: Span<Int16>) -> Int64 {
        precondition(left.count == Frame.samples && right.count == Frame.samples, "levels are those of whole frames")
        var (low, high): (Int32, Int32) = (0, 0)
        for pair in 0..<Frame.samples / 2 {
            let (first, second) = (2 &* pair, 2 &* pair &+ 1)
            let both =
                Int32(left[first]) &* Int32(right[first]) &+ Int32(left[second]) &* Int32(right[second]) &- 1
            low &+= both & 0xFFFF
            high &+= both &>> 16
        }
        return Int64(high) &* 0x1_0000 &+ Int64(low) &+ Int64(Frame.samples / 2)
    }

    /// The level of a frame whose squared samples sum to `energy`.
    static func decibels(energy: Float) -> Float {
        max(Decibels.ofPower(energy / (Float(Frame.samples) * fullScale)), silence)
    }

    /// Levels of the frame's four quarters of 5 ms, dBFS, high frequencies raised a little (all of
    /// it would drown an echo in white noise): what an envelope is made of.
    /// - Parameter last: the sample before the frame; left as the frame's last.
    static func quarters(_ samples: Span<Int16>, last: inout Int32) -> SIMD4<Float> {
        precondition(samples.count == Frame.samples, "levels are those of whole frames")
        var energies = SIMD4<Float>()
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
            energies[quarter] = energy.sum()
        }
        last = Int32(samples[Frame.samples - 1])
        let levels = Decibels.ofPowers(energies / (40 * fullScale))
        return levels.replacing(with: silence, where: levels .< silence)
    }
}
