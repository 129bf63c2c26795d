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
        let outputs = run(frames((".", 10), ("#", 30), (".", 26)))
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

    @Test(arguments: [(24, 1), (25, 1), (26, 2)])
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

    // MARK: Pauses

    private func pausing(_ milliseconds: Int = 100) -> TurnMachine.Configuration {
        var configuration = TurnMachine.Configuration()
        configuration.pauseSilence = .milliseconds(milliseconds)
        return configuration
    }

    @Test func aPauseIsToldOnceAndBeforeTheEnd() {
        let outputs = run(frames(("#", 20), (".", 40)), pausing())
        #expect(
            outputs == [
                .started(turn: 1, onset: .zero),
                .paused(turn: 1, pause: 1, lastSpeech: MediaInstant(milliseconds: 400)),
                .ended(turn: 1, lastSpeech: MediaInstant(milliseconds: 400)),
            ]
        )
    }

    @Test func aCallerWhoGoesOnIsToldAndPausesAgain() {
        let outputs = run(frames(("#", 20), (".", 10), ("#", 5), (".", 8), ("#", 5), (".", 40)), pausing())
        #expect(
            outputs == [
                .started(turn: 1, onset: .zero),
                .paused(turn: 1, pause: 1, lastSpeech: MediaInstant(milliseconds: 400)), .resumed(turn: 1),
                .paused(turn: 1, pause: 2, lastSpeech: MediaInstant(milliseconds: 700)), .resumed(turn: 1),
                .paused(turn: 1, pause: 3, lastSpeech: MediaInstant(milliseconds: 960)),
                .ended(turn: 1, lastSpeech: MediaInstant(milliseconds: 960)),
            ]
        )
    }

    @Test(arguments: [(4, 100, 0), (5, 100, 1), (6, 100, 1), (5, 120, 0), (20, 0, 0)])
    func aPauseIsAsLongAsItIsConfigured(silence: Int, pause: Int, told: Int) {
        let outputs = run(frames(("#", 20), (".", silence), ("#", 2)), pausing(pause))
        #expect(outputs.count == 1 + 2 * told)
    }

    @Test func pausesAreNumberedThroughTheCall() {
        let one = frames(("#", 10), (".", 40))
        let pauses = run(one + one, pausing()).compactMap { output in
            if case .paused(let turn, let pause, _) = output { [turn, pause] } else { nil }
        }
        #expect(pauses == [[1, 1], [2, 2]])
    }

    /// - Returns: the silence after which the turn ended, ms.
    private func endSilence(afterAsking silence: Int, forPause pause: Int32, atSilentFrame frame: Int) -> Int64? {
        var machine = TurnMachine(configuration: pausing())
        for index in 1...90 {
            let now = MediaInstant(milliseconds: Int64(index) * 20)
            if index == 20 + frame { machine.setEndSilence(.milliseconds(silence), forPause: pause) }
            if case .ended(_, let last) = machine.handle(isSpeech: index <= 20, now: now) {
                return now.milliseconds - last.milliseconds
            }
        }
        return nil
    }

    @Test(
        arguments: [
            (700, 1, 10, 700), (900, 1, 10, 900), (5_000, 1, 10, 900), (300, 1, 10, 520), (-1, 1, 10, 520),
            (700, 2, 10, 520), (700, 0, 10, 520), (700, 1, 3, 520), (700, 1, 26, 700), (700, 1, 27, 520),
        ] as [(Int, Int32, Int, Int64)]
    ) func theEndOfOnePauseIsMovedWithinItsBounds(asked: Int, pause: Int32, frame: Int, ended: Int64) {
        #expect(endSilence(afterAsking: asked, forPause: pause, atSilentFrame: frame) == ended)
    }

    @Test func aShorterSilenceIsEffectiveAtOnce() {
        var configuration = pausing()
        configuration.shortestEndSilence = .milliseconds(200)
        var machine = TurnMachine(configuration: configuration)
        var ended: Int64?
        for index in 1...60 {
            let now = MediaInstant(milliseconds: Int64(index) * 20)
            if index == 36 { machine.setEndSilence(.milliseconds(200), forPause: 1) }
            if case .ended = machine.handle(isSpeech: index <= 20, now: now), ended == nil { ended = now.milliseconds }
        }
        #expect(ended == 720)
    }

    @Test func aCallerWhoGoesOnIsJudgedAnew() {
        var machine = TurnMachine(configuration: pausing())
        var ended: Int64?
        for index in 1...100 {
            let now = MediaInstant(milliseconds: Int64(index) * 20)
            if index == 30 { machine.setEndSilence(.milliseconds(900), forPause: 1) }
            let output = machine.handle(isSpeech: index <= 20 || (31...40).contains(index), now: now)
            if case .ended(_, let last) = output { ended = now.milliseconds - last.milliseconds }
        }
        #expect(ended == 520)
    }

    /// `?` may be the onset of speech.
    @Test(
        arguments: [
            (0, 0, 520), (1, 0, 540), (3, 0, 580), (6, 0, 640), (20, 0, 640), (3, 5, nil), (6, 5, nil), (7, 5, 640),
        ] as [(Int, Int, Int64?)]
    ) func whatMayBeAnOnsetHoldsTheEndUpForAMoment(doubtful: Int, speech: Int, ended: Int64?) {
        var configuration = TurnMachine.Configuration()
        configuration.longestDoubt = .milliseconds(120)
        var machine = TurnMachine(configuration: configuration)
        var ends: [Int64] = []
        let pattern = frames(("#", 20), (".", 25), ("?", doubtful), ("#", speech), (".", 15))
        for (index, frame) in pattern.enumerated() {
            let now = MediaInstant(milliseconds: Int64(index + 1) * 20)
            let output = machine.handle(isSpeech: frame == "#", mayBeSpeech: frame == "?", now: now)
            if case .ended(_, let last) = output { ends.append(now.milliseconds - last.milliseconds) }
        }
        #expect(ends.first == ended)
    }

    @Test func whatBecameOfAPauseIsKnown() {
        var machine = TurnMachine(configuration: pausing())
        var fates: [TurnMachine.Pause] = []
        func run(_ frames: String, from start: Int) {
            for (index, frame) in frames.enumerated() {
                _ = machine.handle(isSpeech: frame == "#", now: MediaInstant(milliseconds: Int64(start + index) * 20))
            }
            fates.append(machine.fate(ofPause: 1))
        }
        run(frames(("#", 20), (".", 3)), from: 1)
        run(frames((".", 5)), from: 24)
        run(frames(("#", 1)), from: 29)
        run(frames((".", 10)), from: 30)
        #expect(fates == [.over, .on, .over, .over])
        #expect(machine.fate(ofPause: 2) == .on)
        run(frames((".", 30)), from: 40)
        #expect(machine.fate(ofPause: 2) == .endedTurn)
        run(frames(("#", 10)), from: 70)
        #expect(machine.fate(ofPause: 2) == .over)
    }

    @Test func aTurnThatWasNothingHoldsNothing() {
        var configuration = pausing()
        configuration.minimumSpeech = .milliseconds(300)
        let outputs = run(frames(("#", 8), (".", 40)), configuration)
        #expect(outputs.last == .dropped(turn: 1))
        #expect(outputs.count == 3)
    }
}
