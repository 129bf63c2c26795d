import Actors
import Foundation
import Synchronization

/// Every RingCentral call that is known: turns notifications into the book's events and into work. Decides at once and waits
/// for nothing; bounded.
package final class TelephonySessions: Sendable {
    /// What the provider shall do; carried out elsewhere, because it takes requests to the vendor.
    package enum Work: Equatable, Sendable {
        /// Of these actions the first that succeeds.
        case act(session: String, party: String, [RingCentralPolicy.Action])
        /// Fetch this recording of an ended call.
        case fetch(session: String, recording: String)
        /// Nothing was heard of this call for long: ask whether it still exists.
        case ask(session: String)
        /// The subscription is about to end.
        case checkSubscription
    }

    package enum Disposition: String, Sendable {
        case accepted, duplicate
        /// Nothing in it concerns a call of a tenant.
        case ignored
    }

    struct Entry {
        var session: TelephonySession
        var stage = RingCentralStage.ringing
        var number: String?
        var tenant: String?
        /// Events of a call whose tenant is not known yet.
        var backlog: [ProviderEvent] = []
        var acted: Set<String> = []
        var pendingRecordings: Set<String> = []
        /// Extensions whose presence told of this call, and nothing else did.
        var presence: String?
        var decideAt: ContinuousClock.Instant?
        /// When the last notification came, or was asked for.
        var heardAt: ContinuousClock.Instant?

        var deadline: ContinuousClock.Instant? {
            [session.deadline, decideAt].compactMap { $0 }.min()
        }
    }

    struct State {
        var entries: [String: Entry] = [:]
        var order: [String] = []
        var timed: Set<String> = []
        var presence: [String: Int64] = [:]
    }

    let state = Mutex(State())
    let limit: Int
    private let served: Set<String>
    private let policy: RingCentralPolicy
    private let book: CallBook
    private let tenants: @Sendable (String) -> TenantProfile?
    let work: @Sendable (Work) -> Void

    /// - Parameters:
    ///   - served: extensions the engine acts for; empty: all.
    ///   - tenants: the tenant that a number (E.164) belongs to.
    ///   - limit: calls remembered; the oldest ended ones are forgotten first.
    ///   - work: told what to do; must not wait.
    package init(
        served: Set<String>,
        policy: RingCentralPolicy,
        book: CallBook,
        tenants: @escaping @Sendable (String) -> TenantProfile?,
        limit: Int = 10_000,
        work: @escaping @Sendable (Work) -> Void
    ) {
        self.served = served
        self.policy = policy
        self.book = book
        self.tenants = tenants
        self.limit = max(1, limit)
        self.work = work
    }

    // MARK: Input

    package func take(
        _ notification: RingCentralNotification,
        now: ContinuousClock.Instant = .now,
        date: Date = Date()
    ) -> Disposition {
        switch notification.kind {
        case .other: return .ignored
        case .reminder:
            work(.checkSubscription)
            return .accepted
        case .parties(let changes): return take(changes, presence: nil, now, date)
        case .presence(let extensionID, let sequence, let changes):
            guard let changes = current(changes, extensionID, sequence) else { return .duplicate }
            return take(changes, presence: extensionID, now, date)
        }
    }

    private func take(_ changes: [PartyChange], presence: String?, _ now: ContinuousClock.Instant, _ date: Date)
        -> Disposition
    {
        var isNew = false
        var isKnown = false
        for change in changes {
            let result = state.withLock { state -> Result in
                var result = Result()
                Self.makeRoom(limit, for: change.session, served, in: &state)
                guard var entry = state.entries[change.session] else { return result }
                let before = entry.session
                if before.isUntold { entry.presence = presence }
                if presence == nil { entry.presence = nil }
                entry.heardAt = now
                let outputs = entry.session.handle(change, now: now)
                isNew = isNew || entry.session != before
                apply(outputs, change.at, to: &entry, now, date, &result)
                isKnown = isKnown || entry.tenant != nil
                Self.store(entry, in: &state)
                return result
            }
            deliver(result, date)
        }
        return !isKnown ? .ignored : isNew ? .accepted : .duplicate
    }

    /// Calls whose patience is over are ended, and telephones that rang long enough are decided about.
    package func expire(now: ContinuousClock.Instant = .now, date: Date = Date()) {
        let due = state.withLock { state in
            state.timed.filter { state.entries[$0]?.deadline.map { $0 <= now } ?? true }.sorted()
        }
        for id in due {
            let result = state.withLock { state -> Result in
                var result = Result()
                guard var entry = state.entries[id] else {
                    state.timed.remove(id)
                    return result
                }
                apply(entry.session.handleTimeout(now: now), nil, to: &entry, now, date, &result)
                Self.store(entry, in: &state)
                return result
            }
            deliver(result, date)
        }
    }

    /// When `expire` is wanted next.
    package var deadline: ContinuousClock.Instant? {
        state.withLock { state in state.timed.compactMap { state.entries[$0]?.deadline }.min() }
    }

    /// The call is on its way to where the engine sent it; without success its people may still answer.
    package func acted(on session: String) {
        state.withLock { $0.entries[session]?.stage.advance(to: .answering) }
    }

    /// A recording was fetched or given up.
    package func settled(_ recording: String, of session: String) {
        state.withLock { state in
            guard var entry = state.entries[session] else { return }
            entry.pendingRecordings.remove(recording)
            if entry.session.isEnded, entry.pendingRecordings.isEmpty { entry.stage.advance(to: .finalised) }
            state.entries[session] = entry
        }
    }

    // MARK: What is known

    package func session(_ id: String) -> TelephonySession? { state.withLock { $0.entries[id]?.session } }
    package func stage(_ id: String) -> RingCentralStage? { state.withLock { $0.entries[id]?.stage } }

    /// How many calls are in each stage.
    package var stages: [RingCentralStage: Int] {
        state.withLock { state in state.entries.values.reduce(into: [:]) { $0[$1.stage, default: 0] += 1 } }
    }

    // MARK: Steps

    struct Result {
        var events: [ProviderEvent] = []
        var work: [Work] = []
    }

    func deliver(_ result: Result, _ date: Date) {
        for event in result.events { book.take(event, now: date) }
        for item in result.work { work(item) }
    }

    func apply(
        _ outputs: [TelephonySession.Output],
        _ at: Date?,
        to entry: inout Entry,
        _ now: ContinuousClock.Instant,
        _ date: Date,
        _ result: inout Result
    ) {
        let session = entry.session
        if entry.tenant == nil, let number = session.isOutbound ? session.from : session.to,
            let profile = tenants(number)
        {
            entry.tenant = profile.id
            entry.number = number
        }
        entry.backlog += outputs.compactMap { RingCentralEvents.event($0, of: session, at: at) }
        for output in outputs {
            switch output {
            case .answered: entry.stage.advance(to: .conversation)
            case .ended: entry.stage.advance(to: .disconnected)
            case .recording(let id):
                entry.pendingRecordings.insert(id)
                result.work.append(.fetch(session: session.id, recording: id))
            case .initiated, .ringing, .updated, .missed: break
            }
        }
        if session.isEnded, entry.pendingRecordings.isEmpty { entry.stage.advance(to: .finalised) }
        guard let tenant = entry.tenant else {
            // Nobody's call: what a later notification may still explain is kept, not more.
            entry.backlog.removeFirst(max(0, entry.backlog.count - 32))
            return
        }
        for var event in entry.backlog {
            event.tenant = tenant
            result.events.append(event)
        }
        entry.backlog = []
        decide(&entry, now, date, &result)
    }

    private func decide(
        _ entry: inout Entry,
        _ now: ContinuousClock.Instant,
        _ date: Date,
        _ result: inout Result
    ) {
        entry.decideAt = nil
        // One action per call: what the engine did once is not undone by the next leg that rings.
        guard entry.acted.isEmpty, !entry.session.isInternal, let number = entry.number, let profile = tenants(number)
        else { return }
        let desk = RingCentralPolicy.Desk(profile, at: date)
        for ringing in entry.session.ringing where isReady(ringing) {
            let ring = RingCentralPolicy.Ring(
                elapsed: ringing.since.duration(to: now),
                extensionID: ringing.extensionID,
                called: number
            )
            switch policy.decide(ring, desk) {
            case .leave: break
            case .wait(let limit):
                let due = ringing.since.advanced(by: limit)
                entry.decideAt = entry.decideAt.map { min($0, due) } ?? due
            case .act(let actions):
                entry.acted.insert(ringing.party)
                entry.decideAt = nil
                result.work.append(.act(session: entry.session.id, party: ringing.party, actions))
                return
            }
        }
    }

    /// A menu or queue is set up like a telephone but never rings, so a leg counts from `Proceeding` on, unless its
    /// extension is one the engine was told to act for.
    private func isReady(_ ringing: TelephonySession.Ringing) -> Bool {
        ringing.status == .proceeding || ringing.extensionID.map(served.contains) ?? false
    }

    static func store(_ entry: Entry, in state: inout State) {
        state.entries[entry.session.id] = entry
        if entry.deadline == nil {
            state.timed.remove(entry.session.id)
        } else {
            state.timed.insert(entry.session.id)
        }
    }

    private static func makeRoom(_ limit: Int, for id: String, _ served: Set<String>, in state: inout State) {
        guard state.entries[id] == nil else { return }
        state.entries[id] = Entry(session: TelephonySession(id: id, served: served))
        state.order.append(id)
        guard state.order.count > limit else { return }
        let ended = state.order.firstIndex { state.entries[$0]?.session.isEnded ?? false } ?? 0
        let forgotten = state.order.remove(at: ended)
        state.entries.removeValue(forKey: forgotten)
        state.timed.remove(forgotten)
    }
}
