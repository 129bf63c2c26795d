import Actors
import Foundation
import Synchronization

/// Every provider's calls with what their webhooks and their media told: decides at once, waits for nothing.
///
/// Bounded: ended calls are forgotten first, then the oldest of all. News are told after the book has them, outside its lock.
public final class CallBook: Sendable {
    public enum Outcome: Sendable, Equatable {
        case accepted(CallLifecycle.Change?)
        /// This very event was told before: it changes nothing.
        case duplicate
    }

    /// An event that was new, and what it made of its call.
    public struct News: Sendable {
        public let event: ProviderEvent
        /// After the event.
        public let entry: Entry
        /// nil for an event that says nothing of the call's phase.
        public let change: CallLifecycle.Change?
    }

    private struct State {
        var shelf: CallShelf
        var events: RecentNames
        var texts = CompletedTexts()
    }

    private let state: Mutex<State>
    let meters: ProviderEventMeters
    private let observer: @Sendable (News) -> Void

    /// - Parameters:
    ///   - limit: calls remembered; four times as many event ids are.
    ///   - observer: told of every event that is new. Called by whoever brought the event: must return quickly.
    package init(
        limit: Int = 10_000,
        meters: ProviderEventMeters = ProviderEventMeters(),
        observer: @escaping @Sendable (News) -> Void = { _ in }
    ) {
        state = Mutex(State(shelf: CallShelf(limit: limit), events: RecentNames(limit: max(1, limit) * 4)))
        self.meters = meters
        self.observer = observer
    }

    /// Takes an event. Which of two equal ones comes first is decided under one lock, so exactly one is `accepted`.
    @discardableResult public func take(_ event: ProviderEvent, now: Date = Date()) -> Outcome {
        let news = state.withLock { state -> News? in
            guard state.events.insert("\(event.call.provider) \(event.id)") else { return nil }
            return state.shelf.update(
                event.call,
                orNew: Entry(call: event.call, tenant: event.tenant, openedAt: event.at ?? now)
            ) { entry in
                let change = entry.apply(event, now: now)
                return News(event: event, entry: entry, change: change)
            }
        }
        meters.count(event, news.map { $0.change == .stale ? .stale : .accepted } ?? .duplicate)
        guard let news else { return .duplicate }
        observer(news)
        return .accepted(news.change)
    }

    public func entry(_ call: ProviderCallKey) -> Entry? { state.withLock { $0.shelf[call] } }

    /// - Parameter name: the engine's own id of a call, or `provider:id`.
    public func entry(named name: String) -> Entry? {
        state.withLock { state in
            if let entry = state.shelf.entry(media: name) { return entry }
            guard let colon = name.firstIndex(of: ":") else { return nil }
            let id = String(name[name.index(after: colon)...])
            return state.shelf[ProviderCallKey(provider: String(name[..<colon]), id: id)]
        }
    }

    /// Newest first.
    public var entries: [Entry] { select { _ in true }.items }

    /// The calls that fit, newest first.
    /// - Parameters:
    ///   - offset: of the first call that is wanted among those that fit.
    ///   - count: calls wanted; nil wants all.
    ///   - isWanted: quick: the book is closed meanwhile.
    /// - Returns: with the number of all that fit.
    public func select(
        offset: Int = 0,
        count: Int? = nil,
        where isWanted: @Sendable (Entry) -> Bool
    ) -> (items: [Entry], total: Int) {
        state.withLock { state in
            var items: [Entry] = []
            var total = 0
            state.shelf.forEach { entry in
                guard isWanted(entry) else { return }
                if total >= offset, items.count < count ?? .max { items.append(entry) }
                total += 1
            }
            return (items, total)
        }
    }

    /// Keeps what became of the work on a call, redacted for records.
    /// - Returns: the call; nil when the book does not know it any more, and keeps nothing.
    @discardableResult package func completed(_ record: AfterCallRecord, of call: ProviderCallKey) -> Entry? {
        state.withLock { state in
            let entry = state.shelf.update(call) { entry -> Entry in
                entry.completed.append(record)
                return entry
            }
            guard let entry else { return nil }
            for old in state.texts.add(record.bytes, of: call) {
                _ = state.shelf.update(old) { if !$0.completed.isEmpty { $0.completed.removeFirst() } }
            }
            return entry
        }
    }

    /// The engine's own call that carries a provider's call; none is made for a call the book does not know.
    public func attach(media id: String, to call: ProviderCallKey) {
        _ = state.withLock { $0.shelf.update(call) { $0.mediaCall = id } }
    }

    /// A call's media is up: the call is in progress, whether its provider has told of it or not.
    func mediaStarted(_ call: CallIdentity, now: Date) {
        let key = ProviderCallKey(provider: call.provider, id: call.providerCallID)
        state.withLock { state in
            state.shelf.update(key, orNew: Entry(call: key, tenant: call.tenant, openedAt: now)) {
                $0.mediaStarted(call.id, now: now)
            }
        }
    }

    /// A call's media is gone. A later socket of the same call is not disturbed by the end of an earlier one.
    func mediaEnded(_ call: CallIdentity, duration: Duration, now: Date) {
        let key = ProviderCallKey(provider: call.provider, id: call.providerCallID)
        _ = state.withLock { state in
            state.shelf.update(key) { entry in
                if entry.mediaCall == call.id { entry.mediaEnded(duration, now: now) }
            }
        }
    }
}
