/// A gain that moves without clicks: a straight line over one frame.
public struct GainRamp: ~Copyable, Sendable {
    private var current: Float = 1
    private var target: Float = 1

    public init() {}

    /// 12 dB down, as loud as somebody who has noticed that the other one is speaking.
    public static let ducked: Float = 0.25

    public mutating func move(to gain: Float) { target = gain }

    /// Takes the target at once: for a fresh start after silence.
    public mutating func reset(to gain: Float = 1) {
        current = gain
        target = gain
    }

    public var isUnity: Bool { current == 1 && target == 1 }

    public mutating func apply(to samples: inout FrameSamples) {
        guard !isUnity else { return }
        let step = (target - current) / Float(Frame.samples)
        for index in 0..<Frame.samples {
            current += step
            samples[index] = Int16(max(-32768, min(32767, (Float(samples[index]) * current).rounded())))
        }
        current = target
    }

    /// 5 ms up from nothing: a voice that starts in the middle of a sound starts without a click, and a consonant stays one.
    public static func fadeIn(_ samples: inout FrameSamples) {
        for index in 0..<40 { samples[index] = Int16(Int32(samples[index]) * Int32(index) / 40) }
    }
}
