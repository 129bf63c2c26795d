/// The targets of a worker by phase slot, and what each slot costs. Touched by the worker's thread only.
package struct WorkerSlots {
    private struct Slot {
        var targets: [any ClockTarget] = []
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

    private var slots: [Slot]
    private var marked: [Int: [any ClockTarget]] = [:]

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

    package mutating func add(_ target: any ClockTarget, to slot: Int) {
        slots[slot].targets.append(target)
        slots[slot].fresh += 1
    }

    /// Removes a target.
    /// - Returns: the slots that are empty for it.
    package mutating func remove(_ target: any ClockTarget) -> [Int] {
        for (mark, targets) in marked where targets.contains(where: { $0 === target }) {
            let left = targets.filter { $0 !== target }
            marked[mark] = left.isEmpty ? nil : left
        }
        var emptied: [Int] = []
        for index in slots.indices {
            let before = slots[index].targets.count
            slots[index].targets.removeAll { $0 === target }
            let gone = before - slots[index].targets.count
            guard gone > 0 else { continue }
            slots[index].fresh -= Double(gone)
            if slots[index].targets.isEmpty {
                slots[index] = Slot()
                emptied.append(index)
            }
        }
        return emptied
    }

    /// Ticks the targets of a slot; they cannot change meanwhile, changes wait in the mailbox.
    /// - Returns: how many were ticked.
    @discardableResult package func tick(_ slot: Int, now: Int64) -> Int {
        let targets = slots[slot].targets
        for target in targets { target.tick(now: now) }
        return targets.count
    }

    /// From now on `tickMarked` reaches the target too.
    package mutating func mark(_ target: any ClockTarget, _ mark: Int) { marked[mark, default: []].append(target) }

    /// Ticks the targets of one mark.
    package func tickMarked(_ mark: Int, now: Int64) {
        for target in marked[mark] ?? [] { target.tick(now: now) }
    }

    /// Ticks the targets of all slots.
    package func tickAll(now: Int64) {
        for slot in slots.indices { tick(slot, now: now) }
    }

    package mutating func measured(_ slot: Int, nanoseconds: Int64) {
        slots[slot].cost += (Double(nanoseconds) - slots[slot].cost) * Self.weight
        slots[slot].fresh *= 1 - Self.weight
    }
}
