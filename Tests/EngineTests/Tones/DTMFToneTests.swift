import AudioQuality
import Engine
import Foundation
import Testing

/// The C library's sine, for suites that need nothing else of Foundation.
func sine(_ angle: Double) -> Double { sin(angle) }

@Suite("DTMF tone")
struct DTMFToneTests {
    private static func samples(_ tone: DTMFTone, chunk: Int = 160) -> [Int16] {
        var tone = tone
        var output: [Int16] = []
        while !tone.isFinished {
            var room = [Int16](repeating: 99, count: chunk)
            var span = room.mutableSpan
            let count = tone.write(into: &span)
            #expect(room[count...].allSatisfy { $0 == 0 })
            output += room[..<count]
        }
        return output
    }

    @Test(arguments: [(40, 40), (100, 100), (65, 45)]) func theDetectorHearsWhatIsSent(on: Int, off: Int) {
        let tone = DTMFTone(DTMFKey.all, timing: .init(onMilliseconds: on, offMilliseconds: off))
        let heard = ToneHearing(Self.samples(tone) + [Int16](repeating: 0, count: 800))
        #expect(heard.pressed == DTMFKey.all)
        // The edges shorten what is heard.
        #expect(heard.released.allSatisfy { abs($0.milliseconds - on) <= 7 })
    }

    @Test func aSequenceHasItsLengthWhateverTheChunks() {
        let tone = DTMFTone(Array(DTMFKey.all.prefix(3)), timing: .init(onMilliseconds: 50, offMilliseconds: 30))
        #expect(tone.sampleCount == 3 * 640)
        let whole = Self.samples(tone, chunk: 1_920)
        #expect(whole.count == 1_920)
        for chunk in [1, 7, 160, 333] { #expect(Self.samples(tone, chunk: chunk) == whole) }
        #expect(whole[400..<640].allSatisfy { $0 == 0 })
        #expect(DTMFTone([]).isFinished)
    }

    @Test(arguments: [-25.0, -9, -3]) func theLevelIsTheOneAskedFor(level: Double) {
        let timing = DTMFTone.Timing(onMilliseconds: 1_000, offMilliseconds: 0)
        let audio = Self.samples(
            DTMFTone([DTMFKey(row: 0, column: 0)], timing: timing, levels: .init(row: level, column: level))
        )
        let power = audio.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(audio.count)
        // Two tones have twice the power of one; the edges take 0.4 %.
        #expect(abs(10 * log10(power / (2 * TelephoneLevel.meanSquare(dBm0: level)))) < 0.1)
    }

    @Test func theEdgesDoNotClick() {
        let audio = Self.samples(DTMFTone(DTMFKey.all))
        #expect((0..<16).allSatisfy { abs(Int(audio[$0 * 1_600])) < 100 && abs(Int(audio[$0 * 1_600 + 799])) < 100 })
    }

    @Test func overloadClips() {
        let tone = DTMFTone([DTMFKey(row: 0, column: 0)], levels: .init(row: 3, column: 3))
        #expect(Self.samples(tone).max() == 32_636)
    }
}
