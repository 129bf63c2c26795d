/// How loud the line is when nobody speaks: follows quiet frames down at once and rises slowly, so that speech, which
/// pauses several times a second, hardly lifts it.
struct BackgroundLevel: BitwiseCopyable, Sendable {
    /// Mean square in 16-bit steps. Starts at -70 dBFS.
    private(set) var power: Float = 100

    /// 2 % per frame: 4.3 dB per second, a swell of noise is believed after a few seconds.
    private static let rise: Float = 1.02
    /// -40 dBFS: louder than any background worth imitating.
    private static let loudest: Float = 107_000

    var rootMeanSquare: Float { power.squareRoot() }

    mutating func update(_ samples: Span<Int16>) {
        let mean = Self.meanSquare(samples)
        power = min(mean < power ? (power + mean) / 2 : min(mean, power * Self.rise + 0.01), Self.loudest)
    }

    /// Mean square of a frame, in whole steps of 4: integer lanes, so that the sum is the same in every build.
    static func meanSquare(_ samples: Span<Int16>) -> Float {
        precondition(samples.count == Frame.samples, "the level is that of a whole frame")
        var sum: UInt32 = 0
        for index in 0..<Frame.samples {
            let sample = Int32(samples[index]) &>> 3
            sum &+= UInt32(bitPattern: sample &* sample)
        }
        return Float(sum) * (64 / Float(Frame.samples))
    }
}
