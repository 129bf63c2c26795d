import Engine
import Testing

@Suite("Turn machine")
struct TurnMachineTests {
    /// Feeds one character per frame: `#` speech, `.` silence.
    private func run(_ frames: String, _ configuration: TurnMachine.Configuration = .init()) -> [TurnMachine.Output] {
        var machine = TurnMachine(configuration: configuration)
        var outputs: [TurnMachine.Output] = []
        for (index, frame) in frames.enumerated() {
            let now = MediaInstant(milliseconds: Int64(index + 1) * 20)
            let output = machine.handle(isSpeech: frame == "#", now: now)
            if output != .none { outputs.append(output) }
        }
        return outputs
    }

    private func frames(_ pattern: (Character, Int)...) -> String {
        pattern.map { String(repeating: $0.0, count: $0.1) }.joined()
    }

    @Test func aTurnBeginsAtItsFirstSpeechFrameAndEndsAtItsLast() {
        let outputs = run(frames((".", 10), ("#", 30), (".", 31)))
        #expect(
            outputs == [
                .started(turn: 1, onset: MediaInstant(milliseconds: 200)),
                .ended(turn: 1, lastSpeech: MediaInstant(milliseconds: 800)),
            ]
        )
    }

    @Test(arguments: [1, 3, 5]) func speechShorterThanTheStartIsNoTurn(count: Int) {
        #expect(run(frames((".", 5), ("#", count), (".", 60))).isEmpty)
    }

    @Test func scatteredSpeechFramesWithinTheWindowBeginATurn() {
        let outputs = run("..##.##.##" + frames((".", 40)))
        #expect(outputs.first == .started(turn: 1, onset: MediaInstant(milliseconds: 40)))
    }

    @Test(arguments: [(29, 1), (30, 1), (31, 2)])
    func aPauseEndsTheTurnOnlyWhenItIsLongEnough(pause: Int, turns: Int) {
        let outputs = run(frames(("#", 20), (".", pause), ("#", 20), (".", 40)))
        let ended = outputs.filter { if case .ended = $0 { true } else { false } }
        #expect(ended.count == turns)
    }

    @Test func aTurnThatNeverEndsIsCut() {
        var configuration = TurnMachine.Configuration()
        configuration.maximumTurn = .seconds(2)
        let outputs = run(frames(("#", 150)), configuration)
        #expect(outputs.prefix(2).last == .ended(turn: 1, lastSpeech: MediaInstant(milliseconds: 2000)))
        #expect(outputs.contains(.started(turn: 2, onset: MediaInstant(milliseconds: 2000))))
    }

    @Test func aTurnWithTooLittleSpeechIsDropped() {
        var configuration = TurnMachine.Configuration()
        configuration.minimumSpeech = .milliseconds(300)
        let outputs = run(frames(("#", 8), (".", 40)), configuration)
        #expect(outputs == [.started(turn: 1, onset: .zero), .dropped(turn: 1)])
    }

    @Test func turnsAreNumberedOneAfterTheOther() {
        let one = frames(("#", 10), (".", 40))
        let starts = run(one + one + one).compactMap { if case .started(let turn, _) = $0 { turn } else { nil } }
        #expect(starts == [1, 2, 3])
    }
}
