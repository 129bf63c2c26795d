import Codecs
import Engine
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
        walk(text, tables(rate).samples)
    }

    /// The same as bytes of a vendor's format (this machine's order, little endian, is the vendors').
    public static func bytes(_ text: String, rate: Int, isMuLaw: Bool) -> [UInt8] {
        guard !isMuLaw else { return walk(text, tables(rate).muLaw) }
        return samples(text, rate: rate).withUnsafeBytes { Array($0) }
    }

    /// A second of one turn, walked through as often as the text's pitch wants: no server spends its time on sines.
    private static func walk<Value>(_ text: String, _ table: [Value]) -> [Value] {
        let step = Int(frequency(text))
        var index = 0
        return (0..<milliseconds(text) * table.count / 1000).map { _ in
            defer { index = (index + step) % table.count }
            return table[index]
        }
    }

    private static let known = Locked<[Int: (samples: [Int16], muLaw: [UInt8])]>([:])

    private static func tables(_ rate: Int) -> (samples: [Int16], muLaw: [UInt8]) {
        known.withLock { known in
            if let tables = known[rate] { return tables }
            let samples = (0..<rate).map { Int16(level * sin(2 * Double.pi * Double($0) / Double(rate))) }
            let tables = (samples, samples.map(MuLaw.byte))
            known[rate] = tables
            return tables
        }
    }
}
