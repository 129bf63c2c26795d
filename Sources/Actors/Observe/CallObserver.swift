import Engine

/// Identifies one call. `provider` and `tenant` are labels; the rest never is.
public struct CallIdentity: Sendable, Hashable {
    /// The engine's own id.
    public let id: String
    /// `twilio`, `ringover`, `ringcentral`.
    public let provider: String
    /// The provider's id of the call, `CA…` at Twilio.
    public let providerCallID: String
    public let tenant: String

    public init(id: String, provider: String, providerCallID: String, tenant: String) {
        self.id = id
        self.provider = provider
        self.providerCallID = providerCallID
        self.tenant = tenant
    }
}

/// What happens in a call, for event streams, records and metrics. Texts are personal data: they go to authorised
/// listeners and never into logs or labels.
public enum CallHappening: Sendable, Equatable {
    case started
    case callerSaid(turn: Int, text: String, confidence: Double)
    case agentSaid(turn: Int, text: String)
    /// `heard`: the words of the agent's reply that the caller heard.
    /// `isEstimated`: the provider acknowledges nothing, or has not yet; the position is modelled.
    case interrupted(turn: Int, heard: String, detect: Duration, isEstimated: Bool = false)
    /// What the agent said before a noise stopped it is being finished.
    case resumed(turn: Int)
    case intent(String)
    case turn(number: Int, stages: TurnStages)
    case action(CallAction)
    /// One of the tenant's emergency words was heard, as the profile writes it, and is acted on with this.
    /// - `delay`: from the newest sound of the caller that the recogniser had when it gave the word; what the recogniser
    ///   itself lags behind that sound is not in it.
    case emergency(word: String, delay: Duration)
    /// What the caller answered when asked whether the call may be recorded; no answer is no.
    case consent(isGiven: Bool)
    /// The caller waits to be put through, with the media still up: the provider is to move the call now. Comes only where
    /// the call was started with a time for it (`Exchange.start`); otherwise the media closes and the provider's next
    /// verb moves the call.
    case handingOver(to: String, brief: String?)
    case legFailed(LegError)
    /// The conversation went on with another provider.
    case legReplaced(LegReplacement)
    case tool(ToolReport)
    case ended(CallOutcome)
}

public struct CallOutcome: Sendable, Equatable {
    public var reason: EndReason
    public var turns: Int
    public var interruptions: Int
    public var duration: Duration
    /// The number the caller is handed to, when `reason` is `transferred`.
    public var transferTo: String?
    /// What the person is told before the caller is connected; nil for a blind transfer.
    public var transferBrief: String?

    public init(
        reason: EndReason,
        turns: Int,
        interruptions: Int,
        duration: Duration,
        transferTo: String? = nil,
        transferBrief: String? = nil
    ) {
        self.transferBrief = transferBrief
        self.reason = reason
        self.turns = turns
        self.interruptions = interruptions
        self.duration = duration
        self.transferTo = transferTo
    }
}

extension EndReason {
    /// The metric label of `parley_calls_total{outcome}`.
    public var label: String {
        switch self {
        case .providerStopped: "caller_hung_up"
        case .connectionLost: "connection_lost"
        case .agentHungUp: "agent_hung_up"
        case .tooLong: "too_long"
        case .silent: "silent"
        case .transferred: "transferred"
        case .drained: "drained"
        case .protocolError: "protocol_error"
        case .legFailed: "leg_failed"
        case .voicemail: "voicemail"
        }
    }
}

/// Told what happens in calls. Called on a leg worker: must return quickly and never wait.
public protocol CallObserver: Sendable {
    func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening)
}
