/// The last 40 ms of the pitch band at 4 kHz, and whether they repeat at the pitch of a voice.
///
/// Vectors of four, not eight: the compiler turns these into plain vector instructions on every machine, wider ones into
/// shuffles where the machine has no wider registers.
struct PitchWindow {
    private var blocks = [40 of SIMD4<Float>](repeating: SIMD4())

    /// Appends 20 ms.
    mutating func append(_ newest: borrowing [20 of SIMD4<Float>]) {
        var window = blocks.mutableSpan
        let arrived = newest.span
        for index in 0..<20 {
            window[index] = window[index + 20]
            window[index + 20] = arrived[index]
        }
    }

    /// The highest normalised correlation of the newest 22 ms with themselves one pitch period earlier, 0 to 1.
    ///
    /// The period runs from 12 samples (333 Hz) to 67 (60 Hz); the newest 88 samples, 22 vectors, are compared. A period of
    /// 4 q + r needs the window shifted by r, which is made once per r; every product then meets whole vectors.
    mutating func periodicity() -> Float {
        let window = blocks.span
        var energy = SIMD4<Float>()
        for index in 18..<40 { energy += window[index] * window[index] }
        let newestEnergy = energy.sum()
        guard newestEnergy > 0 else { return 0 }

        var shiftedBlocks = blocks
        var shifted = shiftedBlocks.mutableSpan
        var best: Float = 0
        for shift in 0..<4 {
            if shift > 0 { Self.delay(&shifted) }
            var past = SIMD4<Float>()
            for index in 15..<37 { past += shifted[index] * shifted[index] }
            var products = [14 of SIMD4<Float>](repeating: SIMD4())
            // Two periods at a time share what they load of the newest samples.
            for pair in 0..<7 {
                let whole = 3 &+ 2 &* pair
                var (shorter, longer) = (SIMD4<Float>(), SIMD4<Float>())
                for index in 18..<40 {
                    let newest = window[index]
                    shorter += newest * shifted[index &- whole]
                    longer += newest * shifted[index &- whole &- 1]
                }
                products[2 &* pair] = shorter
                products[2 &* pair &+ 1] = longer
            }
            for whole in 3...16 {
                let correlation = products[whole &- 3].sum()
                let pastEnergy = past.sum()
                // A swell of more than 20 dB within a period is no repetition.
                if correlation > 0, pastEnergy > newestEnergy * 0.01 {
                    best = max(best, correlation * correlation / (newestEnergy * pastEnergy))
                }
                let (enters, leaves) = (shifted[17 &- whole], shifted[39 &- whole])
                past += enters * enters - leaves * leaves
            }
        }
        return best.squareRoot()
    }

    /// Moves the whole window one sample later.
    private static func delay(_ window: inout MutableSpan<SIMD4<Float>>) {
        for index in stride(from: 39, to: 0, by: -1) {
            let here = window[index]
            window[index] = SIMD4(window[index - 1].w, here.x, here.y, here.z)
        }
        let first = window[0]
        window[0] = SIMD4(0, first.x, first.y, first.z)
    }
}
