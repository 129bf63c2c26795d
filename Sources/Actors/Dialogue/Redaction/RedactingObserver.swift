import Engine

extension CallHappening {
    /// The same happening with the words of the call redacted. What the engine needs to act (numbers of the tenant, fixed
    /// words) stays.
    public func redacted(by redactor: Redactor) -> CallHappening {
        switch self {
        case .callerSaid(let turn, let text, let confidence):
            return .callerSaid(turn: turn, text: redactor.redact(text), confidence: confidence)
        case .agentSaid(let turn, let text):
            return .agentSaid(turn: turn, text: redactor.redact(text))
        case .interrupted(let turn, let heard, let detect, let isEstimated):
            return .interrupted(
                turn: turn,
                heard: redactor.redact(heard),
                detect: detect,
                isEstimated: isEstimated
            )
        case .handingOver(let number, let brief):
            return .handingOver(to: number, brief: brief.map(redactor.redact))
        case .ended(var outcome):
            outcome.transferBrief = outcome.transferBrief.map(redactor.redact)
            return .ended(outcome)
        case .started, .resumed, .intent, .turn, .action, .emergency, .consent, .legFailed, .legReplaced, .tool:
            return self
        }
    }
}

/// Stands before one sink of a call: what reaches it is redacted.
///
/// Not for the observer that carries a hand-over out: the person who takes over is told everything.
public struct RedactingObserver: CallObserver {
    private let redactor: Redactor
    private let sink: any CallObserver

    public init(_ redactor: Redactor, before sink: any CallObserver) {
        self.redactor = redactor
        self.sink = sink
    }

    public func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        sink.call(call, at: instant, happening.redacted(by: redactor))
    }
}
