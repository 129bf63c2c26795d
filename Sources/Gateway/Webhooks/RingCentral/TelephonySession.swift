import Actors
import Foundation

/// One RingCentral call, put together from notifications that each tell of one party and come late, twice or not at all.
///
/// What is known is a set of facts that only grows: per party its newest state, and for the call whether it ever rang, was
/// answered, missed or at the voicemail. So the order of delivery does not matter to what the call was. A pure value, told
/// the time.
///
/// - Source: RingCentral, "Telephony session notifications" and a published capture: the caller is party 1, each further
///   leg a party of its own, and a leg's end is not the call's.
package struct TelephonySession: Equatable, Sendable {
    /// A served party whose telephone rings now.
    package struct Ringing: Equatable, Sendable {
        package var party: String
        package var extensionID: String?
        package var status: PartyChange.Status
        package var since: ContinuousClock.Instant
    }

    /// How long a call's end waits for what may still be missing before it. The capture's delays between two parties' events
    /// of one moment are below 100 ms; a notification itself may take 3 s at most before it counts as failed.
    package static let patience = Duration.seconds(3)
    package static let maximumParties = 64
    package static let maximumSequences = 512
    package static let maximumRecordings = 32

    package let id: String
    /// Extensions whose telephones count; empty: every extension's.
    private let served: Set<String>
    private var parties: [String: TelephonyParty] = [:]
    private var sequences: Set<Int64> = []
    private var firstFrom: TelephonyFact<String>?
    private var firstTo: TelephonyFact<String>?
    private var rang = false
    private var wasAtVoicemail = false
    private var wasMissed = false
    private var isFromExtension = false
    private var reason: TelephonyFact<PartyChange.Reason>?
    private var recordings: [String: Bool] = [:]
    private var toldRecordings: Set<String> = []
    private var told = 0
    private var pendingEnd: ContinuousClock.Instant?

    /// When an inbound party was connected; for an account's own call, when the other side was.
    package private(set) var answeredAt: Date?
    package private(set) var isAnswered = false
    package private(set) var endPhase: CallLifecycle.Phase?
    private var overAt: Date?

    package init(id: String, served: Set<String> = []) {
        self.id = id
        self.served = served
    }

    // MARK: Input

    /// - Returns: what is new. Nothing for what was told before or was overtaken.
    package mutating func handle(_ change: PartyChange, now: ContinuousClock.Instant) -> [Output] {
        let before = parties[change.party]
        guard before != nil || parties.count < Self.maximumParties else { return [] }
        let advanced = learn(change, before, now)
        var outputs = milestones()
        if advanced, let party = parties[change.party], endPhase == nil,
            let update = Self.update(from: before?.status, to: party.status)
        {
            outputs.append(.updated(update, party: change.party, mark: party.order.mark))
        }
        outputs += end(now: now)
        return outputs + finishedRecordings()
    }

    /// Time has passed; see `deadline`.
    package mutating func handleTimeout(now: ContinuousClock.Instant) -> [Output] {
        end(now: now) + finishedRecordings()
    }

    /// The vendor knows the session no more: its end was never told.
    package mutating func vanish() -> [Output] {
        guard endPhase == nil, !isUntold else { return [] }
        for id in parties.keys where parties[id]?.isOver == false {
            parties[id]?.isOver = true
            parties[id]?.status = .disconnected
        }
        return ending() + finishedRecordings()
    }

    /// When the session wants to be told the time.
    package var deadline: ContinuousClock.Instant? { endPhase == nil ? pendingEnd : nil }

    // MARK: What is known

    /// Nothing was told of it yet.
    package var isUntold: Bool { parties.isEmpty }
    package var from: String? { firstFrom?.value }
    package var to: String? { firstTo?.value }
    package var isMissed: Bool { wasMissed && !isAnswered }
    package var isVoicemail: Bool { wasAtVoicemail }
    package var isEnded: Bool { endPhase != nil }
    package var endedAt: Date? { isEnded ? overAt : nil }
    package var recordingIDs: [String] { recordings.keys.sorted() }

    /// Begun by one of the account's extensions, and no other extension was called.
    package var isOutbound: Bool {
        parties.values.contains(where: \.isOwnCaller)
            && !parties.values.contains { $0.isCallee && $0.extensionID != nil }
    }

    /// Colleagues among themselves: filed, and never answered or routed.
    package var isInternal: Bool { isFromExtension || parties.values.contains(where: \.isOwnCaller) }

    /// Seconds of conversation.
    package var durationSeconds: Int? {
        guard let answeredAt, let overAt, isEnded else { return nil }
        return max(0, Int(overAt.timeIntervalSince(answeredAt).rounded()))
    }

    /// Telephones that ring now; none once somebody has answered.
    package var ringing: [Ringing] {
        guard endPhase == nil, !parties.values.contains(where: { isServed($0) && $0.isConnected }) else { return [] }
        return parties.compactMap { id, party in
            guard isServed(party), party.isCallee, party.status == .setup || party.status == .proceeding,
                let since = party.ringingSince
            else { return nil }
            return Ringing(party: id, extensionID: party.extensionID, status: party.status, since: since)
        }.sorted { $0.party < $1.party }
    }

    /// The party that acting on the call means: who talks, else whose telephone rings, else any that is still there.
    package var actor: (party: String, status: PartyChange.Status)? {
        let live = parties.filter { !$0.value.isOver }.sorted { $0.value.order > $1.value.order }
        let own = live.filter { $0.value.isCallee || $0.value.isOwnCaller }
        let chosen =
            own.first { $0.value.isConnected && isServed($0.value) }
            ?? own.first { $0.value.status == .setup || $0.value.status == .proceeding } ?? own.first
        return chosen.map { ($0.key, $0.value.status) }
    }

    private func isServed(_ party: TelephonyParty) -> Bool {
        guard party.isCallee || party.isOwnCaller else { return false }
        guard !served.isEmpty, let id = party.extensionID else { return true }
        return served.contains(id)
    }

    // MARK: Facts

    /// - Returns: the party's state is newer than it was.
    private mutating func learn(_ change: PartyChange, _ before: TelephonyParty?, _ now: ContinuousClock.Instant)
        -> Bool
    {
        let order = TelephonyOrder(
            sequence: change.sequence ?? -1,
            time: change.sequence == nil ? Int64((change.at?.timeIntervalSince1970 ?? 0) * 1000) : 0
        )
        if let sequence = change.sequence, sequences.count < Self.maximumSequences { sequences.insert(sequence) }
        Self.keepEarliest(change.from, order, &firstFrom)
        Self.keepEarliest(change.to, order, &firstTo)

        var party = before ?? TelephonyParty(order: order, status: change.status, index: change.index)
        let isNewer =
            before == nil || order > party.order
            || (change.sequence == nil && order == party.order && change.status != party.status)
        if isNewer {
            party.order = max(order, party.order)
            party.direction = change.direction ?? party.direction
            party.extensionID = change.extensionID ?? party.extensionID
            // A party that left does not come back: later legs are parties of their own.
            if !party.isOver, change.status != .unknown { party.status = change.status }
        } else {
            party.direction = party.direction ?? change.direction
            party.extensionID = party.extensionID ?? change.extensionID
        }
        if change.status.isOver {
            if isNewer || !party.isOver { party.status = change.status }
            party.isOver = true
            if let at = change.at { overAt = overAt.map { max($0, at) } ?? at }
            if let reason = change.reason, self.reason.map({ $0.order < order }) ?? true {
                self.reason = TelephonyFact(value: reason, order: order)
            }
        }
        if change.status == .answered || change.status == .hold { party.wasConnected = true }
        if !party.isOver, party.status == .proceeding || party.status == .setup {
            party.ringingSince = party.ringingSince ?? now
        }
        parties[change.party] = party
        learnOfCall(change, party)
        return isNewer && before?.isOver != true && party.status != before?.status
    }

    private mutating func learnOfCall(_ change: PartyChange, _ party: TelephonyParty) {
        for recording in change.recordings
        where recordings[recording.id] != nil || recordings.count < Self.maximumRecordings {
            recordings[recording.id] = (recordings[recording.id] ?? false) || !recording.isActive
        }
        if change.isFromExtension { isFromExtension = true }
        guard isServed(party) else { return }
        if change.isMissed { wasMissed = true }
        switch change.status {
        case .setup, .proceeding: rang = rang || party.isCallee || change.status == .proceeding
        case .answered, .hold:
            isAnswered = true
            if change.status == .answered, let at = change.at { answeredAt = answeredAt.map { min($0, at) } ?? at }
        case .voicemail: wasAtVoicemail = true
        case .parked, .disconnected, .gone, .screening, .fax, .unknown: break
        }
    }

    private static func keepEarliest(_ value: String?, _ order: TelephonyOrder, _ known: inout TelephonyFact<String>?) {
        guard let value, known.map({ order < $0.order }) ?? true else { return }
        known = TelephonyFact(value: value, order: order)
    }

    // MARK: News

    private mutating func milestones() -> [Output] {
        let reached = isAnswered ? 3 : rang ? 2 : 1
        guard reached > told else { return [] }
        told = reached
        return [reached == 3 ? .answered : reached == 2 ? .ringing : .initiated]
    }

    private static func update(from before: PartyChange.Status?, to status: PartyChange.Status) -> Update? {
        switch status {
        case .hold: .hold
        case .parked: .parked
        case .gone: .gone
        case .voicemail: .voicemail
        case .screening: .screening
        case .fax: .fax
        case .answered: before == .hold || before == .parked ? .resumed : nil
        case .setup, .proceeding, .disconnected, .unknown: nil
        }
    }

    private mutating func finishedRecordings() -> [Output] {
        let finished = recordings.filter { ($0.value || isEnded) && !toldRecordings.contains($0.key) }.keys.sorted()
        toldRecordings.formUnion(finished)
        return finished.map { .recording($0) }
    }

    // MARK: The end

    private mutating func end(now: ContinuousClock.Instant) -> [Output] {
        guard endPhase == nil else { return [] }
        guard isOver else {
            pendingEnd = nil
            return []
        }
        let due = pendingEnd ?? now.advanced(by: Self.patience)
        pendingEnd = due
        return isCertain || now >= due ? ending() : []
    }

    private mutating func ending() -> [Output] {
        let phase = self.phase
        endPhase = phase
        return (isMissed ? [.missed] : []) + [.ended(phase)]
    }

    /// The party that began the session left, or, where it was never told of, every known one.
    private var isOver: Bool {
        let originators = parties.values.filter(\.isOriginator)
        if !originators.isEmpty { return originators.contains(where: \.isOver) }
        return !parties.isEmpty && parties.values.allSatisfy(\.isOver)
    }

    /// Nothing that may still come would change the end.
    private var isCertain: Bool {
        if isWhole { return true }
        // The forms without a sequence cannot tell what is missing; an answered call's end is then taken at its word.
        return sequences.isEmpty && isAnswered && parties.values.contains { $0.isOriginator && $0.isOver }
    }

    /// Every notification from the session's first on is here. The capture's numbering begins at 2.
    private var isWhole: Bool {
        guard let first = sequences.min(), let last = sequences.max(), first <= 2 else { return false }
        return Int64(sequences.count) == last - first + 1
    }

    private var phase: CallLifecycle.Phase {
        if isAnswered { return .completed }
        if wasAtVoicemail { return .voicemail }
        switch reason?.value {
        case .voicemail: return .voicemail
        case .busy: return .busy
        case .failed: return .failed
        case .noAnswer: return .noAnswer
        case .canceled: return wasMissed ? .noAnswer : .canceled
        case nil: break
        }
        if wasMissed { return .noAnswer }
        // A menu of the account talked to the caller, or what happened in between was not delivered.
        let wasConnected = parties.values.contains(where: \.wasConnected)
        return isWhole && !wasConnected ? .canceled : .completed
    }
}
