import AudioQuality
import Engine
import Testing

@Suite("Noise reducer")
struct NoiseReducerTests {
    private func noisy(_ level: Double, seconds: Double) -> EchoScenario {
        var line = EchoScenario.Line(delay: 0, loss: nil)
        line.noise = level
        return EchoScenario(far: [Int16](repeating: 0, count: Int(seconds * 8000)), line: line)
    }

    /// - Parameter step: of the frames in `learning`, every so many are learned from.
    private func energy(
        _ scenario: EchoScenario,
        from start: Int,
        learning: Range<Int>,
        every step: Int = 1
    ) -> (before: Double, after: Double) {
        let stage = EchoStage()
        var configuration = NoiseReducer.Configuration()
        configuration.levels = false
        var reducer = NoiseReducer(after: stage, configuration: configuration)
        var (before, after) = (0.0, 0.0)
        for number in 0..<scenario.frames {
            var frame = scenario.frame(scenario.near, number)
            if number >= start {
                for index in 0..<Frame.samples { before += Double(frame[index]) * Double(frame[index]) }
            }
            if learning.contains(number) {
                if number % step == 0 { reducer.learn(frame) }
            } else {
                reducer.process(&frame)
            }
            if number >= start {
                for index in 0..<Frame.samples { after += Double(frame[index]) * Double(frame[index]) }
            }
        }
        return (before, after)
    }

    @Test(arguments: [-50.0, -40, -30])
    func lowersSteadyNoise(level: Double) {
        let energies = energy(noisy(level, seconds: 4), from: 100, learning: 0..<0)
        #expect(energies.after < energies.before / 10)
    }

    /// What a turn hears after a pause: the noise was learned from one frame of four only, and the pre-roll settles it.
    @Test(arguments: [-50.0, -40, -30]) func learnsTheNoiseOfFramesThatNobodyHears(level: Double) {
        let scenario = noisy(level, seconds: 12)
        let always = energy(scenario, from: 560, learning: 0..<0)
        let seldom = energy(scenario, from: 560, learning: 0..<545, every: 4)
        #expect(seldom.after < seldom.before / 10)
        // Within 2 dB of a reducer that heard every frame.
        #expect(seldom.after < always.after * 1.6)
    }

    @Test func learningLeavesTheFrameAsItIs() {
        let stage = EchoStage()
        var reducer = NoiseReducer(after: stage)
        let scenario = noisy(-30, seconds: 1)
        let frame = scenario.frame(scenario.near, 3)
        reducer.learn(frame)
        for index in 0..<Frame.samples { #expect(frame[index] == scenario.near[480 + index]) }
    }

    @Test func raisesAQuietCaller() throws {
        let voice = try EchoMaterial(Corpus()).agent(voice: "rms", seconds: 10, seed: 2)
        let stage = EchoStage()
        var reducer = NoiseReducer(after: stage)
        var (before, after) = (0.0, 0.0)
        for number in 0..<500 {
            var frame = FrameSamples(repeating: 0)
            for index in 0..<Frame.samples { frame[index] = voice[number * 160 + index] / 8 }
            if number > 350 { for index in 0..<Frame.samples { before += Double(frame[index]) * Double(frame[index]) } }
            reducer.process(&frame)
            if number > 350 { for index in 0..<Frame.samples { after += Double(frame[index]) * Double(frame[index]) } }
        }
        #expect(after > 2 * before)
    }
}
