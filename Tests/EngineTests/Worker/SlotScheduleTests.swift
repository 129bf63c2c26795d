import Engine
import Testing

@Suite("Slot schedule")
struct SlotScheduleTests {
    private let ms: Int64 = 1_000_000

    /// 20 slots of 1 ms, from 1 s on.
    private func schedule(_ slots: [Int], slotCount: Int = 20) -> SlotSchedule {
        var schedule = SlotSchedule(period: 20_000_000, slots: slotCount, start: 1_000_000_000)
        for slot in slots { schedule.occupy(slot, now: 1_000_000_000) }
        return schedule
    }

    @Test func nothingIsDueWhenNothingIsOccupied() {
        var schedule = schedule([])
        #expect(schedule.deadline == nil)
        #expect(schedule.begin(now: .max) == nil)
    }

    @Test func occupiedSlotsAreDueInTurnOnAnAbsoluteGrid() {
        var schedule = schedule([13, 2])
        var due: [Int64] = []
        for _ in 0..<6 {
            let deadline = schedule.deadline ?? 0
            let early = schedule.begin(now: deadline - 1)
            #expect(early == nil)
            // Every turn begins late, by another amount; the grid does not move.
            let turn = schedule.begin(now: deadline + Int64(due.count) * 100_000)
            #expect(turn?.due == deadline && turn?.missed == 0 && turn?.isBehind == false)
            due.append((deadline - 1_000_000_000) / ms)
        }
        #expect(due == [2, 13, 22, 33, 42, 53])
    }

    @Test func aPeriodThatDoesNotDivideIntoSlotsDoesNotDrift() {
        var schedule = SlotSchedule(period: 20_000_000, slots: 7, start: 0)
        schedule.occupy(3, now: 0)
        for _ in 0..<999 { _ = schedule.begin(now: schedule.deadline ?? 0) }
        let expected: Int64 = 999 * 20_000_000 + 3 * 20_000_000 / 7
        #expect(schedule.deadline == expected)
    }

    @Test(arguments: [20, 21, 39, 40, 500, 3_600_000] as [Int64])
    func afterAStallEverySlotGetsOneTurnAndThenTheGridAsItWas(stall: Int64) {
        var schedule = schedule([0, 5, 19])
        let now = 1_000_000_000 + stall * ms
        var turns: [SlotSchedule.Turn] = []
        var clock = now
        // One period on: every slot once for the stall, and then what is due on the grid.
        while clock < now + 20 * ms {
            if let turn = schedule.begin(now: clock) { turns.append(turn) } else { clock = schedule.deadline ?? .max }
        }
        let first = turns.prefix(3)
        #expect(Set(first.map(\.slot)) == [0, 5, 19])
        #expect(turns.count >= 3 && turns.count <= 6)
        for turn in first { #expect(turn.due == 1_000_000_000 + Int64(turn.slot) * ms, "it answers for the oldest") }
        #expect(turns.filter(\.isBehind).count == 1)
        #expect(first.first?.missed == Int(stall / 20))
        #expect(turns.dropFirst(3).allSatisfy { $0.missed == 0 })
        let deadline = (schedule.deadline ?? 0) - 1_000_000_000
        #expect([0, 5, 19].contains(deadline / ms % 20) && deadline % ms == 0)
    }

    @Test func turnsAndMissedDeadlinesTogetherAreAllDeadlines() {
        var random = SeededGenerator(seed: 7)
        for slots in [[0], [0, 1], [3, 9, 10, 19], Array(0..<20)] {
            var schedule = schedule(slots)
            var answered = [Int: Int]()
            var now: Int64 = 1_000_000_000
            for _ in 0..<2000 {
                if let turn = schedule.begin(now: now) {
                    answered[turn.slot, default: 0] += turn.missed + 1
                    let order = (now - 1_000_000_000 - Int64(turn.slot) * ms) / (20 * ms) + 1
                    #expect(Int64(answered[turn.slot] ?? 0) <= order, "no deadline is answered before it")
                    // Work of 0 to 3 ms, now and then a stall.
                    now += Int64(random.next() % 3_000_000)
                    if random.next() % 100 == 0 { now += Int64(random.next() % 700_000_000) }
                } else {
                    now = max(now, schedule.deadline ?? now)
                }
            }
            for slot in slots {
                let all = Int((now - 1_000_000_000 - Int64(slot) * ms) / (20 * ms)) + 1
                // At most what fell due since the slot's last turn is open: every slot has turns until the end.
                #expect((answered[slot] ?? 0) <= all && (answered[slot] ?? 0) > all - 60)
            }
        }
    }

    @Test func aSlotThatIsOccupiedLaterStartsAtItsNextDeadline() {
        var schedule = schedule([10])
        let now = 1_000_000_000 + 1_234_500_000 as Int64
        for _ in 0..<80 { _ = schedule.begin(now: now) }
        schedule.occupy(15, now: now)
        schedule.occupy(14, now: now)
        // 1234.5 ms is in period 61, at 14.5 of 20.
        let next = schedule.begin(now: 1_000_000_000 + 1_235 * ms)
        #expect(next?.slot == 15 && next?.due == 1_000_000_000 + 1_235 * ms && next?.missed == 0)
        schedule.vacate(10)
        let after = schedule.deadline
        #expect(after == 1_000_000_000 + (1_254) * ms)
        schedule.vacate(14)
        schedule.vacate(15)
        #expect(schedule.deadline == nil)
    }

    @Test func anIdleHourIsNotAStall() {
        var schedule = schedule([4])
        schedule.vacate(4)
        schedule.occupy(4, now: 3_600_000 * ms)
        let turn = schedule.begin(now: schedule.deadline ?? 0)
        #expect(turn?.missed == 0 && turn?.isBehind == false)
    }
}

/// SplitMix64.
private struct SeededGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
