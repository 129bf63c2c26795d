import Engine
import Testing

@Suite("Concealment")
struct ConcealmentTests {
    private static func tone(_ period: Int, from start: Int) -> FrameSamples {
        var frame = FrameSamples(repeating: 0)
        for index in 0..<160 {
            // A saw of 5 ms to 15 ms: voiced speech at its simplest.
            frame[index] = Int16(((start + index) % period) * 16_000 / period - 8000)
        }
        return frame
    }

    private static func meanSquare(_ frame: FrameSamples) -> Double {
        (0..<160).reduce(0) { $0 + Double(frame[$1]) * Double(frame[$1]) } / 160
    }

    @Test(arguments: [40, 57, 80, 120])
    func aVoiceGoesOnAtItsPitch(period: Int) {
        var concealment = Concealment()
        for number in 0..<4 { concealment.heard(Self.tone(period, from: number * 160)) }
        var invented = FrameSamples(repeating: 0)
        let isNoise = concealment.fill(&invented)
        #expect(!isNoise)
        let expected = Self.tone(period, from: 640)
        // After the fade from the mirror image, 10 ms at full level in phase; the quarter before a period's end is bent.
        let near = (30..<80).count { abs(Int(invented[$0]) - Int(expected[$0])) < 1600 }
        #expect(near >= 35, "\(near) of 50")
        #expect(Self.meanSquare(invented) > Self.meanSquare(expected) * 0.4)
    }

    @Test func itFadesToNoiseOfTheLinesBackgroundAfter60Milliseconds() {
        var concealment = Concealment()
        var hiss = ComfortNoise(level: 20, seed: 5)
        var frame = FrameSamples(repeating: 0)
        for _ in 0..<300 {
            hiss.fill(&frame)
            concealment.heard(frame)
            concealment.learn(frame)
        }
        for number in 0..<5 { concealment.heard(Self.tone(57, from: number * 160)) }
        var levels: [Double] = []
        var isNoise: [Bool] = []
        for _ in 0..<6 {
            isNoise.append(concealment.fill(&frame))
            levels.append(Self.meanSquare(frame).squareRoot())
        }
        #expect(isNoise == [false, false, false, true, true, true])
        #expect(levels[0] > levels[1] && levels[1] > levels[2] && levels[2] > levels[3])
        for level in levels[3...] { #expect((8...32).contains(level), "\(levels)") }
    }

    @Test func theNextGoodSamplesAreFadedIn() {
        var concealment = Concealment()
        for number in 0..<4 { concealment.heard(Self.tone(80, from: number * 160)) }
        var frame = FrameSamples(repeating: 0)
        for _ in 0..<3 { concealment.fill(&frame) }
        let last = frame[159]
        let original = FrameSamples(repeating: 9000)
        var good = original
        let isFaded = concealment.merge(&good)
        #expect(isFaded)
        #expect(abs(Int(good[0]) - Int(last)) < 1500)
        // 10 ms at most.
        for index in 80..<160 { #expect(good[index] == 9000) }
        good = original
        let isFadedAgain = concealment.merge(&good)
        #expect(!isFadedAgain)
        #expect(good[0] == 9000)
    }

    @Test func withoutAPastItIsQuiet() {
        var concealment = Concealment()
        var frame = FrameSamples(repeating: 77)
        concealment.fill(&frame)
        #expect(Self.meanSquare(frame).squareRoot() < 20)
    }
}

@Suite("Comfort noise")
struct ComfortNoiseTests {
    @Test(arguments: [1, 10, 100, 1000] as [Float])
    func itHasItsLevel(level: Float) {
        var noise = ComfortNoise(level: level, seed: 11)
        var frame = FrameSamples(repeating: 0)
        var sum = 0.0
        for _ in 0..<100 {
            noise.fill(&frame)
            for index in 0..<160 { sum += Double(frame[index]) * Double(frame[index]) }
        }
        let measured = (sum / 16_000).squareRoot()
        #expect(abs(measured / Double(level) - 1) < (level < 5 ? 0.15 : 0.05), "\(measured)")
    }

    @Test func theSeedDecidesTheNoise() {
        func noise(_ seed: UInt64) -> [Int16] {
            var noise = ComfortNoise(level: 100, seed: seed)
            var frame = FrameSamples(repeating: 0)
            noise.fill(&frame)
            return (0..<160).map { frame[$0] }
        }
        #expect(noise(1) == noise(1))
        #expect(noise(1) != noise(2))
        #expect(noise(0).contains { $0 != 0 })
    }

    @Test func itIsAddedWithoutWrapping() {
        var noise = ComfortNoise(level: 5000, seed: 2)
        var frame = FrameSamples(repeating: 32_000)
        noise.add(to: &frame)
        for index in 0..<160 { #expect(frame[index] > 0) }
    }
}
