/// The quiet sound of an open line: noise at a level, the same bits for the same seed.
///
/// White noise through one pole, so that it falls off above 1 kHz as the background of a room does; digital silence
/// sounds to a caller like a dead line, and to a recogniser like nothing it was trained on.
public struct ComfortNoise: BitwiseCopyable, Sendable {
    /// Root mean square of the noise, in 16-bit steps. 10 is -70 dBFS, the noise of a good telephone line.
    public var level: Float
    private var state: UInt64
    private var memory: Float = 0

    private static let pole: Float = 0.5
    /// Makes the output's power 1 for input spread evenly over -1...1 (power 1/3): sqrt(3 (1 - pole^2)).
    private static let scale: Float = 1.5

    public init(level: Float = 10, seed: UInt64) {
        self.level = level
        // Neighbouring seeds must not sound alike: the multiplier is that of SplitMix64. Never zero, where xorshift stays.
        state = (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    /// The next sample, before rounding.
    @inline(__always)
    mutating func next() -> Float {
        // xorshift64: Marsaglia, "Xorshift RNGs", 2003.
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        let white = Float(Int32(truncatingIfNeeded: state >> 32)) * (1 / 2_147_483_648)
        memory = memory * Self.pole + white
        return memory * Self.scale * level
    }

    /// Writes 20 ms of noise.
    public mutating func fill(_ frame: inout FrameSamples) {
        for index in 0..<Frame.samples { frame[index] = Pcm.sample(next()) }
    }

    /// Adds 20 ms of noise to what is there.
    public mutating func add(to frame: inout FrameSamples) {
        for index in 0..<Frame.samples { frame[index] = Pcm.sample(Float(frame[index]) + next()) }
    }
}

enum Pcm {
    /// The nearest 16-bit sample, clipped; NaN cannot arrive here because every factor is finite.
    @inline(__always)
    static func sample(_ value: Float) -> Int16 { Int16(max(-32768, min(32767, value.rounded()))) }
}
