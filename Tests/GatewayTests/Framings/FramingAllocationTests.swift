import CAllocations
import Engine
import Gateway
import NIOCore
import Testing

/// A media message costs no allocation, in or out. Judged in release builds; the counter itself is checked in every build.
@Suite("Allocations of the framing", .serialized)
struct FramingAllocationTests {
    private final class Something {}

    private static let works: Bool = {
        allocations_begin()
        let pointer = UnsafeMutablePointer<Int>.allocate(capacity: 512)
        pointer.initialize(repeating: 1, count: 512)
        let count = allocations_end()
        pointer.deallocate()
        return count > 0
    }()

    private static let isOptimised: Bool = {
        var isDebug = false
        assert({ isDebug = true }() == ())
        return !isDebug
    }()

    @Test(.enabled(if: works)) func theCounterSeesAnAllocation() {
        var kept: [Something] = []
        kept.reserveCapacity(8)
        allocations_begin()
        for _ in 0..<5 { kept.append(Something()) }
        let count = allocations_end()
        #expect(count >= 5 && kept.count == 5)
    }

    @Test(.enabled(if: works && isOptimised)) func readingAMediaMessageAllocatesNothing() throws {
        let payload = String(repeating: "/", count: 213) + "w=="
        let text = Array(
            #"{"event":"media","sequenceNumber":"3","media":{"track":"inbound","chunk":"2","timestamp":"80","payload":"\#(payload)"},"streamSid":"MZ1"}"#
                .utf8
        )
        var output = [UInt8](repeating: 0, count: 4096)
        var total = 0
        func read() throws {
            let frame = try TwilioFrame.parse(text.span)
            if let payload = frame.payload { total += try Base64Payload.decode(text.span, payload, into: &output) }
        }
        try read()
        allocations_begin()
        for _ in 0..<1000 { try read() }
        let count = allocations_end()
        #expect(count == 0)
        #expect(total == 1001 * 160)
    }

    /// Whole ones, and ones that come in two pieces.
    @Test(.enabled(if: works && isOptimised), arguments: [500, 200])
    func takingAMessageOutOfItsFrameAllocatesNothing(_ step: Int) throws {
        let frame = TestSocket.frame(opcode: 1, [UInt8](repeating: 0x2F, count: 379))
        var reader = MessageReader(longest: 65_536, mostParts: 16)
        var total = 0
        func read() throws {
            for start in stride(from: 0, to: frame.count, by: step) {
                let part = frame.span.extracting(start..<min(start + step, frame.count))
                try reader.read(part) { _, message in total += message.count }
            }
        }
        try read()
        allocations_begin()
        for _ in 0..<1000 { try read() }
        let count = allocations_end()
        #expect(count == 0)
        #expect(total == 1001 * 379)
    }

    @Test(.enabled(if: works && isOptimised)) func writingAMediaMessageAllocatesNothing() {
        let encoder = TwilioEncoder(streamSid: "MZ00112233445566778899aabbccddeeff")
        var buffer = ByteBufferAllocator().buffer(capacity: 1024)
        let frame = FrameBytes(repeating: 0x55)
        encoder.writeMedia(frame, to: &buffer)
        var total = 0
        allocations_begin()
        for _ in 0..<1000 {
            buffer.clear()
            encoder.writeMedia(frame, to: &buffer)
            encoder.writeClear(to: &buffer)
            total += buffer.readableBytes
        }
        let count = allocations_end()
        #expect(count == 0)
        #expect(total > 300_000)
    }
}
