import Foundation
import TestSupport

/// Background sounds made in code, one seed one recording, in no particular unit.
enum VoiceActivityNoise: String, CaseIterable {
    case white, pink, hum, fan, rumble
    case keys, lineClicks, coughs
    case organ, piano, drums

    static let stationary: [VoiceActivityNoise] = [.white, .pink, .hum]
    static let swelling: [VoiceActivityNoise] = [.fan, .rumble]
    static let sudden: [VoiceActivityNoise] = [.keys, .lineClicks, .coughs]

    func samples(seconds: Int, seed: UInt64) -> [Double] {
        var random = SeededGenerator(seed: seed)
        let count = seconds * 8000
        func noise(_ amplitude: Double = 1) -> Double { Double.random(in: -1...1, using: &random) * amplitude }
        var sound = [Double](repeating: 0, count: count)
        /// Adds a burst that starts in `attack` s and decays in `decay` s.
        func strike(at start: Double, seconds: Double, attack: Double, decay: Double, _ wave: (Double) -> Double) {
            let first = Int(start * 8000)
            for index in 0..<max(0, min(Int(seconds * 8000), count - first)) {
                let time = Double(index) / 8000
                sound[first + index] += wave(time) * min(1, time / attack) * exp(-time / decay)
            }
        }
        func tone(_ frequency: Double, _ harmonics: Int, _ time: Double) -> Double {
            (1...harmonics).reduce(0) { $0 + sin(2 * .pi * frequency * Double($1) * time) / Double($1) }
        }
        switch self {
        case .white:
            for index in sound.indices { sound[index] = noise() }
        case .pink:
            // Three poles an octave or two apart, as P. Kellet's economy filter.
            var (a, b, c) = (0.0, 0.0, 0.0)
            for index in sound.indices {
                let x = noise()
                a = 0.99765 * a + x * 0.0990460
                b = 0.96300 * b + x * 0.2965164
                c = 0.57000 * c + x * 1.0526913
                sound[index] = a + b + c + x * 0.1848
            }
        case .hum:
            let frequency = seed % 2 == 0 ? 50.0 : 60
            for index in sound.indices {
                sound[index] = tone(frequency, 24, Double(index) / 8000) + noise(0.05)
            }
        case .fan, .rumble:
            // One pole at 300 or 100 Hz; the rumble swells by 3 dB every few seconds, the fan's blades sound at 87 Hz.
            let pole = self == .fan ? 0.79 : 0.92
            var low = 0.0
            for index in sound.indices {
                let time = Double(index) / 8000
                low = pole * low + noise() * (1 - pole)
                sound[index] =
                    self == .fan
                    ? low + 0.05 * tone(87, 5, time) : (low + noise(0.01)) * (1 + 0.2 * sin(time * 1.7 + Double(seed)))
            }
        case .keys:
            var time = 0.3
            while time < Double(seconds) - 0.3 {
                let decay = Double.random(in: 0.003...0.015, using: &random)
                for (delay, loudness) in [(0, 1.0), (Double.random(in: 0.06...0.12, using: &random), 0.6)] {
                    strike(at: time + delay, seconds: 0.06, attack: 0.001, decay: decay) { _ in noise(loudness) }
                }
                time += Double.random(in: 0.1...0.5, using: &random)
            }
        case .lineClicks:
            for _ in 0..<seconds * 3 {
                let start = Double.random(in: 0...Double(seconds), using: &random)
                strike(at: start, seconds: 0.01, attack: 0.0001, decay: 0.001) { _ in 1 }
            }
        case .coughs:
            var time = 1.0
            while time < Double(seconds) - 1 {
                for _ in 0..<Int.random(in: 1...2, using: &random) {
                    let length = Double.random(in: 0.10...0.18, using: &random)
                    strike(at: time, seconds: length, attack: 0.01, decay: 0.06) { _ in noise() }
                    time += Double.random(in: 0.3...0.5, using: &random)
                }
                time += Double.random(in: 1.5...3, using: &random)
            }
        case .organ, .piano, .drums:
            let beat = Double.random(in: 0.4...0.8, using: &random)
            let root = Double.random(in: 110...220, using: &random)
            let scale: [Double] = [0, 2, 4, 5, 7, 9, 11, 12]
            func pitch(_ octave: Double) -> Double {
                root * octave * pow(2, (scale.randomElement(using: &random) ?? 0) / 12)
            }
            var (time, number) = (0.0, 0)
            while time < Double(seconds) - beat {
                let melody = pitch(2)
                let isHeld = self == .organ
                strike(at: time, seconds: beat * 0.97, attack: 0.01, decay: isHeld ? 9 : 0.35) { tone(melody, 6, $0) }
                if number % 2 == 0 {
                    let chord = pitch(1)
                    strike(at: time, seconds: beat * 2, attack: 0.01, decay: isHeld ? 9 : 0.6) {
                        0.5 * tone(chord, 8, $0)
                    }
                }
                if self == .drums { strike(at: time, seconds: 0.1, attack: 0.001, decay: 0.03) { _ in noise(3) } }
                time += beat
                number += 1
            }
        }
        return sound
    }

    /// Seven of the recordings at a time, every third backwards.
    static func babble(of recordings: [[Int16]], seconds: Int, seed: UInt64) -> [Double] {
        var random = SeededGenerator(seed: seed)
        var sound = [Double](repeating: 0, count: seconds * 8000)
        for voice in 0..<7 {
            var start = -Int.random(in: 0...24000, using: &random)
            while start < sound.count {
                guard let recording = recordings.randomElement(using: &random) else { return sound }
                let speech = VoiceActivityMaterial.labels(recording.map(Double.init)).speech
                let first = (speech.firstIndex(of: true) ?? 0) * 160
                let last = (speech.lastIndex(of: true) ?? 0) * 160 + 160
                var said = recording[first..<last].map(Double.init)
                if voice % 3 == 2 { said.reverse() }
                for (offset, sample) in said.enumerated() where sound.indices.contains(start + offset) {
                    sound[start + offset] += sample
                }
                start += said.count
            }
        }
        return sound
    }
}
