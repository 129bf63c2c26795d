import Engine
import TestSupport
import Testing

/// A socket that stalled gives what it held in one piece.
@Suite("Bursts of packets") struct BurstTests {
    private struct Call: ~Copyable {
        let overflows: RingOverflows
        var media: CallMedia
        var packets: RingWriter<MediaPacket>
        var frames: RingReader<CallerFrame>
        private var tick: Int64 = 0

        init() {
            overflows = RingOverflows()
            var ends: CallEnds?
            media = CallMedia.make(configuration: .init(), meters: .init(), overflows: overflows, ends: &ends)
            guard let packets = ends?.packets.take(), let frames = ends?.frames.take() else {
                preconditionFailure("a new call's rings are whole")
            }
            self.packets = packets
            self.frames = frames
        }

        mutating func send(_ audio: [UInt8]) {
            for start in stride(from: 0, to: audio.count - 159, by: 160) {
                var packet = MediaPacket(kind: .audio, count: 160)
                for index in 0..<160 { packet.bytes[index] = audio[start + index] }
                packets.push(packet)
            }
        }

        mutating func run(_ ticks: Int, each: (inout RingReader<CallerFrame>) -> Void = { _ in }) {
            for _ in 0..<ticks {
                tick += 1
                _ = media.tick(now: MediaInstant(milliseconds: tick * 20))
                each(&frames)
            }
        }
    }

    /// 1.6 s of speech and 800 ms of silence, in which its turn ends.
    private func sentence() throws -> [UInt8] {
        let speech = try Fixtures.bytes("speech/flite_slt_00.ulaw").prefix(80 * 160)
        return Array(speech) + [UInt8](repeating: 0xFF, count: 40 * 160)
    }

    @Test func aSentenceInOneBurstIsHeardWhole() throws {
        var call = Call()
        let silence = [UInt8](repeating: 0xFF, count: 160)
        for _ in 0..<50 {
            call.send(silence)
            call.run(1) { while $0.pop() != nil {} }
        }
        call.send(try sentence())
        var kinds: [CallerFrame.Kind] = []
        // The recogniser looks once per tick, as its worker does.
        call.run(12) { while let frame = $0.pop() { kinds.append(frame.kind) } }
        #expect(call.overflows.caller.value == 0 && call.overflows.inbound.value == 0)
        #expect(kinds.count { $0 == .begin } == 1 && kinds.count { $0 == .end } == 1, "\(kinds)")
        #expect(kinds.count { $0 == .audio } > 80)
        #expect(call.packets.space == RingCapacity.inbound, "after a quarter of a second nothing is late")
    }

    /// What does not fit is counted; the call is not late afterwards, and hears.
    @Test func tenThousandFramesAtOnceAreBoundedAndCounted() throws {
        var call = Call()
        let silence = [UInt8](repeating: 0xFF, count: 160)
        for _ in 0..<10_000 { call.send(silence) }
        #expect(call.overflows.inbound.value == 10_000 - RingCapacity.inbound)
        call.run(20) { while $0.pop() != nil {} }
        #expect(call.packets.space == RingCapacity.inbound)
        var kinds: [CallerFrame.Kind] = []
        let sentence = try sentence()
        for start in stride(from: 0, to: sentence.count - 159, by: 160) {
            call.send(Array(sentence[start..<start + 160]))
            call.run(1) { while let frame = $0.pop() { kinds.append(frame.kind) } }
        }
        #expect(kinds.count { $0 == .begin } == 1 && kinds.count { $0 == .end } == 1, "\(kinds.count)")
        #expect(call.overflows.inbound.value == 10_000 - RingCapacity.inbound, "nothing more was lost")
    }

    @Test func aRecogniserThatReadsNothingHoldsNoCallUp() throws {
        var call = Call()
        call.send(try sentence())
        call.run(40)
        #expect(call.packets.space == RingCapacity.inbound)
        #expect(call.overflows.caller.value > 0, "what it did not take is counted")
    }
}
