import Actors
import Codecs
import Engine
import Logging
import TestSupport
import Testing

/// Recorders on their own thread, with a disk that fails.
@Suite("Call recorders", .timeLimit(.minutes(5)))
struct CallRecordersTests {
    private struct Bench: ~Copyable {
        let disk = FakeDisk()
        let log = LogLines()
        let recorders: CallRecorders
        var tap = RingEnds(capacity: 4096, initial: TapFrame(index: 0))

        init(_ change: (inout RecordingLimits) -> Void = { _ in }) {
            var limits = RecordingLimits()
            limits.period = .milliseconds(2)
            limits.retryAfter = .milliseconds(2)
            change(&limits)
            let log = log
            recorders = CallRecorders(
                [.recording, .capture],
                storage: disk,
                limits: limits,
                logger: Logger(label: "test", factory: { _ in log })
            )
            recorders.start()
        }

        deinit { recorders.stop() }

        /// Waits until every file is finished or given up.
        func settle() async {
            while recorders.activeCalls > 0 { await recorders.drain(limit: .seconds(1)) }
        }
    }

    @Test func bothSidesBecomeAWAVFile() async throws {
        var bench = Bench()
        var writer = bench.tap.takeWriter()
        let end = bench.recorders.record("a", tap: bench.tap.takeReader(), capture: nil)
        for index in 0..<50 as Range<Int64> { writer.push(TapFrame(numbered: index)) }
        end?()
        await bench.settle()
        let file = try #require(bench.disk.files["recording/a"])
        #expect(file.isFinished)
        let wav = try WAVFile(parsing: file.bytes)
        #expect(wav.format == WAVFormat(encoding: .muLaw, sampleRate: 8000, channels: 2))
        #expect(wav.frameCount == 50 * 160)
        #expect(!wav.isTruncated)
        #expect(wav.channels[0][20 * 160] == MuLaw.linear(20))
        #expect(wav.channels[1][20 * 160] == MuLaw.linear(~20))
        #expect(bench.recorders.meters.finished.value == 1)
    }

