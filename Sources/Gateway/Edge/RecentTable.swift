/// A table of bounded size: when it is full, the entry that was used least recently makes room. Every operation takes
/// constant time.
package struct RecentTable<Key: Hashable, Value> {
    fileprivate struct Slot {
        var key: Key
        var value: Value
        /// Positions of the neighbours in order of use; -1 at the ends.
        var newer = -1
        var older = -1
    }

    private let capacity: Int
    private var slots: [Slot] = []
    private var positions: [Key: Int] = [:]
    private var newest = -1
    private var oldest = -1

    package init(capacity: Int) {
        precondition(capacity > 0, "a table holds at least one entry")
        self.capacity = capacity
    }

    package var count: Int { slots.count }
    package func contains(_ key: Key) -> Bool { positions[key] != nil }

    /// Changes an entry, made with `initial` when there is none; it is then the most recently used one.
    package mutating func update<Result>(
        _ key: Key,
        initial: @autoclosure () -> Value,
        _ body: (inout Value) -> Result
    ) -> Result {
        let position: Int
        if let known = positions[key] {
            position = known
            unlink(known)
        } else if slots.count < capacity {
            position = slots.count
            slots.append(Slot(key: key, value: initial()))
            positions[key] = position
        } else {
            position = oldest
            unlink(position)
            positions[slots[position].key] = nil
            slots[position] = Slot(key: key, value: initial())
            positions[key] = position
        }
        link(position)
        return body(&slots[position].value)
    }

    private mutating func unlink(_ position: Int) {
        let (newer, older) = (slots[position].newer, slots[position].older)
        if newer >= 0 { slots[newer].older = older } else { newest = older }
        if older >= 0 { slots[older].newer = newer } else { oldest = newer }
    }

    private mutating func link(_ position: Int) {
        slots[position].newer = -1
        slots[position].older = newest
        if newest >= 0 { slots[newest].newer = position } else { oldest = position }
        newest = position
    }
}

extension RecentTable: Sendable where Key: Sendable, Value: Sendable {}
extension RecentTable.Slot: Sendable where Key: Sendable, Value: Sendable {}
