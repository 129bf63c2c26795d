import Engine
import TestSupport
import Testing

/// A captured call, replayed in virtual time, gives what it gave.
@Suite("Capture and replay")
struct CaptureReplayTests {
    private func replay(_ bytes: [UInt8], shelf: RecordingShelf = .empty) throws -> CaptureReplay.Report {
        var replay = try CaptureReplay(bytes, shelf: shelf)
        return replay.run()
    }

    @Test(arguments: CapturedCase.allCases) func aCallIsReplayedBitForBit(kind: CapturedCase) throws {
        for seed in [1, 77, 4_711] as [UInt64] {
            let report = try replay(try kind.run(seed: seed), shelf: kind.shelf)
            #expect(report.isIdentical, "\(kind), seed \(seed): \(report)")
            #expect(report.ending == .complete)
            #expect(report.ticks > 100)
            #expect(report.checkpoints >= Int(report.length.components.seconds))
        }
    }

    @Test func theEventsOfTheCallComeAgainAtTheirTimes() throws {
        var call = CapturedCall()
        call.reply(1, frames: 300)
        call.quiet(40)
        call.say(try Fixtures.bytes("speech/flite_slt_00.ulaw"))
        call.quiet(60)
        call.command(.close(.agentHungUp))
        call.tick()
        let lived = call.events
        var again: [CallEvent] = []
        var replay = try CaptureReplay(call.bytes)
        let report = replay.run { again += $0.events }
        #expect(report.isIdentical)
        #expect(again == lived)
        #expect(lived.contains { if case .bargeIn = $0 { true } else { false } })
    }

    @Test func anotherPipelineIsFoundOutInTheSecondInWhichItDiffers() throws {
        // The captured pipeline ended a turn after 520 ms of silence; the replayed one is told 900 ms.
        let bytes = try CapturedCase.conversation.run()
        var other = PipelineConfiguration()
        other.turn.endSilence = .milliseconds(900)
        let report = try replay(try Captures.replacingHeader(of: bytes, with: other))
        let difference = try #require(report.firstDifference)
        #expect(!report.isIdentical)
        #expect(report.ending == .complete)
        // The greeting's 3 s agree; the turn ends in the seconds after.
        #expect(difference.after.milliseconds >= 3_000)
        #expect((900...1_100).contains(difference.by.milliseconds - difference.after.milliseconds))
    }

    @Test func aCallThatPlaysARecordingIsReplayedWithItsOwnShelfOnly() throws {
        let bytes = try CapturedCase.background.run()
        let own = CapturedCase.background.shelf
        let others: [RecordingShelf] = [
            .empty, RecordingShelf(own.recordings.reversed()), RecordingShelf([own.recordings[0]]),
        ]
        // Also a call that was cut off: the music began in its second second.
        for bytes in [bytes, Array(bytes[..<(bytes.count / 2)])] {
            for other in others {
                #expect(throws: CaptureError.otherRecordings) { try replay(bytes, shelf: other) }
            }
        }
        // What the shelf holds is heard: another one that passes for the call's own is found out.
        for other in others {
            let report = try replay(try Captures.replacingHeader(of: bytes, with: .init(), shelf: other), shelf: other)
            #expect(!report.isIdentical)
            let difference = try #require(report.firstDifference)
            #expect(difference.after.milliseconds >= 1_000)
        }
        #expect(CaptureError.otherRecordings.description.contains("--profiles"))
    }

    @Test(arguments: [CapturedCase.conversation, .hostile, .heldReply])
    func aCallThatPlaysNoRecordingIsReplayedWithoutItsShelf(kind: CapturedCase) throws {
        let bytes = try kind.run(shelf: CapturedCase.sounds)
        #expect(try CaptureReader(bytes).header.shelfFingerprint == CapturedCase.sounds.fingerprint)
        for shelf in [RecordingShelf.empty, RecordingShelf([[1, 2, 3]]), CapturedCase.sounds] {
            let report = try replay(bytes, shelf: shelf)
            #expect(report.isIdentical, "\(report)")
            #expect(report.ending == .complete)
        }
    }

    @Test func aCallThatIsCutOffBeforeItsMusicNeedsNoShelf() throws {
        let bytes = try CapturedCase.background.run()
        let header = Captures.headerLength(bytes)
        // Half a second of a quiet call: a tick has its audio and a few bytes.
        let cut = header + 25 * 172
        let report = try replay(Array(bytes[..<cut]))
        #expect(report.fault == .truncated(at: cut))
        #expect(report.ticks > 20)
        #expect(report.firstDifference == nil)
    }

    @Test func aSteadyTickOfAQuietCallCostsItsAudioAndAFewBytes() throws {
        let bytes = try CapturedCase.silence.run()
        let report = try replay(bytes)
        let perTick = Double(bytes.count) / Double(report.ticks)
        #expect(perTick < 172, "\(perTick) bytes for 160 bytes of audio")
    }

