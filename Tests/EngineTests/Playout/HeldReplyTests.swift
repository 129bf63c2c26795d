import Codecs
import Engine
import TestSupport
import Testing

/// A reply that is made ready in the caller's pause sounds in the tick in which the turn ends, and never before.
@Suite("Held replies")
struct HeldReplyTests {
    private static let speech = "speech/flite_slt_05.ulaw"

    private static func configuration() -> PipelineConfiguration {
        var configuration = PipelineConfiguration()
        configuration.turn.pauseSilence = .milliseconds(100)
        return configuration
    }

    private struct Paused: ~Copyable {
        var rig: PipelineRig
        let pause: Int32
    }

    /// A caller who has said a sentence and pauses.
    private func paused(_ configuration: PipelineConfiguration = configuration()) throws -> Paused {
        var rig = PipelineRig(configuration)
        let speech = try Fixtures.bytes(Self.speech)
        for start in stride(from: 0, to: speech.count - 160, by: 160) {
            rig.step(caller: Array(speech[start..<start + 160]))
            if start > speech.count / 2, let last = rig.ports.events.last, case .callerPaused(_, let pause, _, _) = last
            {
                return Paused(rig: rig, pause: pause)
            }
        }
        throw NoPause()
    }

    private struct NoPause: Error {}

    private static func pauses(_ events: [CallEvent]) -> [Int32] {
        events.compactMap { if case .callerPaused(_, let pause, _, _) = $0 { pause } else { nil } }
    }

    private static func hold(_ number: Int32, pause: Int32, frames: Int, _ rig: inout PipelineRig) {
        rig.reply(number, frames: frames)
        rig.ports.commands = rig.ports.commands.map {
            if case .beginReply(number) = $0 { .holdReply(number, pause: pause) } else { $0 }
        }
    }

    private static func audible(_ rig: borrowing PipelineRig) -> [(reply: Int32, at: MediaInstant)] {
        rig.ports.events.compactMap { if case .replyAudible(let reply, let at) = $0 { (reply, at) } else { nil } }
    }

    private static func expect(
        _ replies: [Int32],
        audibleOn rig: borrowing PipelineRig,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let heard = audible(rig).map(\.reply)
        #expect(heard == replies, sourceLocation: sourceLocation)
    }

    private static func ended(_ rig: borrowing PipelineRig) -> MediaInstant? {
        rig.ports.events.compactMap { if case .callerEnded(_, _, let at) = $0 { at } else { nil } }.last
    }

    @Test func aHeldReplySoundsInTheTickThatEndsTheTurn() throws {
        var paused = try paused()
        Self.hold(1, pause: paused.pause, frames: 50, &paused.rig)
        paused.rig.quiet(10)
        let early = Self.ended(paused.rig)
        #expect(early == nil)
        #expect(!paused.rig.ports.sent.contains { $0.kind == .audio })
        paused.rig.quiet(80)
        let (ended, audible) = (Self.ended(paused.rig), Self.audible(paused.rig).map(\.at))
        #expect(ended != nil && audible == [ended])
        // The turn's end is known before its answer is heard.
        let kinds = paused.rig.ports.events.compactMap { event in
            switch event {
            case .callerEnded: "ended"
            case .replyAudible: "audible"
            case .replyPlayed: "played"
            default: nil
            }
        }
        #expect(kinds == ["ended", "audible", "played"])
        #expect(paused.rig.played.count == 50)
    }

    @Test func aCallerWhoGoesOnHearsNothingOfIt() throws {
        var paused = try paused()
        Self.hold(1, pause: paused.pause, frames: 50, &paused.rig)
        paused.rig.quiet(8)
        let speech = try Fixtures.bytes(Self.speech)
        paused.rig.say(Array(speech[5_000...]))
        // The next pause has its own answer; nobody has told the pipeline that the first one is void.
        let second = try #require(Self.pauses(paused.rig.ports.events).last)
        #expect(second > paused.pause)
        #expect(paused.rig.ports.events.contains { if case .callerResumed = $0 { true } else { false } })
        paused.rig.quiet(80)
        Self.expect([], audibleOn: paused.rig)
        let ended = Self.ended(paused.rig)
        #expect(ended != nil)
        #expect(!paused.rig.ports.sent.contains { $0.kind == .audio })
    }

