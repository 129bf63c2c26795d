import Foundation
import TestSupport

/// Music made in code that the detector's thresholds were not chosen on: plucked and struck instruments, one seed one piece.
enum HeldOutInstrument: String, CaseIterable {
    case guitar, bells, marimba, kit

    func samples(seconds: Int, seed: UInt64) -> [Double] {
        var random = SeededGenerator(seed: seed)
        let count = seconds * 8000
        var sound = [Double](repeating: 0, count: count)
        let beat = Double.random(in: 0.3...0.9, using: &random)
        let root = Double.random(in: 98...220, using: &random)
        func pitch(_ octave: Double) -> Double {
            root * octave * pow(2, ([0.0, 2, 3, 5, 7, 8, 10, 12].randomElement(using: &random) ?? 0) / 12)
        }
        func add(at start: Double, seconds: Double, _ wave: (Double) -> Double) {
            let first = Int(start * 8000)
            for index in 0..<max(0, min(Int(seconds * 8000), count - first)) {
                sound[first + index] += wave(Double(index) / 8000)
            }
        }
        var (time, number) = (0.0, 0)
        while time < Double(seconds) - 2 {
            switch self {
            case .guitar:
                // A string as Karplus and Strong (1983) pluck it.
                var string = (0..<Int(8000 / pitch(number % 4 == 0 ? 1 : 2))).map { _ in
                    Double.random(in: -1...1, using: &random)
                }
                let loss = Double.random(in: 0.992...0.998, using: &random)
                var place = 0
                add(at: time, seconds: 2) { _ in
                    let sample = string[place]
                    let next = (place + 1) % string.count
                    string[place] = (sample + string[next]) * 0.5 * loss
                    place = next
                    return sample
                }
            case .bells:
                let partials = [(1, 1, 1.2), (2.76, 0.6, 0.6), (5.4, 0.3, 0.3), (0.5, 0.3, 1.5)]
                let frequency = pitch(4)
                add(at: time, seconds: 2) { time in
                    partials.reduce(0) { $0 + $1.1 * sin(2 * .pi * frequency * $1.0 * time) * exp(-time / $1.2) }
                        * min(1, time / 0.002)
                }
            case .marimba:
                let frequency = pitch(2)
                add(at: time, seconds: 1) { time in
                    (sin(2 * .pi * frequency * time) * exp(-time / 0.15)
                        + 0.4 * sin(2 * .pi * frequency * 3.9 * time) * exp(-time / 0.05)) * min(1, time / 0.002)
                }
            case .kit:
                // Bass drum, hat, snare, hat on the eighths, and a plucked bass on every other.
                switch number % 4 {
                case 0:
                    add(at: time, seconds: 0.25) { time in
                        3 * sin(2 * .pi * (50 * time + 6 * (1 - exp(-time / 0.03)))) * exp(-time / 0.08)
                    }
                case 2:
                    add(at: time, seconds: 0.2) { time in
                        (Double.random(in: -2...2, using: &random) + sin(2 * .pi * 190 * time)) * exp(-time / 0.05)
                    }
                default:
                    add(at: time, seconds: 0.06) { time in
                        Double.random(in: -1...1, using: &random) * exp(-time / 0.015)
                    }
                }
                guard number % 2 == 0 else { break }
                let bass = pitch(0.5)
                add(at: time, seconds: beat * 2) { time in
                    (1...6).reduce(0) { $0 + sin(2 * .pi * bass * Double($1) * time) / Double($1) } * exp(-time / 0.5)
                        * min(1, time / 0.005)
                }
            }
            time += self == .kit || number % 3 == 2 && self != .bells ? beat / 2 : beat
            number += 1
        }
        return sound
    }
}
