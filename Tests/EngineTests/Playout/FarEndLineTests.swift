import Engine
import Testing

@Suite("Far end line")
struct FarEndLineTests {
    private func frame(_ value: UInt8) -> FrameBytes { FrameBytes(repeating: value) }
    private func at(_ milliseconds: Int64) -> MediaInstant { MediaInstant(milliseconds: milliseconds) }

    private func byte(_ line: borrowing FarEndLine, _ slot: Int64) -> UInt8? {
        var found = frame(0)
        return line.copy(slot: slot, into: &found) ? found[0] : nil
    }

    @Test func aFrameLiesWhereItIsPlayed() {
        var line = FarEndLine()
        line.play(frame(1).span, from: at(100))
        line.play(frame(2).span, from: at(120))
        let found = (4..<8).map { byte(line, $0) }
        #expect(found == [nil, 1, 2, nil])
    }

    @Test func queuedFramesFollowEachOtherWhateverTheRounding() {
        var line = FarEndLine()
        // Starts at 109 ms: its frames lie half a slot off the grid and must not collide.
        for index in 0..<5 { line.play(frame(UInt8(index + 1)).span, from: at(109 + Int64(index) * 20)) }
        let found = (5..<10).map { byte(line, $0) }
        #expect(found == [1, 2, 3, 4, 5])
    }

    @Test func whatAClearTookAwayIsSilent() {
        var line = FarEndLine()
        for index in 0..<5 { line.play(frame(UInt8(index + 1)).span, from: at(100 + Int64(index) * 20)) }
        line.flush(from: at(125))
        let found = (5..<10).map { byte(line, $0) }
        #expect(found == [1, 2, nil, nil, nil])
        line.play(frame(9).span, from: at(140))
        let after = byte(line, 7)
        #expect(after == 9)
    }

    @Test(arguments: [1, 127, 128, 129, 500, 100_000]) func aPauseIsSilentHoweverLong(_ slots: Int64) {
        var line = FarEndLine()
        for index in 0..<200 { line.play(frame(7).span, from: at(Int64(index) * 20)) }
        let start = (200 + slots) * 20
        line.play(frame(8).span, from: at(start))
        let last = byte(line, 200 + slots)
        let before = byte(line, 200 + slots - 1)
        #expect(last == 8)
        #expect(before == nil)
    }

    @Test func itRemembersTwoAndAHalfSeconds() {
        var line = FarEndLine()
        for index in 0..<300 { line.play(frame(UInt8(index % 200)).span, from: at(Int64(index) * 20)) }
        let oldest = byte(line, 300 - Int64(FarEndLine.slots))
        let forgotten = byte(line, 300 - Int64(FarEndLine.slots) - 1)
        #expect(oldest == UInt8((300 - FarEndLine.slots) % 200))
        #expect(forgotten == nil)
    }

    @Test func flushingAnEmptyLineIsHarmless() {
        var line = FarEndLine()
        line.flush(from: at(1_000))
        line.play(frame(1).span, from: at(20))
        let found = byte(line, 1)
        #expect(found == 1)
    }
}

@Suite("Far end alignment")
struct FarEndAlignmentTests {
    private func at(_ milliseconds: Int64) -> MediaInstant { MediaInstant(milliseconds: milliseconds) }

    @Test func jitteringArrivalsKeepTheirCount() {
        var alignment = FarEndAlignment()
        var slots: [Int64] = []
        // Two frames in one tick, none in the next, and so on.
        for now in [1000, 1040, 1040, 1080, 1080] as [Int64] { slots.append(alignment.advance(now: at(now)).slot) }
        #expect(slots == [49, 50, 51, 52, 53])
    }

    @Test func aStallIsPlacedByItsCount() {
        var alignment = FarEndAlignment()
        _ = alignment.advance(now: at(1000))
        var news = 0
        var last: Int64 = 0
        for _ in 0..<100 {
            let (slot, isNew) = alignment.advance(now: at(3000))
            last = slot
            news += isNew ? 1 : 0
        }
        #expect(last == 149)
        #expect(news == 0)
    }

    @Test func aFirstFrameThatWasLateIsCorrectedByThoseThatWereNot() {
        var alignment = FarEndAlignment()
        // Ten frames come at once after a stall at the start: the tenth is the one that is on time.
        var news = 0
        for _ in 0..<10 where alignment.advance(now: at(1000)).isNew { news += 1 }
        #expect(news > 0)
        // From then on the count holds, at most one slot ahead.
        var slots: [Int64] = []
        for frame in 1...50 {
            let (slot, isNew) = alignment.advance(now: at(1000 + Int64(frame) * 20))
            slots.append(slot - Int64(49 + frame))
            #expect(!isNew)
        }
        #expect(Set(slots).count == 1 && (0...1).contains(slots[0]))
    }

    @Test func aFrameOlderThanTheMemoryStartsAgain() {
        var alignment = FarEndAlignment()
        _ = alignment.advance(now: at(1000))
        let late = alignment.advance(now: at(60_000))
        #expect(late.slot == 2999 && late.isNew)
    }

    @Test func aJumpOfTheProvidersClockIsFollowed() {
        var alignment = FarEndAlignment()
        _ = alignment.advance(now: at(1000))
        alignment.skip(frames: 250)
        let next = alignment.advance(now: at(6020))
        #expect(next.slot == 300 && !next.isNew)
    }
}