    @Test func theAnswerOfTheLastPauseIsTheOneThatSounds() throws {
        var paused = try paused()
        // More than the ring of a live call holds, all of it in the way of what comes after.
        Self.hold(1, pause: paused.pause, frames: 120, &paused.rig)
        paused.rig.quiet(8)
        let speech = try Fixtures.bytes(Self.speech)
        let before = paused.pause
        var start = 5_000
        var last = before
        while last == before, start < speech.count - 160 {
            paused.rig.step(caller: Array(speech[start..<start + 160]))
            start += 160
            guard start > speech.count / 2, let event = paused.rig.ports.events.last,
                case .callerPaused(_, let pause, _, _) = event
            else { continue }
            last = pause
        }
        Self.hold(2, pause: last, frames: 40, &paused.rig)
        paused.rig.quiet(120)
        Self.expect([2], audibleOn: paused.rig)
        #expect(paused.rig.played.count == 40)
    }

    @Test func aReplyHeldTooLateIsPlayedAtOnceAndOneForAnOldPauseNever() throws {
        var late = try paused()
        late.rig.quiet(40)
        Self.hold(1, pause: late.pause, frames: 10, &late.rig)
        late.rig.quiet(1)
        Self.expect([1], audibleOn: late.rig)
        Self.hold(2, pause: late.pause - 1, frames: 10, &late.rig)
        late.rig.quiet(40)
        Self.expect([1], audibleOn: late.rig)
    }

    @Test func aDiscardedReplyIsNeverHeardAndTheNextOneIs() throws {
        var paused = try paused()
        Self.hold(1, pause: paused.pause, frames: 50, &paused.rig)
        paused.rig.quiet(4)
        paused.rig.ports.commands.append(.discardReply(1))
        paused.rig.quiet(40)
        Self.expect([], audibleOn: paused.rig)
        paused.rig.reply(2, frames: 10)
        paused.rig.quiet(40)
        Self.expect([2], audibleOn: paused.rig)
        #expect(paused.rig.played.count == 10)
    }

    @Test func aStopVoidsWhatIsHeld() throws {
        var paused = try paused()
        Self.hold(1, pause: paused.pause, frames: 50, &paused.rig)
        paused.rig.quiet(4)
        paused.rig.ports.commands.append(.stopSpeaking)
        paused.rig.quiet(60)
        Self.expect([], audibleOn: paused.rig)
    }

    @Test func anotherReplyTakesThePlaceOfWhatIsHeld() throws {
        var paused = try paused()
        Self.hold(1, pause: paused.pause, frames: 50, &paused.rig)
        paused.rig.quiet(4)
        paused.rig.reply(2, frames: 10)
        paused.rig.quiet(2)
        Self.expect([2], audibleOn: paused.rig)
    }

    @Test func theRecogniserIsToldOfPausesInOrderWithItsAudio() throws {
        var paused = try paused()
        paused.rig.quiet(40)
        let kinds = paused.rig.ports.heard.filter { $0.kind != .audio }.map(\.kind)
        #expect(kinds.first == .begin)
        #expect(kinds.suffix(2) == [.pause, .end])
        // 100 ms of silence are in it before the pause is told; the rest follows.
        let pauseIndex = try #require(paused.rig.ports.heard.lastIndex { $0.kind == .pause })
        let after = paused.rig.ports.heard[pauseIndex...].filter { $0.kind == .audio }.count
        #expect(after == 21)
    }

    @Test func aWaitingCallerHearsNoComfortNoiseBeforeTheTurnEnds() throws {
        var configuration = Self.configuration()
        configuration.comfortNoise = 20
        var paused = try paused(configuration)
        Self.hold(1, pause: paused.pause, frames: 0, &paused.rig)
        paused.rig.ports.speech = []
        paused.rig.quiet(15)
        #expect(!paused.rig.ports.sent.contains { $0.kind == .audio })
        paused.rig.quiet(30)
        #expect(paused.rig.ports.sent.contains { $0.kind == .audio })
    }

    @Test func wordsAloneStopAnAgentThatSoundDoesNot() {
        var configuration = BargeInMachine.Configuration()
        configuration.stopsBySound = false
        var machine = BargeInMachine(configuration: configuration)
        machine.agentStarted()
        var outputs: [BargeInMachine.Output] = []
        for frame in 1...60 {
            let now = MediaInstant(milliseconds: Int64(frame) * 20)
            let output = machine.handle(isSpeech: frame <= 40, isProtected: false, now: now)
            if output != .none { outputs.append(output) }
        }
        #expect(!outputs.contains { if case .stop = $0 { true } else { false } })
        #expect(outputs.first == .duck && outputs.last == .restore)
    }
}
