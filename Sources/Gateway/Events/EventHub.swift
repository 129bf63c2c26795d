import Actors
import Engine
import Foundation
import Synchronization

/// Fans live call events out to the listeners of the event stream, and keeps the last ones for those who come back.
///
/// Texts are personal data: only listeners with a token get here, and only those of their own tenant.
package final class EventHub: CallObserver {
    package struct Event: Sendable {
        package let id: Int
        package let name: String
        package let tenant: String
        package let json: String
    }

    private struct State {
        var nextID = 1
        var recent: [Event] = []
        var listeners: [Int: (tenant: String, stream: AsyncStream<Event>.Continuation)] = [:]
        var nextListener = 1
        var isClosed = false
    }

    package let dropped = EventCounter()
    private let state = Mutex(State())
    /// Listeners that went away. A lock of its own: a listener leaves while its task is being cancelled, and telling it an event
    /// waits for that task. Whoever holds this one waits for nobody.
    private let gone = Mutex([Int]())
    private let remembered: Int
    private let queued: Int

    /// - Parameters:
    ///   - remembered: events kept for `Last-Event-ID`.
    ///   - queued: events a slow listener may lag behind before it misses some.
    package init(remembered: Int = 1000, queued: Int = 256) {
        self.remembered = remembered
        self.queued = queued
    }

    package var listeners: Int {
        state.withLock { state in
            forgetGone(&state)
            return state.listeners.count
        }
    }

    /// Opens a listener's stream, starting after event `lastID` if that is still remembered.
    /// - Parameter tenant: whose calls; `*` for all.
    package func listen(tenant: String, after lastID: Int?) -> (id: Int, events: AsyncStream<Event>) {
        let (id, events, continuation) = state.withLock { state in
            let missed = lastID.map { last in state.recent.filter { $0.id > last && Self.isFor(tenant, $0) } } ?? []
            // What was missed is owed in full, besides what may queue up from now on.
            let (events, continuation) = AsyncStream.makeStream(
                of: Event.self,
                bufferingPolicy: .bufferingOldest(queued + missed.count)
            )
            // Under the lock, so that what follows comes after it; nobody reads this stream yet.
            for event in missed { continuation.yield(event) }
            let id = state.nextListener
            state.nextListener += 1
            forgetGone(&state)
            if state.isClosed { continuation.finish() } else { state.listeners[id] = (tenant, continuation) }
            return (id, events, continuation)
        }
        continuation.onTermination = { [weak self] _ in self?.gone.withLock { $0.append(id) } }
        return (id, events)
    }

    /// Ends every stream, also those opened later, so that a draining server is not held by its listeners.
    package func close() {
        let all = state.withLock { state in
            defer { state.listeners = [:] }
            state.isClosed = true
            return state.listeners.values.map(\.stream)
        }
        for stream in all { stream.finish() }
    }

    private func forgetGone(_ state: inout State) {
        let ids = gone.withLock { gone in
            defer { gone = [] }
            return gone
        }
        for id in ids { state.listeners[id] = nil }
    }

    private static func isFor(_ tenant: String, _ event: Event) -> Bool { tenant == "*" || tenant == event.tenant }

    package func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        guard let (name, fields) = Self.describe(happening) else { return }
        var all = fields
        all["callSid"] = .text(call.providerCallID)
        all["callId"] = .text(call.id)
        all["tenant"] = .text(call.tenant)
        all["atMs"] = .number(Double(instant.milliseconds))
        publish(name, tenant: call.tenant, all)
    }

    /// Tells a tenant's listeners what is not part of a live call's own course.
    package func publish(_ name: String, tenant: String, _ fields: [String: EventValue]) {
        let json = EventValue.object(fields).json
        state.withLock { state in
            let event = Event(id: state.nextID, name: name, tenant: tenant, json: json)
            state.nextID += 1
            state.recent.append(event)
            if state.recent.count > remembered { state.recent.removeFirst() }
            forgetGone(&state)
            // Under the lock, so that listeners get events in their order.
            for (tenant, stream) in state.listeners.values where Self.isFor(tenant, event) {
                if case .dropped = stream.yield(event) { dropped.increment() }
            }
        }
    }

    private static func describe(_ happening: CallHappening) -> (String, [String: EventValue])? {
        switch happening {
        case .started:
            return ("call_started", [:])
        case .callerSaid(let turn, let text, let confidence):
            return (
                "call_caller_said",
                ["turn": .number(Double(turn)), "text": .text(text), "confidence": .number(confidence)]
            )
        case .agentSaid(let turn, let text):
            return ("call_agent_said", ["turn": .number(Double(turn)), "text": .text(text)])
        case .interrupted(let turn, let heard, let detect, let isEstimated):
            var fields: [String: EventValue] = [
                "turn": .number(Double(turn)), "heard": .text(heard), "detectMs": .number(detect.inMilliseconds),
            ]
            if isEstimated { fields["estimated"] = .flag(true) }
            return ("call_interrupted", fields)
        case .resumed(let turn):
            return ("call_resumed", ["turn": .number(Double(turn))])
        case .intent(let name):
            return ("call_intent", ["intent": .text(name)])
        case .turn(let number, let stages):
            let values = stages.nanoseconds.mapValues { EventValue.number(Double($0) / 1e6) }
            let spans = stages.spans.map { span in
                EventValue.object([
                    "stage": .text(span.stage.rawValue), "fromMs": .number(Double(span.from) / 1e6),
                    "toMs": .number(Double(span.to) / 1e6),
                ])
            }
            return (
                "call_turn", ["turn": .number(Double(number)), "stages": .object(values), "spans": .list(spans)]
            )
        case .action(let action):
            return ("call_action", ["action": .text(action.label)])
        case .emergency(let word, let delay):
            return ("call_emergency", ["word": .text(word), "delayMs": .number(delay.inMilliseconds)])
        case .consent(let isGiven):
            return ("call_consent", ["given": .text(isGiven ? "yes" : "no")])
        case .handingOver:
            // The provider's part; listeners are told of the action.
            return nil
        case .legFailed(let error):
            return (
                "call_leg_failed",
                ["leg": .text(error.leg.rawValue), "provider": .text(error.provider), "code": .text(error.code)]
            )
        case .legReplaced(let replacement):
            return (
                "call_leg_replaced",
                [
                    "leg": .text(replacement.leg.rawValue), "from": .text(replacement.from),
                    "to": .text(replacement.to),
                ]
            )
        case .tool(let report):
            return (
                "call_tool",
                [
                    "tool": .text(report.name), "outcome": .text(report.failure?.rawValue ?? "ok"),
                    "tookMs": .number(report.took.inMilliseconds), "key": .text(report.idempotencyKey),
                ]
            )
        case .ended(let outcome):
            return (
                "call_ended",
                [
                    "outcome": .text(outcome.reason.label), "turns": .number(Double(outcome.turns)),
                    "interruptions": .number(Double(outcome.interruptions)),
                    "durationMs": .number(outcome.duration.inMilliseconds.rounded()),
                ]
            )
        }
    }
}

extension CallAction {
    /// Without the number: that is personal data.
    var label: String {
        switch self {
        case .hangUp: "hang_up"
        case .transfer: "transfer"
        case .voicemail: "voicemail"
        }
    }
}

/// A JSON value that events are written from.
package enum EventValue: Sendable {
    case text(String), number(Double), flag(Bool), object([String: EventValue]), list([EventValue]), null

    package var json: String {
        switch self {
        case .text(let text): TwilioEncoder.quoted(text)
        case .flag(let flag): flag ? "true" : "false"
        case .number(let value):
            value == value.rounded() && abs(value) < 1e15
                ? String(Int64(value)) : String((value * 1000).rounded() / 1000)
        case .object(let fields):
            "{"
                + fields.sorted { $0.key < $1.key }.map { "\(TwilioEncoder.quoted($0.key)):\($0.value.json)" }
                .joined(separator: ",") + "}"
        case .list(let items): "[" + items.map(\.json).joined(separator: ",") + "]"
        case .null: "null"
        }
    }
}
