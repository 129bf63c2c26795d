/// The voices that are linked into the program.
package enum FliteVoice: String, CaseIterable, Sendable {
    /// A woman, statistical (CLUSTERGEN). The clearest over a telephone.
    case slt
    /// A man, statistical.
    case rms
    /// A man, diphones: a twentieth of the CPU time, and sounds like it.
    case kal16

    /// Brings the voice's speech to about -20 dBFS active level, with room for its peaks.
    ///
    /// Measured on 20 sentences (a desk's phrases and Harvard sentences) at 8 kHz, mean over the 20 ms frames within 26 dB
    /// of a sentence's loudest: slt -13.9, rms -20.2, kal16 -26.4 dBFS; peaks -2.4, -5.4 and -7.8 dBFS.
    package var gainDecibels: Double {
        switch self {
        case .slt: -6
        case .rms: 0
        case .kal16: 6
        }
    }

    /// Samples per second of all three.
    package static let sampleRate = 16_000
}
