import Actors
import Foundation
import Synchronization

/// Every provider's calls with what their webhooks told: decides at once, waits for nothing.
///
/// Bounded: the oldest ended calls are forgotten first, then the oldest of all. Events are told to `observer` after the
/// book has them, outside its lock.
public final class CallBook: Sendable {
    public struct Entry: Sendable {
        public let call: ProviderCallKey
        public var tenant: String
        public var lifecycle = CallLifecycle()
        public var direction: ProviderEvent.Direction?
        public var from: String?
        public var to: String?
        public var openedAt: Date
        public var endedAt: Date?
        public var durationSeconds: Int?
        public var recordings: [ProviderRecording] = []
        /// The engine's own call while its media is up, and afterwards its last.
        public var mediaCall: String?
    }

    public enum Outcome: Sendable, Equatable {
        case accepted(CallLifecycle.Change?)
        /// This very event was told before: it changes nothing.
        case duplicate
    }

    private struct State {
        var entries: [ProviderCallKey: Entry] = [:]
        var order: [ProviderCallKey] = []
        var seen: Set<String> = []
        var seenOrder: [String] = []
        var seenStart = 0
    }

    private let state = Mutex(State())
    private let limit: Int
    private let observer: @Sendable (ProviderEvent, Entry) -> Void

    /// - Parameters:
    ///   - limit: calls remembered; four times as many event ids are.
    ///   - observer: told of every event that is new.
    public init(limit: Int = 10_000, observer: @escaping @Sendable (ProviderEvent, Entry) -> Void = { _, _ in }) {
        self.limit = max(1, limit)
        self.observer = observer
    }

    /// Takes an event. Which of two equal ones comes first is decided under one lock, so exactly one is `accepted`.
    @discardableResult public func take(_ event: ProviderEvent, now: Date = Date()) -> Outcome {
        let (outcome, entry) = state.withLock { state -> (Outcome, Entry?) in
            guard Self.remember("\(event.call.provider) \(event.id)", limit: limit * 4, in: &state) else {
                return (.duplicate, nil)
            }
            var entry = state.entries[event.call] ?? Entry(call: event.call, tenant: event.tenant, openedAt: now)
            if state.entries[event.call] == nil { Self.makeRoom(limit, in: &state, for: event.call) }
            let change = Self.apply(event, to: &entry, now: now)
            state.entries[event.call] = entry
            return (.accepted(change), entry)
        }
        if let entry { observer(event, entry) }
        return outcome
    }

    public func entry(_ call: ProviderCallKey) -> Entry? { state.withLock { $0.entries[call] } }

    /// Newest first.
    public var entries: [Entry] {
        state.withLock { state in state.order.reversed().compactMap { state.entries[$0] } }
    }

    /// The engine's own call that carries a provider's call; none is made for a call the book does not know.
    public func attach(media id: String, to call: ProviderCallKey) {
        state.withLock { $0.entries[call]?.mediaCall = id }
    }

    private static func apply(_ event: ProviderEvent, to entry: inout Entry, now: Date) -> CallLifecycle.Change? {
        entry.direction = entry.direction ?? event.direction
        entry.from = entry.from ?? event.from
        entry.to = entry.to ?? event.to
        entry.durationSeconds = event.durationSeconds ?? entry.durationSeconds
        switch event.kind {
        case .phase(let phase):
            let change = entry.lifecycle.enter(phase)
            if phase.isEnded, change != .stale { entry.endedAt = event.at ?? now }
            return change
        case .recording(let recording):
            if entry.lifecycle.recorded(recording.id) { entry.recordings.append(recording) }
        case .updated, .transcription, .other: break
        }
        return nil
    }

    /// - Returns: false when the name was known.
    private static func remember(_ name: String, limit: Int, in state: inout State) -> Bool {
        guard state.seen.insert(name).inserted else { return false }
        state.seenOrder.append(name)
        if state.seen.count > limit {
            state.seen.remove(state.seenOrder[state.seenStart])
            state.seenStart += 1
            if state.seenStart > limit {
                state.seenOrder.removeFirst(state.seenStart)
                state.seenStart = 0
            }
        }
        return true
    }

    private static func makeRoom(_ limit: Int, in state: inout State, for call: ProviderCallKey) {
        state.order.append(call)
        guard state.order.count > limit else { return }
        let ended = state.order.firstIndex { state.entries[$0]?.lifecycle.phase?.isEnded ?? false }
        state.entries.removeValue(forKey: state.order.remove(at: ended ?? 0))
    }
}
