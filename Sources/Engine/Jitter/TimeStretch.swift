/// Samples that were decoded and not given out yet, which can be made shorter or longer by one period without a click.
///
/// - Source: pitch-synchronous overlap-add as in NetEq's accelerate and preemptive expand: two neighbouring periods are
///   cross-faded into one, or one is faded into its own repetition.
struct StretchBuffer: ~Copyable, Sendable {
    /// Two packets, what a stretched frame left over, and one inserted period.
    static let capacity = 640

    private var samples = [640 of Int16](repeating: 0)
    private(set) var count = 0

    mutating func append(_ frame: borrowing FrameSamples, from start: Int, count added: Int) {
        precondition(count + added <= Self.capacity, "at most two packets are decoded ahead")
        for index in 0..<added { samples[count &+ index] = frame[start &+ index] }
        count += added
    }

    /// Takes the oldest 20 ms. There are as many.
    mutating func take(into frame: inout FrameSamples) {
        for index in 0..<Frame.samples { frame[index] = samples[index] }
        count -= Frame.samples
        for index in 0..<count { samples[index] = samples[index &+ Frame.samples] }
    }

    mutating func removeAll() { count = 0 }

    /// Removes one period if two neighbours are alike, or quiet.
    /// - Returns: samples removed; 0 when nothing fits.
    mutating func accelerate(likeness least: Float, quietPower: Float) -> Int {
        guard let lag = lag(likeness: least, quietPower: quietPower) else { return 0 }
        for index in 0..<lag { samples[index] = mix(samples[index], samples[index + lag], index, of: lag) }
        for index in lag..<(count - lag) { samples[index] = samples[index + lag] }
        count -= lag
        return lag
    }

    /// Inserts one period if two neighbours are alike, or quiet.
    /// - Returns: samples inserted; 0 when nothing fits.
    mutating func expand(likeness least: Float, quietPower: Float) -> Int {
        guard let lag = lag(likeness: least, quietPower: quietPower), count + lag <= Self.capacity else { return 0 }
        for index in stride(from: count - 1, through: lag, by: -1) { samples[index + lag] = samples[index] }
        // The second period lies at 2 lag now, the first is still in place.
        for index in 0..<lag { samples[lag + index] = mix(samples[2 * lag + index], samples[index], index, of: lag) }
        count += lag
        return lag
    }

    private func mix(_ from: Int16, _ to: Int16, _ index: Int, of length: Int) -> Int16 {
        let share = (Float(index) + 0.5) / Float(length)
        return Pcm.sample(Float(from) * (1 - share) + Float(to) * share)
    }

    /// The period, 5 to 15 ms, whose first two repetitions are most alike.
    private func lag(likeness least: Float, quietPower: Float) -> Int? {
        let longest = min(PitchSearch.longest, count / 2)
        guard longest >= PitchSearch.shortest else { return nil }
        var best: (lag: Int, score: Float) = (0, least)
        for lag in stride(from: longest, through: PitchSearch.shortest, by: -2) {
            var (product, first, second): (Float, Float, Float) = (0, 0, 0)
            for index in stride(from: 0, to: lag, by: 2) {
                let (a, b) = (Float(samples[index]), Float(samples[index &+ lag]))
                product += a * b
                first += a * a
                second += b * b
            }
            // In noise as quiet as the line's background nobody hears a splice: the longest step is the best one.
            if max(first, second) <= quietPower * Float(lag / 2) { return lag }
            guard product > 0 else { continue }
            let score = product / (first * second).squareRoot()
            if score > best.score { best = (lag, score) }
        }
        return best.lag > 0 ? best.lag : nil
    }
}
