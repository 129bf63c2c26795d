import Glibc

/// What counts as a keypad tone. The defaults keep a margin beyond ITU-T Q.24's figures on both sides.
public struct DTMFLimits: Sendable {
    /// Mean square of one tone, on the 16-bit scale, below which it is not heard. Keys of -25 dBm0 with 8 dB of twist have
    /// a tone of -33 dBm0.
    public var floor = Float(TelephoneLevel.meanSquare(dBm0: -36))
    /// Mean square of a whole frame below which nothing is looked at.
    public var quiet = Float(TelephoneLevel.meanSquare(dBm0: -45))
    /// Share of all power that the two tones have together. Noise at 15 dB leaves 0.97, at 6 dB 0.8. In nine minutes of speech,
    /// noise, music and mixes even 0.4 gives no false key.
    public var purity: Float = 0.68
    /// How much stronger the row may be than the column: 11 dB (must take 8, also in noise), as a ratio of powers.
    public var normalTwist: Float = 12.6
    /// How much stronger the column may be than the row: 8 dB (must take 4; handsets that lift the columns send 6).
    public var reverseTwist: Float = 6.3
    /// Accepted distance from the nominal frequency: must take 1.5 %, must refuse 3.5 %.
    public var deviation: Float = 0.025
    /// Windows of 2.5 ms in a row that make a key certain. A tone of D ms gives about (D - 4) / 2.5.
    public var pressBlocks = 11
    /// Windows without the key that a run outlives while it is not yet certain: noise takes single ones.
    public var missedBlocks = 2
    /// Windows without the key that end it. A pause of G ms gives about (G + 4) / 2.5.
    public var releaseBlocks = 14
    /// Power at twice a tone's frequency against the tone's own: speech has both, a keypad at most a hundredth.
    public var harmonic: Float = 0.1

    public init() {}

    func accepts(_ pair: ToneWindow.Pair) -> Bool {
        pair.row >= floor && pair.column >= floor
            && pair.row + pair.column >= purity * pair.total
            && pair.row <= normalTwist * pair.column && pair.column <= reverseTwist * pair.row
            && pair.rowTurn >= leastTurn(pair.key.rowFrequency)
            && pair.columnTurn >= leastTurn(pair.key.columnFrequency)
    }

    /// Cosine of the phase that a tone at the edge of `deviation` turns between two compared windows.
    private func leastTurn(_ frequency: Float) -> Float {
        let seconds = Float(ToneWindow.phaseBlocks * ToneBank.blockSamples) / Float(Frame.sampleRate)
        return cos(2 * Float.pi * frequency * deviation * seconds)
    }
}
