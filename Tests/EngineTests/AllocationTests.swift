import CAllocations
import Engine
import TestSupport
import Testing

/// The 20 ms path allocates nothing. Judged in release builds, where the optimiser has done its work; the counter itself
/// is checked in every build by an allocation put in on purpose.
@Suite("Allocations on the tick", .serialized)
struct AllocationTests {
    private final class Something { var value = 0 }
    private final class Other { let stage = EchoStage() }

    @Test(.enabled(if: AllocationCounter.works)) func theCounterSeesAnAllocation() {
        var kept: [Something] = []
        kept.reserveCapacity(16)
        allocations_begin()
        for _ in 0..<10 { kept.append(Something()) }
        let count = allocations_end()
        #expect(count >= 10)
        #expect(kept.count == 10)
    }

    /// - Parameter others: calls that are alive beside it; with many the libraries' states are read ahead.
    @Test(.enabled(if: AllocationCounter.works && AllocationCounter.isOptimised), arguments: [0, 32])
    func aTickOfATalkingCallAllocatesNothing(others: Int) throws {
        let audio = try Fixtures.bytes("speech/flite_slt_00.ulaw")
        let alive = (0..<others).map { _ in Other() }
        defer { withExtendedLifetime(alive) {} }
        var ends: CallEnds?
        var media = CallMedia.make(configuration: .init(), meters: .init(), overflows: .init(), ends: &ends)
        guard var packets = ends?.packets.take(), var messages = ends?.messages.take(),
            var speech = ends?.speech.take(),
            var frames = ends?.frames.take(), var events = ends?.events.take(), var commands = ends?.commands.take()
        else {
            Issue.record("a new call's rings are whole")
            return
        }
        var seen = (messages: 0, frames: 0, events: 0)
        commands.push(.beginReply(1))

        // The caller talks over a talking agent: every stage of the path has work, an interruption included.
        func run(_ ticks: Range<Int>) {
            for tick in ticks {
                var packet = MediaPacket(kind: .audio, count: 160)
                for index in 0..<160 { packet.bytes[index] = audio[(tick * 160 + index) % audio.count] }
                packets.push(packet)
                var chunk = SpeechChunk(reply: 1 + Int32(tick / 100), piece: 0, offset: Int32(tick * 160), count: 160)
                for index in 0..<160 { chunk.samples[index] = Int16(index * 40) }
                if tick % 100 == 0 { commands.push(.beginReply(1 + Int32(tick / 100))) }
                speech.push(chunk)
                _ = media.tick(now: MediaInstant(milliseconds: Int64(tick) * 20))
                while messages.pop() != nil { seen.messages += 1 }
                while frames.pop() != nil { seen.frames += 1 }
                while events.pop() != nil { seen.events += 1 }
            }
        }
        run(0..<500)
        allocations_begin()
        run(500..<2000)
        let count = allocations_end()
        #expect(count == 0)
        #expect(seen.messages > 200 && seen.frames > 700 && seen.events > 10, "\(seen)")
    }
}

enum AllocationCounter {
    /// A sanitizer brings its own allocator; then nothing is counted.
    static let works: Bool = {
        allocations_begin()
        let pointer = UnsafeMutablePointer<Int>.allocate(capacity: 512)
        pointer.initialize(repeating: 1, count: 512)
        let count = allocations_end()
        pointer.deallocate()
        return count > 0
    }()

    static let isOptimised: Bool = {
        var isDebug = false
        assert({ isDebug = true }() == ())
        return !isDebug
    }()
}
