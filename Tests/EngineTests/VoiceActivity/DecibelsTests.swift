import Engine
import Foundation
import TestSupport
import Testing

@Suite("Decibels")
struct DecibelsTests {
    private static let powers: [Float] =
        [
            0, .leastNonzeroMagnitude, .leastNormalMagnitude, 1e-10, 0.5, 1, 1.414_213_5, 1.414_213_6, 2, 1e9,
            .greatestFiniteMagnitude,
        ]
        + (-120...120).map { Foundation.pow(10, Float($0) / 10) * 1.37 }

    @Test func agreeWithTheMathsLibrary() {
        for power in Self.powers where power >= .leastNormalMagnitude {
            let exact = 10 * Foundation.log10(Double(power))
            #expect(abs(Double(Decibels.ofPower(power)) - exact) < 0.001)
        }
    }

    @Test func fourAtOnceAreFourAlone() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<2_000 {
            var four = SIMD4<Float>()
            for lane in 0..<4 { four[lane] = Self.powers.randomElement(using: &random) ?? 1 }
            let levels = Decibels.ofPowers(four)
            for lane in 0..<4 { #expect(levels[lane].bitPattern == Decibels.ofPower(four[lane]).bitPattern) }
        }
    }

    @Test func powersAgreeWithTheMathsLibrary() {
        for hundredths in -30_000...30_000 where hundredths % 7 == 0 {
            let level = Float(hundredths) / 100
            let four = SIMD4(level, -level, level / 3, 0.99 * level)
            let powers = Decibels.powers(of: four)
            for lane in 0..<4 {
                let exact = Foundation.pow(10, Double(four[lane]) / 10)
                #expect(abs(Double(powers[lane]) / exact - 1) < 0.001)
            }
        }
    }

    @Test func aLevelComesBackAsItsPower() {
        for tenths in -1_000...1_000 {
            let level = Float(tenths) / 10
            let there = Decibels.ofPowers(Decibels.powers(of: SIMD4(repeating: level)))
            #expect(abs(there[2] - level) < 0.01)
        }
    }
}
