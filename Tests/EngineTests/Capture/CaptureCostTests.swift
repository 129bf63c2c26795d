import CAllocations
import Engine
import TestSupport
import Testing

/// Capturing costs the tick no allocation.
@Suite("Capture allocations", .serialized)
struct CaptureCostTests {
    @Test(.enabled(if: AllocationCounter.works && AllocationCounter.isOptimised))
    func aCapturingTickAllocatesNothing() throws {
        let audio = try Fixtures.bytes("speech/flite_slt_00.ulaw")
        let overflows = RingOverflows()
        var ends: CallEnds?
        var media = CallMedia.make(
            configuration: .init(),
            meters: .init(),
            overflows: overflows,
            isCaptured: true,
            ends: &ends
        )
        guard var packets = ends?.packets.take(), var messages = ends?.messages.take(),
            var speech = ends?.speech.take(), var frames = ends?.frames.take(), var events = ends?.events.take(),
            var commands = ends?.commands.take(), var capture = ends?.capture.take()
        else {
            Issue.record("a new call's rings are whole")
            return
        }
        var captured: [UInt8] = []
        captured.reserveCapacity(4 << 20)

        // Both sides talk, and the capture is read as a recorder would: every 100 ms.
        func run(_ ticks: Range<Int>) {
            for tick in ticks {
                var packet = MediaPacket(kind: .audio, count: 160)
                for index in 0..<160 { packet.bytes[index] = audio[(tick * 160 + index) % audio.count] }
                packets.push(packet)
                let reply = 1 + Int32(tick / 100)
                var chunk = SpeechChunk(reply: reply, piece: 0, offset: Int32(tick * 160), count: 160)
                for index in 0..<160 { chunk.samples[index] = Int16(index * 40) }
                if tick % 100 == 0 { commands.push(.beginReply(reply)) }
                speech.push(chunk)
                _ = media.tick(now: MediaInstant(milliseconds: Int64(tick) * 20))
                while messages.pop() != nil {}
                while frames.pop() != nil {}
                while events.pop() != nil {}
                if tick % 5 == 0 { _ = capture.drain(into: &captured) }
            }
        }
        run(0..<500)
        allocations_begin()
        run(500..<2000)
        let count = allocations_end()
        #expect(count == 0)
        #expect(overflows.capture.value == 0)
        packets.push(MediaPacket(kind: .ended, value: EndReason.providerStopped.rawValue))
        _ = media.tick(now: MediaInstant(milliseconds: 40_000))
        #expect(capture.drain(into: &captured) == .over)
        var replay = try CaptureReplay(captured)
        let report = replay.run()
        #expect(report.isIdentical, "\(report)")
    }
}
