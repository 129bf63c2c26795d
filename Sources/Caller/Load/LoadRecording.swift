import Codecs

/// One recording, ready to be sent: every frame's base64 text beforehand, and where speech begins and ends.
public struct LoadRecording: Sendable {
    public let name: String
    /// Mu-law, whole frames.
    let audio: [UInt8]
    /// `LoadFrames.payloadCharacters` per frame.
    let text: [UInt8]
    let frames: Int
    /// The first and the last frame with speech.
    let firstSpeech: Int
    let lastSpeech: Int

    /// Frames kept before the first word.
    private static let leadIn = 5

    /// Cuts a recording to its speech, because what a caller does not say costs the line the same silence anyway, and lays
    /// noise under it.
    ///
    /// - Throws: `CallError.unreadable` when it holds no speech.
    init(name: String, audio: [UInt8], noise: LoadNoise?) throws {
        let whole = Utterance(name: name, audio: audio)
        guard let first = whole.firstSpeechFrame, let last = whole.lastSpeechFrame else {
            throw CallError.unreadable(file: name, reason: "it holds no speech")
        }
        let start = max(0, first - Self.leadIn)
        let cut = Array(whole.audio[start * PhoneFrame.bytes..<(last + 1) * PhoneFrame.bytes])
        self.init(name: name, frames: noise?.under(cut) ?? cut, speech: first - start...last - start)
    }

    /// A line on which nobody speaks: silence, or two and a half seconds of noise.
    init(line noise: LoadNoise?) {
        let seconds = noise == nil ? 1 : 125
        let silence = [UInt8](repeating: PhoneFrame.silence, count: seconds * PhoneFrame.bytes)
        self.init(name: "line", frames: noise?.under(silence) ?? silence, speech: 0...0)
    }

    private init(name: String, frames audio: [UInt8], speech: ClosedRange<Int>) {
        self.name = name
        self.audio = audio
        frames = audio.count / PhoneFrame.bytes
        text = (0..<frames).flatMap { frame in
            LineCodec.base64(audio[frame * PhoneFrame.bytes..<(frame + 1) * PhoneFrame.bytes])
        }
        firstSpeech = speech.lowerBound
        lastSpeech = speech.upperBound
    }

    var seconds: Double { Double(frames * PhoneFrame.milliseconds) / 1000 }
}

/// White noise at a level, the same in every run.
struct LoadNoise {
    private let amplitude: Double

    /// - Parameter level: root mean square in dBFS.
    init(level: Double) {
        // A uniform variable in -a...a has the root mean square a / sqrt(3).
        amplitude = 32_768 * ratio(decibels: level) * 3.0.squareRoot()
    }

    func under(_ audio: [UInt8]) -> [UInt8] {
        var random = SplitMix(seed: 20)
        return audio.map { byte in
            let sample = Double(MuLaw.linear(byte)) + Double.random(in: -amplitude...amplitude, using: &random)
            return MuLaw.byte(Int16(max(-32_768, min(32_767, sample.rounded()))))
        }
    }
}
