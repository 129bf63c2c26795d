/// The targets of a worker by phase slot, and what each slot costs. Touched by the worker's thread only.
package struct WorkerSlots {
    private struct Slot {
        var targets: [any ClockTarget] = []
        /// Of each target: the pokes that are for it, and when it wants its next turn. Apart from the targets, so that
        /// one that rests is not even looked at.
        var marks: [Int] = []
        var wanted: [Int64] = []
        /// Nanoseconds a turn takes, smoothed over turns.
        var cost: Double = 0
        /// Targets whose cost is not in `cost` yet; fades as they get into it.
        var fresh: Double = 0
    }

    /// Weight of a turn: 16 turns of 20 ms are a third of a second.
    private static let weight = 1.0 / 16
    /// Before anything is measured: 20 ms / 400, as one core's ceiling was measured at 370 to 490 calls of the full chain.
    private static let assumedCost = 50_000.0
    /// Differences below this are noise of the machine; the number of targets decides then.
    private static let grain = 5_000.0

    private static let noMark = -1

    private var slots: [Slot]

    package init(count: Int) { slots = Array(repeating: Slot(), count: count) }

    /// Targets of each slot.
    package var counts: [Int] { slots.map(\.targets.count) }

    /// The slot whose turn will be the shortest.
    package func lightest() -> Int {
        var (cost, known) = (0.0, 0.0)
        for slot in slots {
            cost += slot.cost
            known += Double(slot.targets.count) - slot.fresh
        }
        let perTarget = known >= 1 && cost > 0 ? cost / known : Self.assumedCost
        func score(_ slot: Slot) -> (Double, Int) {
            ((max(0, slot.cost + slot.fresh * perTarget) / Self.grain).rounded(), slot.targets.count)
        }
        return slots.indices.min { score(slots[$0]) < score(slots[$1]) } ?? 0
    }

    /// - Parameter mark: which pokes are for the target; nil for none but those that are for all.
    package mutating func add(_ target: any ClockTarget, to slot: Int, mark: Int? = nil) {
        slots[slot].targets.append(target)
        slots[slot].marks.append(mark ?? Self.noMark)
        slots[slot].wanted.append(0)
        slots[slot].fresh += 1
    }

    /// Removes a target.
    /// - Returns: the slots that are empty for it.
    package mutating func remove(_ target: any ClockTarget) -> [Int] {
        var emptied: [Int] = []
        for slot in slots.indices {
            while let index = slots[slot].targets.firstIndex(where: { $0 === target }) {
                slots[slot].targets.remove(at: index)
                slots[slot].marks.remove(at: index)
                slots[slot].wanted.remove(at: index)
                slots[slot].fresh -= 1
                guard slots[slot].targets.isEmpty else { continue }
                slots[slot] = Slot()
                emptied.append(slot)
            }
        }
        return emptied
    }

    /// Ticks the targets of a slot that want it; they cannot change meanwhile, changes wait in the mailbox.
    /// - Returns: how many were ticked.
    @discardableResult package mutating func tick(_ slot: Int, now: Int64) -> Int {
        turn(slot, now: now) { _, wanted in wanted <= now }
    }

    /// Ticks the targets of one mark, at rest or not.
    package mutating func tickMarked(_ mark: Int, now: Int64) {
        for slot in slots.indices { turn(slot, now: now) { own, _ in own == mark } }
    }

    /// Ticks the targets of all slots, at rest or not.
    package mutating func tickAll(now: Int64) {
        for slot in slots.indices { turn(slot, now: now) { _, _ in true } }
    }

    @discardableResult private mutating func turn(
        _ slot: Int,
        now: Int64,
        where isMeant: (_ mark: Int, _ wanted: Int64) -> Bool
    ) -> Int {
        var count = 0
        for index in slots[slot].targets.indices where isMeant(slots[slot].marks[index], slots[slot].wanted[index]) {
            slots[slot].wanted[index] = slots[slot].targets[index].turn(now: now)
            count += 1
        }
        return count
    }

    package mutating func measured(_ slot: Int, nanoseconds: Int64) {
        slots[slot].cost += (Double(nanoseconds) - slots[slot].cost) * Self.weight
        slots[slot].fresh *= 1 - Self.weight
    }
}
