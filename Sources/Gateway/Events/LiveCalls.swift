import Actors
import Engine
import Synchronization

/// What is known of the calls that are up, for `/twilio/sessions`. No texts, no numbers.
package final class LiveCalls: CallObserver {
    private struct Line {
        var identity: CallIdentity
        var clock = CallClock()
        var state = "greeting"
        var turn = 0
        var interruptions = 0
        var lastTurn: Duration?
    }
    private let lines = Mutex<[String: Line]>([:])

    package init() {}

    package func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        lines.withLock { lines in
            switch happening {
            case .started: lines[call.id] = Line(identity: call)
            case .ended: lines[call.id] = nil
            case .callerSaid(let turn, _, _):
                lines[call.id]?.turn = turn
                lines[call.id]?.state = "thinking"
            case .agentSaid: lines[call.id]?.state = "speaking"
            case .interrupted:
                lines[call.id]?.interruptions += 1
                lines[call.id]?.state = "listening"
            case .turn(_, let stages): lines[call.id]?.lastTurn = stages[.total]
            case .action(let action): lines[call.id]?.state = action.label
            case .emergency: lines[call.id]?.state = "emergency"
            case .resumed, .intent, .consent, .handingOver, .legFailed, .legReplaced, .tool: break
            }
        }
    }

    package func list(tenant: String) -> EventValue {
        let chosen = lines.withLock { $0.values.filter { tenant == "*" || $0.identity.tenant == tenant } }
        let items = chosen.sorted { $0.clock.epoch < $1.clock.epoch }.map { line in
            EventValue.object([
                "callId": .text(line.identity.id), "callSid": .text(line.identity.providerCallID),
                "tenant": .text(line.identity.tenant), "provider": .text(line.identity.provider),
                "state": .text(line.state), "turn": .number(Double(line.turn)),
                "interruptions": .number(Double(line.interruptions)),
                "ageMs": .number(Double(line.clock.now.milliseconds)),
                "lastTurnMs": line.lastTurn.map { .number($0.inMilliseconds) } ?? .null,
            ])
        }
        return .object(["items": .list(items), "total": .number(Double(items.count))])
    }
}
