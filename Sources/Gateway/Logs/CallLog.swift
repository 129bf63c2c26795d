import Actors
import Engine
import Logging

/// Several observers as one.
struct CallObservers: CallObserver {
    let observers: [any CallObserver]

    init(_ observers: [any CallObserver]) { self.observers = observers }

    func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        for observer in observers { observer.call(call, at: instant, happening) }
    }
}

/// Remembers how a call ended, for the provider's next question.
struct OutcomeRecorder: CallObserver {
    let outcomes: RecentOutcomes

    func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        switch happening {
        case .started: outcomes.started(call)
        case .ended(let outcome): outcomes.record(outcome, of: call)
        default: break
        }
    }
}

/// Logs the course of calls: constant messages, facts in the metadata, never a word that was said.
package struct CallLog: CallObserver {
    let logger: Logger

    /// - Parameter legs: who stands behind each leg. Legs for load tests are on every line of a call, so that nobody mistakes
    ///   them for a working agent.
    package init(logger: Logger, legs: [(kind: String, provider: String)]) {
        var logger = logger
        let timed = legs.filter { $0.provider == "timed" }.map(\.kind)
        if !timed.isEmpty { logger[metadataKey: "legs.timed"] = "\(timed.joined(separator: ","))" }
        self.logger = logger
    }

    package func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        var facts: Logger.Metadata = [
            "call.id": "\(call.id)", "call.tenant": "\(call.tenant)", "call.provider": "\(call.provider)",
            "call.at_ms": "\(instant.milliseconds)",
        ]
        switch happening {
        case .started:
            logger.info("call started", metadata: facts)
        case .ended(let outcome):
            facts["call.outcome"] = "\(outcome.reason.label)"
            facts["call.turns"] = "\(outcome.turns)"
            facts["call.interruptions"] = "\(outcome.interruptions)"
            facts["call.duration_ms"] = "\(Int(outcome.duration.inMilliseconds))"
            logger.info("call ended", metadata: facts)
        case .turn(let number, let stages):
            facts["turn.number"] = "\(number)"
            for (stage, nanoseconds) in stages.nanoseconds { facts["turn.\(stage)_ms"] = "\(nanoseconds / 1_000_000)" }
            logger.debug("turn answered", metadata: facts)
        case .interrupted(let turn, _, let detect, _):
            facts["turn.number"] = "\(turn)"
            facts["barge_in.detect_ms"] = "\(Int(detect.inMilliseconds))"
            logger.debug("agent interrupted", metadata: facts)
        case .intent(let name):
            facts["dialogue.intent"] = "\(name)"
            logger.debug("intent understood", metadata: facts)
        case .action(let action):
            facts["call.action"] = "\(action.label)"
            logger.info("call action", metadata: facts)
        case .emergency(let word, let delay):
            // The tenant's own word, not the caller's.
            facts["emergency.word"] = "\(word)"
            facts["emergency.delay_ms"] = "\(Int(delay.inMilliseconds))"
            logger.warning("emergency", metadata: facts)
        case .consent(let isGiven):
            facts["consent.given"] = "\(isGiven)"
            logger.info("recording consent", metadata: facts)
        case .legFailed(let error):
            facts["leg.kind"] = "\(error.leg.rawValue)"
            facts["leg.provider"] = "\(error.provider)"
            facts["error.code"] = "\(error.code)"
            facts["error.cause"] = "\(error.cause)"
            logger.warning("leg failed", metadata: facts)
        case .legReplaced(let replacement):
            facts["leg.kind"] = "\(replacement.leg.rawValue)"
            facts["leg.from"] = "\(replacement.from)"
            facts["leg.to"] = "\(replacement.to)"
            logger.warning("leg replaced", metadata: facts)
        case .tool(let report):
            facts["tool.name"] = "\(report.name)"
            facts["tool.outcome"] = "\(report.failure?.rawValue ?? "ok")"
            facts["tool.took_ms"] = "\(Int(report.took.inMilliseconds))"
            facts["tool.key"] = "\(report.idempotencyKey)"
            logger.info("tool called", metadata: facts)
        case .callerSaid, .agentSaid, .resumed, .handingOver:
            break
        }
    }
}
