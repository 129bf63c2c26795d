import CAllocations
import Codecs
import Engine
import Gateway
import NIOCore
import Testing

/// A frame of Ringover audio costs no allocation, in or out. Judged in release builds.
@Suite("Allocations of the Ringover framing", .serialized)
struct RingoverAllocationTests {
    private static let isOptimised: Bool = {
        var isDebug = false
        assert({ isDebug = true }() == ())
        return !isDebug
    }()

    @Test(.enabled(if: isOptimised), arguments: [8000, 16_000]) func aFrameAllocatesNothing(_ rate: Int) throws {
        var configuration = RingoverFraming.Configuration(resamplers: ResamplerPool())
        configuration.sampleRate = rate
        var framing = RingoverFraming(configuration)
        var ends = RingEnds(capacity: 128, initial: MediaPacket(kind: .audio))
        var packets: RingWriter<MediaPacket>? = ends.takeWriter()
        var reader = ends.takeReader()
        var profile = EngineRig.patient
        _ = framing.read(text: Array(#"{"call_id":"7"}"#.utf8).span, arrival: 0, into: &packets)
        framing.begin(&profile)
        let bytes = [UInt8](repeating: 1, count: rate / 25)
        let message = OutboundMessage(kind: .audio)
        var buffer = ByteBufferAllocator().buffer(capacity: 65_536)
        var heard = 0
        func exchange(_ now: Int64) {
            _ = framing.read(binary: bytes.span, arrival: now, into: &packets)
            while let packet = reader.pop() { heard += Int(packet.count) }
            buffer.clear()
            framing.write(message, now: now, to: &buffer)
            framing.flush(now: now, isEnd: false, to: &buffer)
        }
        for frame in 0..<50 { exchange(Int64(frame) * Frame.nanoseconds) }
        allocations_begin()
        for frame in 50..<1050 { exchange(Int64(frame) * Frame.nanoseconds) }
        let count = allocations_end()
        #expect(count == 0)
        #expect(heard == 1050 * 160)
    }
}
