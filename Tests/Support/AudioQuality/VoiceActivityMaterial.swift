import Codecs
import Foundation
import TestSupport

/// A caller's side of a call made from recordings: samples at 8 kHz through mu-law, and who talks when by the clean signal.
struct VoiceActivityMaterial {
    var samples: [Double]
    /// One per 20 ms frame.
    var speech: [Bool]
    /// Frames within 16 dB of the active level: where a voice is heard and not the breath before it.
    var voice: [Bool] = []

    static let frame = 160

    /// Frames within 26 dB of the active level, gaps under 200 ms closed, islands under 60 ms dropped: as the corpus labels.
    static func labels(_ samples: [Double]) -> (speech: [Bool], voice: [Bool], activePower: Double) {
        let powers = stride(from: 0, through: samples.count - frame, by: frame).map { power(samples[$0..<$0 + frame]) }
        // The active level is the mean over the frames within 26 dB of itself.
        var active = (powers.max() ?? 0) / 4
        for _ in 0..<20 {
            let loud = powers.filter { $0 > active / 398.1 }
            active = loud.reduce(0, +) / Double(max(1, loud.count))
        }
        var speech = powers.map { $0 > active / 398.1 }
        for gap in stretches(of: false, in: speech)
        where gap.lowerBound > 0 && gap.upperBound < speech.count && gap.count < 10 {
            for index in gap { speech[index] = true }
        }
        for island in stretches(of: true, in: speech) where island.count < 3 {
            for index in island { speech[index] = false }
        }
        return (speech, powers.map { $0 > active / 39.8 }, active)
    }

    static func stretches(of value: Bool, in frames: [Bool]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start: Int?
        for index in 0...frames.count {
            let isInside = index < frames.count && frames[index] == value
            if isInside, start == nil { start = index }
            if !isInside, let first = start {
                found.append(first..<index)
                start = nil
            }
        }
        return found
    }

    static func power(_ samples: ArraySlice<Double>) -> Double {
        samples.reduce(0) { $0 + $1 * $1 } / Double(max(1, samples.count))
    }

    /// Recordings at one active level (dBFS) with 0.8 to 1.4 s between them, after a second of silence.
    static func talk(_ recordings: [[Int16]], decibels: Double, seed: UInt64) -> VoiceActivityMaterial {
        var random = SeededGenerator(seed: seed)
        var call = VoiceActivityMaterial(samples: [Double](repeating: 0, count: 50 * frame), speech: [])
        call.speech = [Bool](repeating: false, count: 50)
        call.voice = call.speech
        for recording in recordings {
            let clean = recording.map(Double.init)
            let (speech, voice, active) = labels(clean)
            guard let first = speech.firstIndex(of: true), let last = speech.lastIndex(of: true) else { continue }
            let whole = max(0, first - 5)..<min(speech.count, last + 8)
            let gain = 32768 * pow(10, decibels / 20) / active.squareRoot()
            call.samples += clean[whole.lowerBound * frame..<whole.upperBound * frame].map { $0 * gain }
            call.speech += speech[whole]
            call.voice += voice[whole]
            let pause = Int.random(in: 40...70, using: &random)
            call.samples += [Double](repeating: 0, count: pause * frame)
            call.speech += [Bool](repeating: false, count: pause)
            call.voice += [Bool](repeating: false, count: pause)
        }
        return call
    }

    /// Nobody talks: a noise at a level, dBFS.
    static func only(_ noise: [Double], decibels: Double) -> VoiceActivityMaterial {
        let gain = 32768 * pow(10, decibels / 20) / power(noise[...]).squareRoot()
        return VoiceActivityMaterial(
            samples: noise.map { $0 * gain },
            speech: [Bool](repeating: false, count: noise.count / frame),
            voice: [Bool](repeating: false, count: noise.count / frame)
        )
    }

    /// This talk over a noise, `ratio` dB below the active speech, which is at `decibels`.
    func over(_ noise: [Double], ratio: Double, decibels: Double) -> VoiceActivityMaterial {
        let gain = 32768 * pow(10, (decibels - ratio) / 20) / Self.power(noise[...]).squareRoot()
        var copy = self
        for index in samples.indices { copy.samples[index] += noise[index % noise.count] * gain }
        return copy
    }

    /// The frames as they arrive: with the idle noise of a line, -72 dBFS, and through mu-law.
    func frames(seed: UInt64) -> [[Int16]] {
        var random = SeededGenerator(seed: seed)
        return stride(from: 0, through: samples.count - Self.frame, by: Self.frame).map { start in
            samples[start..<start + Self.frame].map { sample in
                let noisy = sample + Double.random(in: -14...14, using: &random)
                return MuLaw.linear(MuLaw.byte(Int16(max(-32768, min(32767, noisy.rounded())))))
            }
        }
    }
}

/// The recorded and synthetic talkers, by who was listened to while the thresholds were chosen and who was not.
struct VoiceActivityTalkers {
    var name: String
    var recordings: [[Int16]]

    static func corpusVoice(_ voice: String, _ corpus: Corpus) throws -> VoiceActivityTalkers {
        let items = corpus.items(in: "speech").filter { $0.file.contains("flite_\(voice)_") }
        return VoiceActivityTalkers(name: voice, recordings: try items.map { try corpus.samples($0.file) })
    }

    static func people(_ names: [String]) throws -> VoiceActivityTalkers {
        let recordings = try names.map { try Fixtures.bytes("speech/human_\($0).ulaw").map { MuLaw.linear($0) } }
        return VoiceActivityTalkers(name: "people", recordings: recordings)
    }

    static func sets(_ corpus: Corpus) throws -> [(name: String, talkers: [VoiceActivityTalkers])] {
        [("tuned", try tuned(corpus)), ("held out", try heldOut(corpus))]
    }

    /// Listened to while the thresholds were chosen.
    static func tuned(_ corpus: Corpus) throws -> [VoiceActivityTalkers] {
        [try corpusVoice("slt", corpus), try corpusVoice("rms", corpus), try people(["librivox_0880", "cards_001"])]
    }

    /// Only ever scored.
    static func heldOut(_ corpus: Corpus) throws -> [VoiceActivityTalkers] {
        [try corpusVoice("awb", corpus), try people(["librivox_0890", "librivox_0920", "cards_004"])]
    }
}
