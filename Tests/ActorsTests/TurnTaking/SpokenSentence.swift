import Codecs
import Foundation
import TestSupport

/// A recording of one sentence of the labelled corpus, and where its speech ends.
struct SpokenSentence: Sendable {
    private struct Manifest: Decodable {
        struct Item: Decodable {
            var file: String
            var speech_ms: [[Int]]?
        }
        var items: [Item]
    }

    var name: String
    /// Mu-law.
    var bytes: [UInt8]
    /// On the corpus's grid of 20 ms.
    var speech: [[Int]]

    /// Of the sound before the first word.
    var floor: [UInt8] { Array(bytes[..<(max(20, speech[0][0] - 60) * 8)]) }
    /// When the last frame of speech ends, ms.
    var end: Int { speech[speech.count - 1][1] }

    static func all() throws -> [SpokenSentence] {
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(Fixtures.bytes("corpus/manifest.json")))
        return try manifest.items.filter { $0.file.hasPrefix("speech/") }.compactMap { item in
            guard let speech = item.speech_ms, !speech.isEmpty else { return nil }
            return SpokenSentence(name: item.file, bytes: try Fixtures.bytes("corpus/" + item.file), speech: speech)
        }
    }

    /// The same with a pause of the speaker near the middle, filled with the recording's own noise. The pause is measured as the
    /// labels are: frames more than 26 dB below the speech. What is quiet there already counts.
    func pausing(_ milliseconds: Int) -> SpokenSentence {
        let (first, last) = (speech[0][0] / 20, end / 20)
        let powers = (0..<bytes.count / 160).map { frame in
            bytes[frame * 160..<(frame + 1) * 160].reduce(0.0) {
                $0 + Double(MuLaw.linear($1)) * Double(MuLaw.linear($1))
            }
        }
        let active = powers[first..<last].reduce(0, +) / Double(last - first)
        let quiet = active / 398  // 26 dB
        let middle = (first + (last - first) * 3 / 10)...(first + (last - first) * 7 / 10)
        let cut = middle.min { powers[$0] + powers[$0 - 1] < powers[$1] + powers[$1 - 1] } ?? (first + last) / 2
        let start = powers[..<cut].lastIndex { $0 > quiet }.map { $0 + 1 } ?? cut
        let resumed = powers[cut...].firstIndex { $0 > quiet } ?? cut
        let missing = max(0, milliseconds - (resumed - start) * 20)
        var paused = self
        var silence: [UInt8] = []
        while silence.count < missing * 8 { silence += floor }
        paused.bytes.insert(contentsOf: silence[..<(missing * 8)], at: cut * 160)
        paused.speech = [[speech[0][0], start * 20], [resumed * 20 + missing, end + missing]]
        return paused
    }
}
