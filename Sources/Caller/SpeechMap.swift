/// Which frames of a recording carry speech, by energy.
///
/// The speaker's level is that of the loudest tenth of the frames. Speech is whatever lies within 26 dB of it, but at
/// least 6 dB above the recording's own noise (its quietest tenth) so that a noisy recording does not count as one
/// long word, and never below -60 dBFS. Runs under 60 ms are clicks and are dropped.
struct SpeechMap {
    /// In dBFS.
    let threshold: Double
    /// Frame ranges with speech, in order; ranges closer than 200 ms are one.
    let runs: [Range<Int>]

    private static let withinOfActiveLevel = 26.0
    private static let aboveNoise = 6.0
    private static let lowest = -60.0
    private static let shortestRunFrames = 3
    private static let closedGapFrames = 10

    init(audio: [UInt8], threshold given: Double?) {
        let levels = stride(from: 0, to: audio.count - PhoneFrame.bytes + 1, by: PhoneFrame.bytes).map {
            PhoneFrame.level(audio[$0..<$0 + PhoneFrame.bytes])
        }
        let threshold = given ?? Self.threshold(levels)
        self.threshold = threshold
        var found: [Range<Int>] = []
        var start: Int?
        for index in 0...levels.count {
            let loud = index < levels.count && levels[index] > threshold
            if loud {
                start = start ?? index
            } else if let begin = start {
                if index - begin >= Self.shortestRunFrames { found.append(begin..<index) }
                start = nil
            }
        }
        runs = found.reduce(into: []) { merged, run in
            if let last = merged.last, run.lowerBound - last.upperBound < Self.closedGapFrames {
                merged[merged.count - 1] = last.lowerBound..<run.upperBound
            } else {
                merged.append(run)
            }
        }
    }

    private static func threshold(_ levels: [Double]) -> Double {
        guard !levels.isEmpty else { return lowest }
        let sorted = levels.sorted()
        let active = sorted[sorted.count * 9 / 10]
        let noise = sorted[sorted.count / 10]
        let candidate = max(active - withinOfActiveLevel, min(noise + aboveNoise, active - aboveNoise))
        return max(candidate, lowest)
    }
}
