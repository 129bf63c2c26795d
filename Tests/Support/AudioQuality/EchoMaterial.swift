import Codecs
import Engine
import Foundation
import TestSupport

/// Agents and callers for echo scenarios, put together from the corpus's sentences.
public struct EchoMaterial: Sendable {
    /// The synthetic voices of the corpus's sentences.
    public static let voices = ["slt", "rms", "awb"]

    private let voices: [String: [[Int16]]]

    public init(_ corpus: Corpus) throws {
        var voices: [String: [[Int16]]] = [:]
        for item in corpus.items(in: "speech") where item.file.hasSuffix(".ulaw") {
            guard let name = item.file.split(separator: "_").dropFirst().first, let first = item.speech_ms?.first,
                let last = item.speech_ms?.last
            else { continue }
            let samples = try corpus.samples(item.file)
            voices[String(name), default: []].append(Array(samples[first[0] * 8..<min(last[1] * 8, samples.count)]))
        }
        self.voices = voices
    }

    /// An agent's speech: sentences with pauses between them, at -20 dBFS or so.
    public func agent(voice: String, seconds: Double, pause: ClosedRange<Double> = 0.2...0.6, seed: UInt64) -> [Int16] {
        var random = SeededGenerator(seed: seed)
        var samples = [Int16](repeating: 0, count: 1600)
        let sentences = voices[voice] ?? []
        while samples.count < Int(seconds * 8000) {
            samples += sentences[Int.random(in: 0..<sentences.count, using: &random)]
            samples += [Int16](repeating: 0, count: Int(Double.random(in: pause, using: &random) * 8000))
        }
        return samples[..<Int(seconds * 8000)].map { MuLaw.linear(MuLaw.byte($0)) }
    }

    /// A caller who says something at each of the given seconds, at a level in dBFS while they talk.
    public func caller(
        voice: String,
        at starts: [Double],
        level: Double,
        seconds: Double,
        seed: UInt64
    ) -> (samples: [Double], talking: [Range<Int>]) {
        var random = SeededGenerator(seed: seed)
        var samples = [Double](repeating: 0, count: Int(seconds * 8000))
        var talking: [Range<Int>] = []
        let sentences = voices[voice] ?? []
        for start in starts {
            let sentence = sentences[Int.random(in: 0..<sentences.count, using: &random)]
            let first = Int(start * 50) * Frame.samples
            let power = sentence.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(sentence.count)
            let gain = pow(10, level / 20) * 32768 / power.squareRoot()
            for (index, sample) in sentence.enumerated() where first + index < samples.count {
                samples[first + index] = Double(sample) * gain
            }
            talking.append(Int(start * 50)..<Int(start * 50) + sentence.count / Frame.samples)
        }
        return (samples, talking)
    }
}
