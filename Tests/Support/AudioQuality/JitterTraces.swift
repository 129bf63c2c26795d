import Foundation
import TestSupport

/// Arrival traces made in code, like those of the corpus but with other seeds and sizes.
public enum JitterTraces {
    public static let packets = 1500

    private static func trace(_ transit: (Int) -> Double?) -> [JitterArrival] {
        (0..<packets).compactMap { number in
            transit(number).map { JitterArrival(Double(number) * 20 + $0, number) }
        }
        .sorted { ($0.milliseconds, $0.sequence) < ($1.milliseconds, $1.sequence) }
    }

    private static func normal(_ generator: inout SeededGenerator) -> Double {
        let (a, b) = (Double.random(in: 1e-12..<1, using: &generator), Double.random(in: 0..<1, using: &generator))
        return (-2 * log(a)).squareRoot() * cos(2 * .pi * b)
    }

    public static func steady(at transit: Double) -> [JitterArrival] { trace { _ in transit } }

    public static func jitter(deviation: Double, seed: UInt64) -> [JitterArrival] {
        var generator = SeededGenerator(seed: seed)
        return trace { _ in 55 + abs(normal(&generator)) * deviation }
    }

    public static func loss(share: Double, burst: Int, seed: UInt64) -> [JitterArrival] {
        var generator = SeededGenerator(seed: seed)
        var left = 0
        return trace { number in
            if left == 0, Double.random(in: 0..<1, using: &generator) < share / Double(burst), number > 5 {
                left = burst
            }
            let transit = 30 + abs(normal(&generator)) * 5
            guard left > 0 else { return transit }
            left -= 1
            return nil
        }
    }

    /// Delay spikes that drain: each at `starts` for so many milliseconds.
    public static func spikes(_ spikes: [(start: Double, height: Double)], seed: UInt64) -> [JitterArrival] {
        var generator = SeededGenerator(seed: seed)
        return trace { number in
            let sent = Double(number) * 20
            let usual = 40 + abs(normal(&generator)) * 5
            for spike in spikes where sent >= spike.start && sent < spike.start + spike.height {
                return max(usual, spike.start + spike.height - sent + Double(number % 3))
            }
            return usual
        }
    }

    public static func reorder(share: Double, seed: UInt64) -> [JitterArrival] {
        var generator = SeededGenerator(seed: seed)
        return trace { _ in
            Double.random(in: 0..<1, using: &generator) < share
                ? 40 + Double.random(in: 20...60, using: &generator) : 40
        }
    }

    public static func drift(partsPerMillion: Double, seed: UInt64) -> [JitterArrival] {
        var generator = SeededGenerator(seed: seed)
        return trace { number in
            60 + Double(number) * 20 * partsPerMillion / 1e6 + abs(normal(&generator)) * 3
        }
    }

    public static func step(by height: Double, from: Int, to: Int, seed: UInt64) -> [JitterArrival] {
        var generator = SeededGenerator(seed: seed)
        return trace { number in
            40 + abs(normal(&generator)) * 3 + ((from..<to).contains(number) ? height : 0)
        }
    }
}
