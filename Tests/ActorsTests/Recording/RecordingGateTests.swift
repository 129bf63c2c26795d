import Actors
import Codecs
import Engine
import Logging
import TestSupport
import Testing

/// Nothing of a call reaches the disk before its gate is opened.
@Suite("Recording gate", .timeLimit(.minutes(5)))
struct RecordingGateTests {
    private struct Bench: ~Copyable {
        let disk = FakeDisk()
        let recorders: CallRecorders
        let gate = RecordingGate(isOpen: false)
        var tap = RingEnds(capacity: 4096, initial: TapFrame(index: 0))

        init() {
            var limits = RecordingLimits()
            limits.period = .milliseconds(2)
            recorders = CallRecorders(
                [.recording],
                storage: disk,
                limits: limits,
                logger: Logger(label: "test", factory: { _ in LogLines() })
            )
            recorders.start()
        }

        deinit { recorders.stop() }

        func settle() async {
            while recorders.activeCalls > 0 { await recorders.drain(limit: .seconds(1)) }
        }
    }

    @Test func whatWasSaidBeforeTheYesIsNowhereInTheFile() async throws {
        var bench = Bench()
        var writer = bench.tap.takeWriter()
        let end = bench.recorders.record("a", tap: bench.tap.takeReader(), capture: nil, gate: bench.gate)
        for index in 0..<90 as Range<Int64> { writer.push(TapFrame(numbered: index)) }
        bench.gate.open()
        // The recorder opens its file when it finds the gate open; what was in the ring is gone by then.
        while bench.disk.files.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        for index in 90..<150 as Range<Int64> { writer.push(TapFrame(numbered: index)) }
        end?()
        await bench.settle()
        let file = try #require(bench.disk.files["recording/a"])
        #expect(file.isFinished)
        let caller = file.bytes.enumerated().filter { $0.offset >= StereoWAV.headerBytes && $0.offset % 2 == 0 }
        #expect(caller.map(\.element) == (90..<150).flatMap { [UInt8](repeating: $0, count: 160) })
        #expect(bench.recorders.meters.lostFrames.value == 0, "what was not to be recorded is not lost")
    }

    @Test func aCallerWhoNeverAgreesLeavesNoFile() async {
        var bench = Bench()
        var writer = bench.tap.takeWriter()
        let end = bench.recorders.record("a", tap: bench.tap.takeReader(), capture: nil, gate: bench.gate)
        for index in 0..<200 as Range<Int64> { writer.push(TapFrame(numbered: index)) }
        end?()
        await bench.settle()
        #expect(bench.disk.files.isEmpty)
        #expect(bench.disk.attempts == 0)
        #expect(writer.space == 4096)
    }
}
