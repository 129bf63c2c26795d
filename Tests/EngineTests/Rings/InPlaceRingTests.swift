import Engine
import Testing

@Suite("Ring in place")
struct InPlaceRingTests {
    private struct Cell: BitwiseCopyable, Sendable, Equatable {
        var number = 0
        var bytes = InlineArray<160, UInt8>(repeating: 0)
        static func == (left: Cell, right: Cell) -> Bool { left.number == right.number }
    }

    @Test func elementsAreMadeAndReadInTheirSlots() {
        var ends = RingEnds(capacity: 4, initial: Cell())
        var writer = ends.takeWriter()
        var reader = ends.takeReader()
        var read = 0
        for round in 0..<100 {
            for step in 0..<3 {
                let pushed = writer.push {
                    $0.number = round * 3 + step
                    $0.bytes[159] = UInt8(truncatingIfNeeded: round)
                }
                #expect(pushed)
            }
            while reader.pop({ cell in
                #expect(cell.number == read)
                #expect(cell.bytes[159] == UInt8(truncatingIfNeeded: round))
                read += 1
            }) {}
        }
        #expect(read == 300)
    }

    @Test func aFullRingDoesNotCallAndCountsAndAnEmptyOneDoesNotCall() {
        let overflow = EventCounter()
        var ends = RingEnds(capacity: 2, initial: Cell(), overflow: overflow)
        var writer = ends.takeWriter()
        var reader = ends.takeReader()
        var calls = 0
        let early = reader.pop { _ in calls += 1 }
        let pushed = (0..<3).map { number in
            writer.push {
                $0.number = number
                calls += 1
            }
        }
        #expect(!early && pushed == [true, true, false] && calls == 2 && overflow.value == 1)
        let first = reader.pop { calls += $0.number + 10 }
        #expect(first && calls == 12)
        let again = writer.push { $0.number = 9 }
        let rest = [reader.pop()?.number, reader.pop()?.number, reader.pop()?.number]
        #expect(again && rest == [1, 9, nil])
    }

    @Test func aSlotKeepsWhatTheWriterDidNotSet() {
        var ends = RingEnds(capacity: 1, initial: Cell(number: 5))
        var writer = ends.takeWriter()
        var reader = ends.takeReader()
        writer.push { $0.bytes[0] = 1 }
        let first = reader.pop()
        writer.push { $0.number += 1 }
        let second = reader.pop()
        #expect(first?.number == 5 && second?.number == 6 && second?.bytes[0] == 1)
    }

    @Test func positionsAndSlotsShareNoPairOfCacheLines() {
        #expect(RingLayout.alignment == 128)
        let parts = [RingLayout.tail, RingLayout.head, RingLayout.slots]
        #expect(parts.allSatisfy { $0 % RingLayout.alignment == 0 } && Set(parts).count == 3)
        #expect(RingLayout.bytes(of: MediaPacket.self, capacity: 256) == 256 + 256 * MemoryLayout<MediaPacket>.stride)
    }

    /// Two threads at full speed through a ring that is mostly full or empty, so that both ends look past what they knew.
    @Test(.timeLimit(.minutes(5)), arguments: [1, 2, 64])
    func twoThreadsSeeEveryElementOnceAndWhole(capacity: Int) async {
        let count = 50_000
        var ends = RingEnds(capacity: capacity, initial: SIMD8<Int>())
        let writer = Box(ends.takeWriter())
        let reader = Box(ends.takeReader())
        async let written: Void = Task.detached {
            var writer = writer.take()
            var value = 0
            while value < count {
                let next = value
                if writer.push(filling: { $0 = SIMD8(repeating: next) }) { value += 1 } else { await Task.yield() }
            }
        }.value
        let broken = await Task.detached {
            var reader = reader.take()
            var expected = 0
            var broken = 0
            while expected < count {
                let next = expected
                var isWhole = true
                // Every other element is looked at and left once before it is taken.
                if next % 2 == 0 { _ = reader.take { _ in false } }
                if reader.pop({ isWhole = $0 == SIMD8(repeating: next) }) {
                    if !isWhole { broken += 1 }
                    expected += 1
                } else {
                    await Task.yield()
                }
            }
            return broken
        }.value
        await written
        #expect(broken == 0)
    }
}
