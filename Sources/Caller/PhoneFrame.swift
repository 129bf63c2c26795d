import Codecs

/// The unit of the line: 20 ms of G.711 mu-law at 8 kHz, 160 bytes.
public enum PhoneFrame {
    /// Bytes (and samples) in one frame.
    public static let bytes = 160
    /// Milliseconds in one frame.
    public static let milliseconds = 20
    /// Bytes per millisecond of mu-law at 8 kHz.
    public static let bytesPerMillisecond = 8
    /// The mu-law code of a zero sample (ITU-T G.711); what a silent line carries.
    public static let silence: UInt8 = 0xFF
    /// What `level` answers for digital silence, in decibels below full scale.
    public static let silenceLevel = -120.0

    /// Squared sample values, indexed by mu-law code.
    private static let power: [Double] = (0...255).map { code in
        let sample = Double(MuLaw.linear(UInt8(code))) / 32768
        return sample * sample
    }

    /// The root-mean-square level of mu-law bytes.
    ///
    /// - Shape: any number of bytes, usually one frame.
    /// - Returns: decibels relative to full scale (dBFS), 0 at most, `silenceLevel` for digital silence or no bytes.
    public static func level(_ bytes: ArraySlice<UInt8>) -> Double {
        guard !bytes.isEmpty else { return silenceLevel }
        var sum = 0.0
        for byte in bytes { sum += power[Int(byte)] }
        guard sum > 0 else { return silenceLevel }
        return max(silenceLevel, 10 * logarithm10(sum / Double(bytes.count)))
    }
}
