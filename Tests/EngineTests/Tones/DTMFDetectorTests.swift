import AudioQuality
import CAllocations
import Engine
import TestSupport
import Testing

@Suite("DTMF detector")
struct DTMFDetectorTests {
    @Test(arguments: [45.0, 60, 100, 333, 1_000]) func aReleasedKeyHasItsLength(length: Double) {
        for key in DTMFKey.all {
            var signal = ToneSignal([key])
            signal.onMilliseconds = length
            signal.alignment = Int(key.index) * 11
            let heard = ToneHearing(signal.samples)
            #expect(heard.pressed == [key])
            #expect(heard.released.map(\.key) == [key])
            #expect(heard.released.allSatisfy { abs(Double($0.milliseconds) - length) <= 5 }, "\(heard.released)")
        }
    }

    @Test func keysThatFollowEachOtherWithoutAPauseAreTwo() {
        var signal = ToneSignal(DTMFKey.all)
        signal.onMilliseconds = 80
        signal.offMilliseconds = 0
        let heard = ToneHearing(signal.samples)
        #expect(heard.pressed == DTMFKey.all)
        #expect(heard.released.map(\.key) == DTMFKey.all)
    }

    @Test func aKeyHeldForAMinuteIsPressedOnce() {
        var signal = ToneSignal([DTMFKey(row: 1, column: 2)])
        signal.onMilliseconds = 60_000
        signal.noiseRatio = 20
        let heard = ToneHearing(signal.samples)
        #expect(heard.pressed.map(\.description) == ["6"])
        #expect(heard.released.allSatisfy { abs($0.milliseconds - 60_000) <= 10 })
    }

    /// A voice that sings exactly the two tones has overtones, a keypad has not.
    @Test(arguments: [0.0, 0.2, 0.5]) func secondHarmonicsAreNoKey(share: Double) {
        // 941 and 1209 Hz: twice the row is far from any column.
        let key = DTMFKey(row: 3, column: 0)
        var samples = [Int16](repeating: 0, count: 4_000)
        let tones = [941.0, 1_209].map { Wave(hertz: $0, amplitude: 4_000) }
        let overtones = [1_882.0, 2_418].map { Wave(hertz: $0, amplitude: 4_000 * share) }
        for index in 800..<2_400 {
            samples[index] = Int16((tones + overtones).reduce(0) { $0 + $1.value(at: index) })
        }
        var limits = DTMFLimits()
        // Off, so that only the harmonics decide.
        limits.purity = 0.1
        #expect(ToneHearing(samples, limits: limits).pressed == (share * share < Double(limits.harmonic) ? [key] : []))
    }

    @Test func oneToneAloneIsNoKey() {
        for hertz in [697.0, 941, 1_209, 1_633, 440, 1_000, 2_100] {
            let wave = Wave(hertz: hertz, amplitude: 12_000)
            let heard = ToneHearing((0..<16_000).map { Int16(wave.value(at: $0)) })
            #expect(heard.pressed.isEmpty, "\(hertz) Hz")
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func fullScaleNoiseIsNoKey(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let noise = (0..<480_000).map { _ in Int16.random(in: .min ... .max, using: &random) }
        #expect(ToneHearing(noise).pressed.isEmpty, "seed \(seed)")
    }

    @Test(.enabled(if: AllocationCounter.works && AllocationCounter.isOptimised)) func nothingIsAllocated() throws {
        var signal = ToneSignal(DTMFKey.all)
        signal.noiseRatio = 20
        let samples = signal.samples
        var detector = DTMFDetector()
        var frame = FrameSamples(repeating: 0)
        var pressed = 0
        allocations_begin()
        for start in stride(from: 0, to: samples.count - 160, by: 160) {
            for index in 0..<160 { frame[index] = samples[start + index] }
            if detector.process(frame).pressed != nil { pressed += 1 }
        }
        let count = allocations_end()
        #expect(count == 0)
        #expect(pressed == 16)
    }

    @Test func keysAreNamedAsOnTheKeypad() {
        #expect(DTMFKey.all.map(\.description).joined() == "123A456B789C*0#D")
        #expect(DTMFKey.all.allSatisfy { DTMFKey(ascii: $0.ascii) == $0 })
        #expect(DTMFKey(ascii: 0x63)?.description == "C")
        #expect((UInt8.min...UInt8.max).filter { DTMFKey(ascii: $0) != nil }.count == 20)
    }
}

/// A sine by its phase; no cleverness, so that it can be trusted.
private struct Wave {
    var hertz: Double
    var amplitude: Double
    func value(at index: Int) -> Double {
        amplitude * sine(2 * .pi * hertz * Double(index) / 8_000)
    }
}
