import Foundation

/// One thing the caller says: whole frames of mu-law, with the frames that carry speech found beforehand.
public struct Utterance: Sendable {
    /// Where it came from, for reports: a file's name.
    public let name: String
    /// Mu-law at 8 kHz, a whole number of 160-byte frames.
    public let audio: [UInt8]
    /// The first frame with speech; nil when the file holds none.
    public let firstSpeechFrame: Int?
    /// The last frame with speech; nil when the file holds none.
    public let lastSpeechFrame: Int?
    /// What counts as speech in this recording, in dBFS.
    public let threshold: Double

    /// How many 20 ms frames there are.
    public var frames: Int { audio.count / PhoneFrame.bytes }

    /// - Parameters:
    ///   - audio: mu-law at 8 kHz; the last frame is filled up with silence.
    ///   - threshold: frames above this level in dBFS are speech; nil finds it from the recording (`SpeechMap`).
    public init(name: String, audio: [UInt8], threshold: Double? = nil) {
        self.name = name
        let missing = (PhoneFrame.bytes - audio.count % PhoneFrame.bytes) % PhoneFrame.bytes
        self.audio = audio + [UInt8](repeating: PhoneFrame.silence, count: missing)
        let map = SpeechMap(audio: self.audio, threshold: threshold)
        self.threshold = map.threshold
        firstSpeechFrame = map.runs.first?.lowerBound
        lastSpeechFrame = map.runs.last.map { $0.upperBound - 1 }
    }

    func frame(_ index: Int) -> ArraySlice<UInt8> {
        audio[index * PhoneFrame.bytes..<(index + 1) * PhoneFrame.bytes]
    }

    /// Cuts a recording into utterances wherever it holds at least `pause` of silence between speech.
    ///
    /// Each piece keeps up to half of the silence around it, so the whole recording is said and nothing is doubled.
    public static func split(name: String, audio: [UInt8], pause: Duration = .milliseconds(1200)) -> [Utterance] {
        let whole = Utterance(name: name, audio: audio)
        let runs = SpeechMap(audio: whole.audio, threshold: nil).runs
        let pauseFrames = Int(pause.milliseconds) / PhoneFrame.milliseconds
        var cuts = [0]
        for (earlier, later) in zip(runs, runs.dropFirst()) where later.lowerBound - earlier.upperBound >= pauseFrames {
            cuts.append((earlier.upperBound + later.lowerBound) / 2)
        }
        guard cuts.count > 1 else { return [whole] }
        cuts.append(whole.frames)
        return zip(cuts, cuts.dropFirst()).enumerated().map { index, cut in
            let bytes = whole.audio[cut.0 * PhoneFrame.bytes..<cut.1 * PhoneFrame.bytes]
            return Utterance(name: "\(name)#\(index + 1)", audio: Array(bytes), threshold: whole.threshold)
        }
    }
}
