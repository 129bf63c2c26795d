/// Which of two notifications of a session is the later one.
struct TelephonyOrder: Comparable, Sendable {
    /// -1 for the forms without one: then `time` decides.
    var sequence: Int64
    /// Milliseconds since 1970.
    var time: Int64

    var mark: Int64 { sequence < 0 ? time : sequence }

    static func < (left: TelephonyOrder, right: TelephonyOrder) -> Bool {
        (left.sequence, left.time) < (right.sequence, right.time)
    }
}

/// Something learnt, and from which notification.
struct TelephonyFact<Value: Equatable & Sendable>: Equatable, Sendable {
    var value: Value
    var order: TelephonyOrder
}

/// What is known of one party of a session.
struct TelephonyParty: Equatable, Sendable {
    var order: TelephonyOrder
    var status: PartyChange.Status
    var direction: PartyChange.Direction?
    var extensionID: String?
    var index: Int?
    var isOver = false
    var wasConnected = false
    var ringingSince: ContinuousClock.Instant?

    /// Began the session: a caller from outside is `…-1`.
    var isOriginator: Bool { index == 1 || (index == nil && direction == .outbound) }
    /// Was called. The flat form has one party for both sides.
    var isCallee: Bool { direction == .inbound || (direction == nil && index != 1) }
    var isConnected: Bool { !isOver && (status == .answered || status == .hold) }
    /// One of the account's extensions began the session.
    var isOwnCaller: Bool { isOriginator && !isCallee && extensionID != nil }
}
