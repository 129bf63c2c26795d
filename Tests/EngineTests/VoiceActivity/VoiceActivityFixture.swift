import Engine
import Foundation

/// One recording of Tests/Fixtures/vad as linear samples, and who talks when.
struct VoiceActivityFixture {
    var samples: [Int16]
    var sampleRate: Int
    /// Frames in which somebody talks, by the corpus labels.
    var speech: [Range<Int>]

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/vad").standardized

    init(_ name: String) throws {
        let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name)))
        if name.hasSuffix(".ulaw") {
            samples = bytes.map(Self.linear)
            sampleRate = 8000
        } else {
            samples = stride(from: 44, to: bytes.count - 1, by: 2)
                .map { Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8) }
            sampleRate = 16000
        }
        let labels = try String(contentsOf: Self.folder.appending(path: "labels.tsv"), encoding: .utf8)
        let line = labels.split(separator: "\n").first { $0.hasPrefix(name + "\t") } ?? ""
        speech = line.dropFirst(name.count + 1).split(separator: " ").map { stretch in
            let ends = stretch.split(separator: "-").map { (Double($0)! / 20).rounded() }
            return Int(ends[0])..<Int(ends[1])
        }
    }

    init(samples: [Int16], sampleRate: Int = 8000, speech: [Range<Int>] = []) {
        self.samples = samples
        self.sampleRate = sampleRate
        self.speech = speech
    }

    /// A G.711 mu-law byte as a linear sample (ITU-T G.711, table 2b).
    private static func linear(_ byte: UInt8) -> Int16 {
        let code = ~byte
        let magnitude = ((Int16(code & 0x0F) << 3) + 0x84) << Int16((code >> 4) & 7) - 0x84
        return code & 0x80 == 0 ? magnitude : -magnitude
    }

    /// The sentences one after another, each cut to its speech and followed by a second of silence, after `leadFrames`.
    static func talk(_ names: [String], leadFrames: Int = 50) throws -> VoiceActivityFixture {
        var all = VoiceActivityFixture(samples: [Int16](repeating: 0, count: leadFrames * 160))
        for name in names {
            let one = try VoiceActivityFixture(name)
            guard let first = one.speech.first?.lowerBound, let last = one.speech.last?.upperBound else { continue }
            let offset = all.samples.count / 160 - first
            all.speech += one.speech.map { $0.lowerBound + offset..<$0.upperBound + offset }
            all.samples += one.samples[first * 160..<last * 160] + [Int16](repeating: 0, count: 50 * 160)
        }
        return all
    }

    /// RMS over the labelled speech, or over everything where nothing is labelled.
    var activeLevel: Double {
        let frames = speech.isEmpty ? [0..<samples.count / 160] : speech
        let active = frames.flatMap { samples[$0.lowerBound * 160..<min($0.upperBound * 160, samples.count)] }
        return (active.reduce(0) { $0 + Double($1) * Double($1) } / Double(active.count)).squareRoot()
    }

    func scaled(by gain: Double) -> VoiceActivityFixture {
        var copy = self
        copy.samples = samples.map { Int16(max(-32768, min(32767, (Double($0) * gain).rounded()))) }
        return copy
    }

    /// This talk with the noise, repeated as needed, `decibels` below the active speech.
    func mixed(with noise: VoiceActivityFixture, decibels: Double) -> VoiceActivityFixture {
        let gain = activeLevel / noise.activeLevel * pow(10, -decibels / 20)
        var copy = self
        for index in samples.indices {
            let sum = Double(samples[index]) + gain * Double(noise.samples[index % noise.samples.count])
            copy.samples[index] = Int16(max(-32768, min(32767, sum.rounded())))
        }
        return copy
    }

    /// What the detector says of every whole frame.
    func judged() -> [VoiceActivity] {
        var detector = BandEnergyDetector(sampleRate: sampleRate)
        return judged(by: &detector)
    }

    func judged(by detector: inout BandEnergyDetector) -> [VoiceActivity] {
        let size = sampleRate / 50
        return stride(from: 0, through: samples.count - size, by: size).map {
            detector.process(samples.span.extracting($0..<$0 + size))
        }
    }
}
