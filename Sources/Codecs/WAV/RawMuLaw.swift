/// Headerless mu-law, one byte per sample, mono, 8 kHz: files with the ending `.ulaw`, and what telephone media streams
/// carry.
public enum RawMuLaw {
    public static let sampleRate = 8_000

    /// Every byte string is valid: N bytes are N samples.
    public static func samples(_ bytes: [UInt8]) -> [Int16] { bytes.map(MuLaw.linear) }

    public static func bytes(_ samples: [Int16]) -> [UInt8] { samples.map(MuLaw.byte) }
}
