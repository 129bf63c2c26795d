import Codecs
import Foundation

/// What the voice servers say: a tone whose pitch and length follow the text, so that a test can tell pieces apart.
public enum VoiceTone {
    /// Every spoken character sounds this long.
    public static let millisecondsPerCharacter = 60
    /// Peak, of 32 767.
    private static let level = 8000.0

    /// In hertz: one of 24 tones from 300 to 1 680, all inside a telephone's band.
    public static func frequency(_ text: String) -> Double {
        // FNV-1a, the same in every process.
        let hash = text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return 300 + 60 * Double(hash % 24)
    }

    public static func milliseconds(_ text: String) -> Int { text.count * millisecondsPerCharacter }

    public static func samples(_ text: String, rate: Int) -> [Int16] {
        let frequency = frequency(text)
        return (0..<milliseconds(text) * rate / 1000).map { index in
            Int16(level * sin(2 * Double.pi * frequency * Double(index) / Double(rate)))
        }
    }

    /// The same as bytes of a vendor's format.
    public static func bytes(_ text: String, rate: Int, isMuLaw: Bool) -> [UInt8] {
        let samples = samples(text, rate: rate)
        guard !isMuLaw else { return samples.map(MuLaw.byte) }
        return samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
}
