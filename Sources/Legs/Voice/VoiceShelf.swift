/// Which of a vendor's open sockets wait for a piece, which are too old, and how many should be opened ahead.
///
/// A value that is told the time: it names what is to be closed and opened, and the pool does it.
///
/// As many sockets are kept ready for a voice as pieces of it were under way at once, within the limit: one caller needs one,
/// fifty callers rarely start a piece in the same moment. A voice that was not used for `keepWarm` is let go.
package struct VoiceShelf<Key: Hashable & Sendable, Item: Sendable>: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// What the pool must do now.
    package struct Work: Sendable {
        package var close: [Item] = []
        /// A key for each socket to open.
        package var open: [Key] = []
    }

    private struct Idle: Sendable {
        var item: Item
        var since: Instant
    }

    private struct Row: Sendable {
        /// Oldest first.
        var idle: [Idle] = []
        var opening = 0
        var inUse = 0
        var mostInUse = 1
        var lastUsed: Instant
    }

    private let configuration: VoicePoolConfiguration
    private let reuses: Bool
    private var rows: [Key: Row] = [:]
    private var isClosed = false

    /// - Parameter reuses: sockets in use come back, so no other is opened in their place.
    package init(_ configuration: VoicePoolConfiguration, reuses: Bool) {
        self.configuration = configuration
        self.reuses = reuses
    }

    package var idle: Int { rows.values.reduce(0) { $0 + $1.idle.count } }
    package var opening: Int { rows.values.reduce(0) { $0 + $1.opening } }
    package var inUse: Int { rows.values.reduce(0) { $0 + $1.inUse } }

    /// The caller of the pool wants a socket: the one that was used last, if there is one, else it opens its own.
    /// - Parameter isUsable: asked of each socket before it is handed out; one that is not is closed.
    package mutating func take(_ key: Key, now: Instant, isUsable: (Item) -> Bool) -> (item: Item?, work: Work) {
        var row = rows[key] ?? Row(lastUsed: now)
        var work = Work()
        var found: Item?
        while found == nil, let idle = row.idle.popLast() {
            if isFresh(idle, now), isUsable(idle.item) { found = idle.item } else { work.close.append(idle.item) }
        }
        row.inUse += 1
        row.mostInUse = max(row.mostInUse, row.inUse)
        row.lastUsed = now
        rows[key] = row
        return (found, work)
    }

    /// Sockets to open ahead for a voice, so that its next pieces do not wait.
    package mutating func refill(_ key: Key, now: Instant) -> Work {
        guard !isClosed, configuration.idlePerVoice > 0 else { return Work() }
        var row = rows[key] ?? Row(lastUsed: now)
        let there = row.idle.count + row.opening + (reuses ? row.inUse : 0)
        let wanted = min(configuration.idlePerVoice, row.mostInUse) - there
        let room = configuration.idle - idle - opening
        let count = max(0, min(wanted, room))
        row.opening += count
        rows[key] = row
        return Work(open: Array(repeating: key, count: count))
    }

    /// A socket that `refill` wanted is there.
    package mutating func opened(_ key: Key, _ item: Item, now: Instant) -> Work {
        rows[key]?.opening -= 1
        return put(key, item, now)
    }

    package mutating func openingFailed(_ key: Key) { rows[key]?.opening -= 1 }

    /// The piece is over.
    /// - Parameter item: the socket when it can speak another piece; nil when it is gone.
    package mutating func giveBack(_ key: Key, _ item: Item?, now: Instant) -> Work {
        rows[key]?.inUse -= 1
        rows[key]?.lastUsed = now
        guard let item else { return Work() }
        return put(key, item, now)
    }

    private mutating func put(_ key: Key, _ item: Item, _ now: Instant) -> Work {
        guard !isClosed, let row = rows[key], row.idle.count < configuration.idlePerVoice, idle < configuration.idle
        else { return Work(close: [item]) }
        rows[key]?.idle.append(Idle(item: item, since: now))
        return Work()
    }

    /// Replaces what the vendor would soon close, while its voice is in use.
    /// - Returns: what to do, and when to ask again; nil while nothing waits.
    package mutating func tick(now: Instant) -> (work: Work, next: Instant?) {
        var work = Work()
        for key in rows.keys {
            guard var row = rows[key] else { continue }
            let isWanted = now < row.lastUsed.advanced(by: configuration.keepWarm)
            let stale = row.idle.filter { !isFresh($0, now) }
            row.idle.removeAll { !isFresh($0, now) }
            work.close += stale.map(\.item)
            // A rush is forgotten at the pace at which its sockets age.
            if !stale.isEmpty { row.mostInUse = max(1, row.inUse, row.mostInUse / 2) }
            rows[key] = row
            if isWanted, !stale.isEmpty { work.open += refill(key, now: now).open }
            if !isWanted, rows[key].map({ $0.idle.isEmpty && $0.opening == 0 && $0.inUse == 0 }) == true {
                rows[key] = nil
            }
        }
        let next = rows.values.flatMap(\.idle).map { $0.since.advanced(by: configuration.idleLimit) }.min()
        return (work, next)
    }

    /// Nothing is kept or opened any more.
    package mutating func close() -> Work {
        isClosed = true
        defer { for key in rows.keys { rows[key]?.idle.removeAll() } }
        return Work(close: rows.values.flatMap { $0.idle.map(\.item) })
    }

    private func isFresh(_ idle: Idle, _ now: Instant) -> Bool {
        now < idle.since.advanced(by: configuration.idleLimit)
    }
}
