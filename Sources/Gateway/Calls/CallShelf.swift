import Actors

/// The calls of a book in the order they came. A pure value.
///
/// Bounded: calls of which nothing more is expected are forgotten first, the one that became so first before the others; then
/// the oldest of all.
struct CallShelf {
    private struct Slot {
        var entry: CallBook.Entry
        /// Tells this call from an earlier one of the same name that was forgotten.
        var serial: Int
        var isSpare = false
    }
    private struct Place {
        var key: ProviderCallKey
        var serial: Int
    }

    private var slots: [ProviderCallKey: Slot] = [:]
    private var order = Queue<Place>()
    /// Calls that may be forgotten. One that lives again is found out when its turn comes.
    private var spare = Queue<Place>()
    private var byMedia: [String: ProviderCallKey] = [:]
    private var nextSerial = 0
    private let limit: Int

    init(limit: Int) { self.limit = max(1, limit) }

    var count: Int { slots.count }

    subscript(key: ProviderCallKey) -> CallBook.Entry? { slots[key]?.entry }

    func entry(media id: String) -> CallBook.Entry? { byMedia[id].flatMap { slots[$0]?.entry } }

    /// Changes a call, or a new one where there is none.
    mutating func update<Result>(
        _ key: ProviderCallKey,
        orNew new: @autoclosure () -> CallBook.Entry,
        _ change: (inout CallBook.Entry) -> Result
    ) -> Result {
        if slots[key] == nil { insert(new()) }
        return update(key, change)!
    }

    /// - Returns: nil when the call is not known.
    mutating func update<Result>(_ key: ProviderCallKey, _ change: (inout CallBook.Entry) -> Result) -> Result? {
        guard var slot = slots[key] else { return nil }
        let before = slot.entry.mediaCall
        let result = change(&slot.entry)
        if before != slot.entry.mediaCall {
            if let before { byMedia[before] = nil }
            if let now = slot.entry.mediaCall { byMedia[now] = key }
        }
        if slot.entry.isForgettable, !slot.isSpare {
            slot.isSpare = true
            spare.append(Place(key: key, serial: slot.serial))
        }
        slots[key] = slot
        return result
    }

    /// Newest first.
    func forEach(_ body: (CallBook.Entry) -> Void) {
        for place in order.reversed() {
            if let slot = slots[place.key], slot.serial == place.serial { body(slot.entry) }
        }
    }

    private mutating func insert(_ entry: CallBook.Entry) {
        while slots.count >= limit, forgetOne() {}
        nextSerial += 1
        slots[entry.call] = Slot(entry: entry, serial: nextSerial)
        order.append(Place(key: entry.call, serial: nextSerial))
        // Both queues keep the places of forgotten calls until those come up; they may not pile up either.
        if order.count > 2 * limit { order.removeAll { slots[$0.key]?.serial != $0.serial } }
        if spare.count > 2 * limit { spare.removeAll { slots[$0.key]?.serial != $0.serial } }
    }

    private mutating func forgetOne() -> Bool {
        while let place = spare.popFirst() {
            guard let slot = slots[place.key], slot.serial == place.serial else { continue }
            if slot.entry.isForgettable { return forget(place.key) }
            slots[place.key]?.isSpare = false
        }
        while let place = order.popFirst() {
            if slots[place.key]?.serial == place.serial { return forget(place.key) }
        }
        return false
    }

    private mutating func forget(_ key: ProviderCallKey) -> Bool {
        if let media = slots.removeValue(forKey: key)?.entry.mediaCall { byMedia[media] = nil }
        return true
    }
}
