/// Finds the period at which speech repeats.
///
/// - Source: ITU-T G.711 Appendix I (1999), section I.2.2: normalised correlation of the newest 20 ms with what lies 5 to
///   15 ms before, first on every second sample, then around the best.
enum PitchSearch {
    /// 200 Hz and 66 Hz at 8 kHz.
    static let shortest = 40
    static let longest = 120

    /// The best period of 50 ms of samples, 40...120.
    static func period(of past: borrowing [400 of Float]) -> Int {
        var best = Self.longest
        var bestScore: Float = 0
        for lag in stride(from: Self.shortest, through: Self.longest, by: 2) {
            let score = score(past, lag: lag, step: 2)
            if score > bestScore { (best, bestScore) = (lag, score) }
        }
        guard bestScore > 0 else { return best }
        let coarse = best
        bestScore = 0
        for lag in max(Self.shortest, coarse - 1)...min(Self.longest, coarse + 1) {
            let score = score(past, lag: lag, step: 1)
            if score > bestScore { (best, bestScore) = (lag, score) }
        }
        return best
    }

    private static func score(_ past: borrowing [400 of Float], lag: Int, step: Int) -> Float {
        var product: Float = 0
        var energy: Float = 0
        for index in stride(from: SampleHistory.count - Frame.samples, to: SampleHistory.count, by: step) {
            let earlier = past[index &- lag]
            product += past[index] * earlier
            energy += earlier * earlier
        }
        // One step squared per sample keeps silence from dividing by nothing.
        return product > 0 ? product / (energy + Float(Frame.samples)).squareRoot() : 0
    }
}
