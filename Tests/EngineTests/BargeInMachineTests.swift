import Engine
import Testing

@Suite("Barge-in machine")
struct BargeInMachineTests {
    /// One character per frame: `#` speech, `.` silence, `p` speech while protected. Returns outputs by frame number.
    private func run(
        _ frames: String,
        _ configuration: BargeInMachine.Configuration = .init()
    ) -> [(frame: Int, output: BargeInMachine.Output)] {
        var machine = BargeInMachine(configuration: configuration)
        var outputs: [(frame: Int, output: BargeInMachine.Output)] = []
        for (index, frame) in frames.enumerated() {
            let output = machine.handle(
                isSpeech: frame != ".",
                isProtected: frame == "p",
                now: MediaInstant(milliseconds: Int64(index + 1) * 20)
            )
            if output != .none { outputs.append((index + 1, output)) }
        }
        return outputs
    }

    private func text(_ pattern: (String, Int)...) -> String {
        pattern.map { String(repeating: $0.0, count: $0.1) }.joined()
    }

    @Test func steadySpeechDucksAt100MillisecondsAndStopsAt180() {
        let outputs = run(text((".", 10), ("#", 20)))
        #expect(outputs.map(\.frame) == [15, 19])
        #expect(outputs.map(\.output) == [.duck, .stop(onset: MediaInstant(milliseconds: 200))])
    }

    @Test func speechWithTwoHolesStillStopsWithinTheWindow() {
        let outputs = run(".....####.####.####")
        #expect(outputs.last?.output == .stop(onset: MediaInstant(milliseconds: 100)))
        #expect(outputs.last?.frame == 16)
    }

    @Test func aTenantMayAskForTwoWholeSeconds() {
        var configuration = BargeInMachine.Configuration()
        configuration.stopFrames = 100
        configuration.windowFrames = 125
        configuration.duckFrames = 0
        #expect(run(text(("#", 99), (".", 30)), configuration).isEmpty)
        #expect(run(text(("#", 60), (".", 20), ("#", 40)), configuration).map(\.frame) == [120])
    }

    @Test func aCoughDucksAndTheVoiceReturns() {
        let outputs = run(text((".", 5), ("#", 6), (".", 40)))
        #expect(outputs.map(\.output) == [.duck, .restore])
    }

    @Test func aClickDoesNothing() {
        #expect(run(text((".", 5), ("#", 3), (".", 40))).isEmpty)
    }

    @Test func nothingIsStoppedTwice() {
        let stops = run(text(("#", 60))).filter { if case .stop = $0.output { true } else { false } }
        #expect(stops.count == 1)
    }

    @Test func protectedSpeechCountsOnlyAfterTheProtection() {
        let outputs = run(text(("p", 30), ("#", 8)))
        #expect(!outputs.contains { if case .stop = $0.output { true } else { false } })
        #expect(run(text(("p", 30), ("#", 9))).last?.output == .stop(onset: MediaInstant(milliseconds: 600)))
    }

    /// 300 of 360 ms where the noise is within 8 dB of the talker, else 180 of 240 ms.
    @Test(arguments: [(20, 9), (8, 9), (7.9, 15), (-3, 15)] as [(Float, Int)])
    func closeNoiseAsksForMoreSpeech(decibels: Float, frames: Int) {
        var machine = BargeInMachine()
        var stopped: Int?
        for frame in 1...30 {
            let output = machine.handle(
                isSpeech: true,
                isProtected: false,
                talkerOverNoiseDecibels: decibels,
                now: MediaInstant(milliseconds: Int64(frame) * 20)
            )
            if case .stop(let onset) = output {
                stopped = frame
                #expect(onset == .zero)
            }
        }
        #expect(stopped == frames)
    }

    @Test func noiseNeverShortensATenantsPatience() {
        var configuration = BargeInMachine.Configuration()
        (configuration.stopFrames, configuration.windowFrames) = (40, 50)
        var machine = BargeInMachine(configuration: configuration)
        let stops = (1...60).filter { frame in
            let now = MediaInstant(milliseconds: Int64(frame) * 20)
            let output = machine.handle(isSpeech: true, isProtected: false, talkerOverNoiseDecibels: 0, now: now)
            if case .stop = output { return true } else { return false }
        }
        #expect(stops == [40])
    }

    /// One character per frame: `#` speech, `e` speech that the agent's echo explains, `.` silence.
    @Test(
        arguments: [
            ("eeeeeeeeeeeeeeeeeeeeeeeeeeeeee", nil, nil),
            ("eeeeeeee#########", 13, 17),
            ("###e###e###", 6, 11),
            ("#e#e#e#e#e#e#e#e#e#e", nil, nil),
        ] as [(String, Int?, Int?)]
    )
    func echoDoesNotInterrupt(frames: String, ducks: Int?, stops: Int?) {
        var machine = BargeInMachine()
        var (ducked, stopped): (Int?, Int?) = (nil, nil)
        for (index, frame) in frames.enumerated() {
            let output = machine.handle(
                isSpeech: frame != ".",
                isProtected: false,
                mayInterrupt: frame != "e",
                now: MediaInstant(milliseconds: Int64(index + 1) * 20)
            )
            switch output {
            case .none, .restore: break
            case .duck: ducked = index + 1
            case .stop: stopped = index + 1
            }
        }
        #expect(ducked == ducks)
        #expect(stopped == stops)
    }

    @Test func anEchoWhileLoweredDoesNotKeepTheVoiceDown() {
        var machine = BargeInMachine()
        var outputs: [BargeInMachine.Output] = []
        for frame in 1...40 {
            let output = machine.handle(
                isSpeech: true,
                isProtected: false,
                mayInterrupt: frame <= 5,
                now: MediaInstant(milliseconds: Int64(frame) * 20)
            )
            if output != .none { outputs.append(output) }
        }
        #expect(outputs == [.duck, .restore])
    }

    @Test func duckingCanBeSwitchedOff() {
        var configuration = BargeInMachine.Configuration()
        configuration.duckFrames = 0
        #expect(run(text(("#", 20)), configuration).map(\.output) == [.stop(onset: .zero)])
    }

    @Test func theAgentsNextSentenceStartsWithACleanWindow() {
        var machine = BargeInMachine()
        for frame in 1...8 {
            _ = machine.handle(isSpeech: true, isProtected: false, now: MediaInstant(milliseconds: Int64(frame) * 20))
        }
        machine.agentStarted()
        let next = machine.handle(isSpeech: true, isProtected: false, now: MediaInstant(milliseconds: 180))
        #expect(next == .none)
    }
}
