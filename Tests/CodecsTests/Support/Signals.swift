import Foundation

/// Test tones and what is measured on audio.
enum Signals {
    static func sine(_ hertz: Double, rate: Int, count: Int, amplitude: Double = 10_000) -> [Int16] {
        (0..<count).map { Int16((amplitude * sin(2 * .pi * hertz * Double($0) / Double(rate))).rounded()) }
    }

    static func energy(_ samples: some Sequence<Int16>) -> Double {
        samples.reduce(0) { $0 + Double($1) * Double($1) }
    }

    /// Signal to noise ratio in decibels of `actual` against `expected`.
    static func ratio(_ actual: some Collection<Int16>, to expected: some Collection<Int16>) -> Double {
        let noise = zip(actual, expected).reduce(0.0) { sum, pair in
            let difference = Double(pair.0) - Double(pair.1)
            return sum + difference * difference
        }
        return 10 * log10(energy(expected) / max(noise, 1e-9))
    }

    /// Amplitude of one frequency (Goertzel), 0 for silence.
    static func amplitude(of hertz: Double, in samples: some Collection<Int16>, rate: Int) -> Double {
        let step = 2 * Double.pi * hertz / Double(rate)
        var (real, imaginary) = (0.0, 0.0)
        for (i, sample) in samples.enumerated() {
            real += Double(sample) * cos(step * Double(i))
            imaginary -= Double(sample) * sin(step * Double(i))
        }
        return 2 * (real * real + imaginary * imaginary).squareRoot() / Double(max(samples.count, 1))
    }
}
