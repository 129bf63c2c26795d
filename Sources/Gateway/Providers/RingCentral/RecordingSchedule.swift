/// When to ask for recordings, which appear some time after their call's end or never. A pure value, told the time.
package struct RecordingSchedule: Equatable, Sendable {
    package struct Item: Hashable, Sendable {
        package var session: String
        package var recording: String

        package init(session: String, recording: String) {
            self.session = session
            self.recording = recording
        }
    }

    /// Before the first attempt and after each failed one. The vendor promises no time and keeps no recording under 30 s,
    /// so the last attempt comes about 19 minutes after the call.
    package static let pauses: [Duration] = [15, 30, 60, 120, 300, 600].map { .seconds($0) }
    package static let maximumItems = 1000

    private struct Entry: Equatable, Sendable {
        var attempts = 0
        /// nil while an attempt is under way.
        var due: ContinuousClock.Instant?
    }
    private var entries: [Item: Entry] = [:]

    package init() {}

    package var count: Int { entries.count }
    package var deadline: ContinuousClock.Instant? { entries.values.compactMap(\.due).min() }

    /// - Returns: false when too many are waiting already, or this one is.
    package mutating func add(_ item: Item, now: ContinuousClock.Instant) -> Bool {
        guard entries.count < Self.maximumItems, entries[item] == nil else { return false }
        entries[item] = Entry(due: now.advanced(by: Self.pauses[0]))
        return true
    }

    /// Those to ask for now; each stays under way until `fetched` or `failed`.
    package mutating func due(now: ContinuousClock.Instant) -> [Item] {
        let items = entries.filter { $0.value.due.map { $0 <= now } ?? false }.keys
            .sorted { ($0.session, $0.recording) < ($1.session, $1.recording) }
        for item in items { entries[item]?.due = nil }
        return items
    }

    package mutating func fetched(_ item: Item) { entries[item] = nil }

    /// - Parameter isLasting: asking again cannot help.
    /// - Returns: false when it is given up.
    package mutating func failed(_ item: Item, isLasting: Bool = false, now: ContinuousClock.Instant) -> Bool {
        guard var entry = entries[item] else { return false }
        entry.attempts += 1
        guard !isLasting, entry.attempts < Self.pauses.count else {
            entries[item] = nil
            return false
        }
        entry.due = now.advanced(by: Self.pauses[entry.attempts])
        entries[item] = entry
        return true
    }
}
