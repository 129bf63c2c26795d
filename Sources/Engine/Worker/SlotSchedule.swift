/// When each phase slot of a worker is due: a value told the time.
///
/// The grid is absolute: turn `n` of slot `s` is due at `start + (n * slots + s) * period / slots`, whatever earlier turns
/// took, so nothing drifts. Slots that tick nothing have no turns. After a stall each slot gets one turn that answers for
/// all it missed, and goes on where the grid is now: nothing is run in a burst.
public struct SlotSchedule: Sendable {
    /// One run of a slot's ticks.
    public struct Turn: Equatable, Sendable {
        public let slot: Int
        /// The moment of the oldest deadline this turn answers for, in nanoseconds.
        public let due: Int64
        /// Deadlines of this slot that were given up.
        public let missed: Int
        /// The grid was a period or more ahead when this turn began; told once per stall.
        public let isBehind: Bool
    }

    public let period: Int64
    public let slots: Int
    public let start: Int64

    /// The slots that tick something, ascending, and for every slot its oldest deadline not yet answered, as a position on
    /// the grid.
    private var occupied: [Int] = []
    private var oldest: [Int64]
    /// The next turn: `occupied[cursor]` in period `cycle`.
    private var cycle: Int64 = 0
    private var cursor = 0

    /// - Parameters:
    ///   - period: nanoseconds between two turns of a slot.
    ///   - start: nanoseconds of the monotonic clock at which slot 0 is due first.
    public init(period: Int64, slots: Int, start: Int64) {
        precondition(period > 0 && slots > 0, "a schedule has at least one slot and a period above zero")
        self.period = period
        self.slots = slots
        self.start = start
        oldest = Array(repeating: 0, count: slots)
        occupied.reserveCapacity(slots)
    }

    /// When the next turn is due; nil when no slot is occupied.
    public var deadline: Int64? { occupied.isEmpty ? nil : due(position) }

    /// Gives a slot turns from its next deadline at or after `now`.
    public mutating func occupy(_ slot: Int, now: Int64) {
        guard !occupied.contains(slot) else { return }
        let next = occupied.isEmpty ? first(notBefore: now) : position
        let index = occupied.firstIndex { $0 > slot } ?? occupied.count
        occupied.insert(slot, at: index)
        let own = first(notBefore: now)
        let ahead = (Int64(slot) - own % Int64(slots) + Int64(slots)) % Int64(slots)
        oldest[slot] = own + ahead
        place(at: min(next, oldest[slot]))
    }

    /// Gives a slot no more turns.
    public mutating func vacate(_ slot: Int) {
        guard let index = occupied.firstIndex(of: slot) else { return }
        let next = position
        occupied.remove(at: index)
        place(at: next)
    }

    /// The turn that is due at `now`, if one is; the next one is due after it.
    public mutating func begin(now: Int64) -> Turn? {
        guard !occupied.isEmpty else { return nil }
        let late = now - due(position)
        guard late >= 0 else { return nil }
        // Whole periods are given up by all slots alike, so each still gets one turn and keeps its phase.
        cycle += late / period
        let position = position
        let slot = occupied[cursor]
        let turn = Turn(
            slot: slot,
            due: due(oldest[slot]),
            missed: Int((position - oldest[slot]) / Int64(slots)),
            isBehind: late >= period
        )
        oldest[slot] = position + Int64(slots)
        cursor += 1
        if cursor == occupied.count {
            cursor = 0
            cycle += 1
        }
        return turn
    }

    private var position: Int64 { cycle * Int64(slots) + Int64(occupied[cursor]) }

    private func due(_ position: Int64) -> Int64 { start + position * period / Int64(slots) }

    /// The first position of the grid whose moment is `now` or later.
    private func first(notBefore now: Int64) -> Int64 {
        guard now > start else { return 0 }
        var position = (now - start) / period * Int64(slots)
        while due(position) < now { position += 1 }
        return position
    }

    /// Makes the first occupied position at or after `position` the next turn.
    private mutating func place(at position: Int64) {
        cycle = position / Int64(slots)
        let slot = Int(position % Int64(slots))
        if let index = occupied.firstIndex(where: { $0 >= slot }) {
            cursor = index
        } else {
            cursor = 0
            cycle += 1
        }
    }
}
