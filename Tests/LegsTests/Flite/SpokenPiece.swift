import Actors
import Foundation
import Legs

/// Everything a synthesiser said about one piece.
struct SpokenPiece {
    var text: String
    var words: [SpokenWord] = []
    var audio: [Int16] = []
    /// True if words came after audio, or twice.
    var isDisordered = false

    init(
        _ text: String,
        by synthesizer: any Synthesizer = FliteSynthesizer(),
        voice: String = "slt",
        rate: Int = 8_000
    ) async throws {
        self.text = text
        let request = SpeechRequest(text: text, voice: voice, language: "en-US", sampleRate: rate)
        for try await delta in synthesizer.synthesize(request) {
            switch delta {
            case .words(let words):
                isDisordered = isDisordered || !audio.isEmpty || !self.words.isEmpty
                self.words = words
            case .audio(let samples):
                audio += samples
            case .replaced:
                break
            }
        }
    }

    /// The written words, cut out of the text.
    var written: [String] {
        let bytes = Array(text.utf8)
        return words.map { String(decoding: bytes[$0.utf8Range], as: UTF8.self) }
    }

    /// Mean power in decibels of full scale.
    func level(_ range: Range<Int>) -> Double {
        let power = audio[range].reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(range.count, 1))
        return 10 * log10(power / (32_768 * 32_768) + 1e-12)
    }

    /// Mean power of the 20 ms frames within 26 dB of the loudest: pauses do not count.
    var activeLevel: Double {
        let frames = stride(from: 0, to: audio.count - 159, by: 160).map { pow(10, level($0..<($0 + 160)) / 10) }
        let active = frames.filter { $0 > (frames.max() ?? 0) / pow(10, 2.6) }
        return 10 * log10(active.reduce(0, +) / Double(max(active.count, 1)))
    }
}
