import Actors
import Codecs
import Foundation
import Synchronization

/// The audio of the timed voice: a tone with a talker's pitch, harmonics and syllables, made once per sample rate and
/// shared by all calls.
///
/// A plain sine would say little about an engine: it neither trains an echo canceller nor sounds like speech to a detector.
enum TimedSpeech {
    /// How long a word sounds: 62.5 ms per UTF-8 byte with its space, 16 bytes a second, an unhurried talker.
    static func samplesPerByte(_ rate: Int) -> Int { rate / 16 }

    /// Pitch at the middle of its swing, in hertz; a whole number, so that a second of it can be repeated.
    private static let pitch = 125.0
    /// How far the pitch swings, in radians of the fundamental, twice a second: about +-10 %.
    private static let swing = 1.0
    private static let syllablesPerSecond = 4.0
    /// Root mean square of the tone, relative to full scale: -20 dBFS, the usual level of a talker on a line.
    private static let level = 0.1

    private static let seconds = Mutex<[Int: [Int16]]>([:])

    /// One second of the tone, without a click where it is repeated.
    static func second(rate: Int) -> [Int16] {
        seconds.withLock { seconds in
            if let known = seconds[rate] { return known }
            let made = make(rate)
            seconds[rate] = made
            return made
        }
    }

    private static func make(_ rate: Int) -> [Int16] {
        let harmonics = 1...Int(3400 / (pitch * 1.1))
        let tone = (0..<rate).map { index -> Double in
            let time = Double(index) / Double(rate)
            let phase = 2 * Double.pi * pitch * time + swing * sin(4 * Double.pi * time)
            let voice = harmonics.reduce(0.0) {
                $0 + sin(Double($1) * phase + Double($1 * $1)) / Double($1).squareRoot()
            }
            // From quiet to loud and back four times a second, loud at the start: the first frame is audible.
            return voice * (0.55 + 0.45 * cos(2 * Double.pi * syllablesPerSecond * time))
        }
        let power = tone.reduce(0) { $0 + $1 * $1 } / Double(tone.count)
        let gain = 32_767 * level / power.squareRoot()
        return tone.map { Int16(max(-32_767, min(32_767, ($0 * gain).rounded()))) }
    }

    /// When each word of a text sounds.
    static func words(of text: String, rate: Int) -> [SpokenWord] {
        var words: [SpokenWord] = []
        var start: Int?
        let perByte = samplesPerByte(rate)
        func close(_ end: Int) {
            guard let begin = start else { return }
            words.append(SpokenWord(utf8Range: begin..<end, samples: begin * perByte..<end * perByte))
            start = nil
        }
        for (offset, byte) in text.utf8.enumerated() {
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") {
                close(offset)
            } else if start == nil {
                start = offset
            }
        }
        close(text.utf8.count)
        return words
    }
}
