import Actors

/// Sums over calls, for `/stats`.
struct CallStatistics {
    private var total = 0
    private var answered = 0
    private var live = 0
    private var byStatus: [String: Int] = [:]
    private var byDirection: [String: Int] = [:]
    private var talkSeconds = 0
    private var timed = 0

    init(_ entries: [CallBook.Entry]) {
        for phase in CallLifecycle.Phase.allCases { byStatus[phase.rawValue] = 0 }
        for direction in [ProviderEvent.Direction.inbound, .outbound] { byDirection[direction.rawValue] = 0 }
        for entry in entries {
            total += 1
            if entry.lifecycle.wasAnswered { answered += 1 }
            if entry.isLive { live += 1 }
            if let phase = entry.lifecycle.phase { byStatus[phase.rawValue, default: 0] += 1 }
            if let direction = entry.direction { byDirection[direction.rawValue, default: 0] += 1 }
            if let seconds = entry.durationSeconds {
                talkSeconds += seconds
                timed += 1
            }
        }
    }

    var json: EventValue {
        .object([
            "total": number(total), "answered": number(answered), "live": number(live),
            "by_status": .object(byStatus.mapValues(number)), "by_direction": .object(byDirection.mapValues(number)),
            "talk_seconds": number(talkSeconds),
            "average_talk_seconds": timed > 0 ? .number(Double(talkSeconds) / Double(timed)) : .null,
        ])
    }

    private func number(_ value: Int) -> EventValue { .number(Double(value)) }
}
