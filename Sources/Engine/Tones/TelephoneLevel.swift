import Glibc

/// Digital levels of 16-bit G.711 audio on the telephone network's scale.
public enum TelephoneLevel {
    /// A sine that just reaches mu-law's overload point, 32 636 on the 16-bit scale, has +3.17 dBm0.
    /// Source: ITU-T G.711 section 4.
    private static let overloadAmplitude = 32_636.0
    private static let overloadDecibels = 3.17

    /// Peak of a sine of this level, on the 16-bit scale.
    public static func amplitude(dBm0: Double) -> Double {
        overloadAmplitude * pow(10, (dBm0 - overloadDecibels) / 20)
    }

    /// Mean square of a sine of this level, on the 16-bit scale.
    public static func meanSquare(dBm0: Double) -> Double {
        let peak = amplitude(dBm0: dBm0)
        return peak * peak / 2
    }
}