    @Test func lostFramesBecomeSilenceOnBothSidesSoThatTheRestStaysInPlace() async throws {
        var bench = Bench()
        var writer = bench.tap.takeWriter()
        let end = bench.recorders.record("a", tap: bench.tap.takeReader(), capture: nil)
        for index in [0, 1, 2, 250, 251] as [Int64] { writer.push(TapFrame(numbered: index)) }
        end?()
        await bench.settle()
        let wav = try WAVFile(parsing: try #require(bench.disk.files["recording/a"]).bytes)
        #expect(wav.frameCount == 252 * 160)
        for channel in wav.channels { #expect(channel[3 * 160..<250 * 160].allSatisfy { $0 == 0 }) }
        #expect(wav.channels[0][250 * 160] == MuLaw.linear(250))
        #expect(bench.recorders.meters.lostFrames.value == 247)
    }

    @Test(arguments: [RecordingFault.full, .denied, .missing, .system(5)])
    func aDiskThatComesBackLosesNothingAndIsSaidOnce(fault: RecordingFault) async throws {
        var bench = Bench()
        bench.disk.fail(fault, times: 4)
        var writer = bench.tap.takeWriter()
        let end = bench.recorders.record("a", tap: bench.tap.takeReader(), capture: nil)
        for index in 0..<100 as Range<Int64> { writer.push(TapFrame(numbered: index)) }
        end?()
        await bench.settle()
        let file = try #require(bench.disk.files["recording/a"])
        #expect(file.isFinished)
        #expect(try WAVFile(parsing: file.bytes).frameCount == 100 * 160)
        #expect(bench.recorders.meters.failures.first { $0.reason == fault.label }?.count == 4)
        #expect(bench.log.messages == ["recordings cannot be written; calls go on", "recordings are written again"])
    }

    @Test func aDiskThatStaysAwayIsGivenUpAfterItsTriesAndTheRingIsStillEmptied() async throws {
        var bench = Bench { $0.lastTries = 3 }
        bench.disk.fail(.missing)
        var writer = bench.tap.takeWriter()
        let end = bench.recorders.record("a", tap: bench.tap.takeReader(), capture: nil)
        for index in 0..<100 as Range<Int64> { writer.push(TapFrame(numbered: index)) }
        end?()
        await bench.settle()
        #expect(bench.recorders.meters.abandoned.value == 1)
        #expect(bench.recorders.meters.finished.value == 0)
        #expect(writer.space == 4096)
        #expect(bench.log.messages.count == 1)
        #expect(bench.disk.attempts <= 4)
    }

    @Test func bytesThatWaitAreBoundedAndThenTheFileIsGivenUp() async throws {
        var bench = Bench {
            $0.pendingBytes = 10_000
            $0.retryAfter = .seconds(3600)
        }
        bench.disk.fail(.full)
        var writer = bench.tap.takeWriter()
        let end = bench.recorders.record("a", tap: bench.tap.takeReader(), capture: nil)
        for index in 0..<200 as Range<Int64> { writer.push(TapFrame(numbered: index)) }
        end?()
        await bench.settle()
        #expect(bench.recorders.meters.abandoned.value == 1)
        #expect(bench.recorders.meters.failures.first { $0.reason == "limit" }?.count == 1)
    }

    @Test func aFileThatWouldGrowBeyondItsLimitIsGivenUpWithAHeaderThatIsTrue() async throws {
        var bench = Bench {
            $0.fileBytes = 40_000
            $0.pendingBytes = 20_000
            $0.headerPeriod = .zero
        }
        var writer = bench.tap.takeWriter()
        let end = bench.recorders.record("a", tap: bench.tap.takeReader(), capture: nil)
        for index in 0..<400 as Range<Int64> { writer.push(TapFrame(numbered: index)) }
        end?()
        await bench.settle()
        let file = try #require(bench.disk.files["recording/a"])
        #expect(file.isAbandoned && !file.isFinished)
        let wav = try WAVFile(parsing: file.bytes)
        #expect(wav.frameCount > 0 && !wav.isTruncated)
        #expect(wav.frameCount * 2 + StereoWAV.headerBytes == file.bytes.count)
    }

    @Test func aCapturesFileIsItsCallAgain() async throws {
        let bench = Bench()
        var ends: CallEnds?
        var media = CallMedia.make(
            configuration: .init(),
            meters: .init(),
            overflows: .init(),
            isCaptured: true,
            ends: &ends
        )
        var packets = ends?.packets.take()
        let end = bench.recorders.record("a", tap: nil, capture: ends?.capture.take())
        let audio = try Fixtures.bytes("speech/flite_slt_00.ulaw")
        for tick in 1...150 {
            var packet = MediaPacket(kind: .audio, count: 160)
            for index in 0..<160 { packet.bytes[index] = audio[(tick * 160 + index) % audio.count] }
            packets?.push(packet)
            _ = media.tick(now: MediaInstant(milliseconds: Int64(tick) * 20))
        }
        packets?.push(MediaPacket(kind: .ended, value: EndReason.providerStopped.rawValue))
        _ = media.tick(now: MediaInstant(milliseconds: 3_020))
        end?()
        await bench.settle()
        let file = try #require(bench.disk.files["capture/a"])
        #expect(file.isFinished)
        var replay = try CaptureReplay(file.bytes)
        let report = replay.run()
        #expect(report.isIdentical, "\(report)")
        #expect(report.ticks == 151)
    }

    @Test func manyCallsAreServedByOneThread() async throws {
        let bench = Bench()
        var endings: [@Sendable () -> Void] = []
        for call in 0..<60 {
            var ends = RingEnds(capacity: 64, initial: TapFrame(index: 0))
            var writer = ends.takeWriter()
            if let end = bench.recorders.record("\(call)", tap: ends.takeReader(), capture: nil) { endings.append(end) }
            for index in 0..<60 as Range<Int64> { writer.push(TapFrame(numbered: index)) }
        }
        for end in endings { end() }
        await bench.settle()
        #expect(bench.disk.files.count == 60)
        #expect(bench.disk.files.values.allSatisfy { $0.isFinished && $0.bytes.count == 58 + 60 * 320 })
    }
}

/// Keeps what was logged.
final class LogLines: LogHandler {
    private let lines = Locked<[String]>([])
    var messages: [String] { lines.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { lines.withLock { $0.append(event.message.description) } }
}
