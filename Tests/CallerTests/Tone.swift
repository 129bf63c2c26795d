import Codecs
import Foundation

/// Audio made on the spot.
enum Tone {
    /// A 440 Hz tone of about -12 dBFS, mu-law.
    static func speech(frames: Int) -> [UInt8] {
        (0..<frames * 160).map { MuLaw.byte(Int16(12000 * sin(Double($0) * 2 * .pi * 440 / 8000))) }
    }

    static func silence(frames: Int) -> [UInt8] { [UInt8](repeating: 0xFF, count: frames * 160) }
}