    @Test func speechIsPackedSmallerThanItIs() throws {
        let bytes = try CapturedCase.conversation.run()
        let silent = try CapturedCase.silence.run()
        var replay = try CaptureReplay(bytes)
        var sent = 0
        let report = replay.run { sent += $0.sent.filter { $0.kind == .audio }.count }
        let perTick = Double(silent.count) / 500
        let perFrame = (Double(bytes.count) - perTick * Double(report.ticks)) / Double(sent)
        #expect(perFrame < 240, "\(perFrame) bytes for 320 bytes of samples")
    }

    @Test func aCaptureNobodyReadsBreaksOffAndIsReadToThere() throws {
        var call = CapturedCall(capacity: 1 << 14, isDrained: false)
        call.quiet(400)
        #expect(call.breaks.value == 1)
        #expect(call.drain() == .over)
        let report = try replay(call.bytes)
        #expect(report.ending == .broken)
        #expect(report.isIdentical)
        #expect((50...100).contains(report.ticks), "\(report.ticks)")
    }

    @Test func everySettingOfThePipelineComesBack() throws {
        var configuration = PipelineConfiguration()
        configuration.turn.startFrames = 5
        configuration.turn.startWindow = 9
        configuration.turn.endSilence = .milliseconds(701)
        configuration.turn.maximumTurn = .seconds(31)
        configuration.turn.minimumSpeech = .milliseconds(121)
        configuration.bargeIn.stopFrames = 8
        configuration.bargeIn.windowFrames = 13
        configuration.bargeIn.duckFrames = 4
        configuration.bargeIn.restoreFrames = 21
        configuration.lead = .milliseconds(120)
        configuration.leadUnderPressure = .milliseconds(260)
        configuration.markEveryFrames = 24
        configuration.protectedStart = .milliseconds(1)
        configuration.idleAfter = .seconds(8)
        configuration.maximumCall = .seconds(901)
        configuration.closingTime = .seconds(16)
        configuration.stallIsSilence = .seconds(2)
        configuration.packetsPerTick = 127
        configuration.isRecorded = true
        configuration.bargeIn.noisyStopFrames = 14
        configuration.bargeIn.noisyWindowFrames = 17
        configuration.bargeIn.noisyWithinDecibels = 7.5
        configuration.echo.mode = .always
        configuration.echo.tailMilliseconds = 200
        configuration.noise.noiseDecibels = -14
        configuration.noise.echoDecibels = -21
        configuration.noise.echoWhileTalkingDecibels = -5
        configuration.noise.targetLevel = 7999
        configuration.noise.largestGainDecibels = 11
        configuration.noise.riseDecibelsPerSecond = 5
        configuration.noise.fallDecibelsPerSecond = -19
        configuration.noise.levels.toggle()
        configuration.hearsTones.toggle()
        configuration.framesPerSend = 1
        configuration.comfortNoise = 20
        configuration.turn.pauseSilence = .milliseconds(101)
        configuration.turn.shortestEndSilence = .milliseconds(301)
        configuration.turn.longestEndSilence = .milliseconds(1_201)
        configuration.bargeIn.stopsBySound.toggle()
        configuration.turn.longestDoubt = .milliseconds(121)
        configuration.onsetDecibels = 9
        let reader = try CaptureReader(try CapturedCase.silence.run(configuration))
        #expect(reader.header.configuration == configuration)
        // None was left at its default, or the comparison would say nothing of it.
        let defaults = Captures.leaves(PipelineConfiguration())
        let changed = Captures.leaves(configuration)
        #expect(defaults.count == changed.count)
        for (name, value) in defaults { #expect(changed[name] != value, "\(name) is not carried by this test") }
    }
}

enum Captures {
    /// The same inputs for a pipeline made otherwise.
    static func replacingHeader(
        of bytes: [UInt8],
        with configuration: PipelineConfiguration,
        shelf: RecordingShelf = .empty
    ) throws -> [UInt8] {
        var stream: CaptureStream?
        let other = CaptureHeader(configuration: configuration, shelf: shelf)
        _ = CaptureStream.make(other, breaks: EventCounter(), stream: &stream)
        var header: [UInt8] = []
        _ = stream?.drain(into: &header)
        return header + bytes[headerLength(bytes)...]
    }

    /// Magic and version, the length, the fields, the check.
    static func headerLength(_ bytes: [UInt8]) -> Int {
        var position = 10
        var length = 0
        var shift = 0
        while true {
            let byte = Int(bytes[position])
            position += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 { return position + length + 4 }
        }
    }

    /// Every stored value of a setting and of what is nested in it, by path.
    static func leaves(_ value: Any, _ path: String = "") -> [String: String] {
        let children = Mirror(reflecting: value).children
        guard !children.isEmpty, !(value is Duration) else { return [path: "\(value)"] }
        return children.reduce(into: [:]) { all, child in
            all.merge(leaves(child.value, path + "." + (child.label ?? "?"))) { $1 }
        }
    }
}
