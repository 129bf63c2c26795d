/// Decides, every 20 ms, whether the caller speaks, waits or hangs up.
///
/// The caller waits for the agent to speak and then to be silent for `waitSilence`, says the next utterance, and
/// waits again; an agent that says nothing for `maxWait` is not waited for any longer. A barge-in starts the next
/// utterance while the agent speaks. After the last answer the caller hangs up. Pure value: told the time, in
/// milliseconds of the call.
public struct CallerScript: Sendable {
    /// How the caller behaves.
    public struct Manner: Sendable {
        /// Silence of the agent after which it is the caller's turn.
        public var waitSilence: Duration = .milliseconds(800)
        /// How long an agent that says nothing is waited for.
        public var maxWait: Duration = .seconds(10)
        /// The longest call; then the caller hangs up.
        public var maxDuration: Duration = .seconds(120)
        /// Interruptions; at most one per agent turn.
        public var bargeIns: [BargeIn] = []

        public init() {}
    }

    /// What to do now.
    public enum Output: Sendable, Equatable {
        case nothing
        /// Start this utterance (from 0). `skipLead`: from its first speech frame, because the caller interrupts.
        case speak(Int, skipLead: Bool)
        case hangUp(CallReport.End)
    }

    private enum State {
        /// After utterance `turn` (0: none yet, the greeting), since when.
        case waiting(turn: Int, since: Double, agent: Agent)
        /// Utterance number `turn` (from 1) is being said.
        case speaking(turn: Int)
        case over
    }

    private enum Agent {
        case notHeard
        case heard(first: Double, last: Double)
    }

    private var state: State
    private let utterances: Int
    private let manner: Manner

    public init(utterances: Int, manner: Manner, now: Double = 0) {
        self.utterances = utterances
        self.manner = manner
        state = .waiting(turn: 0, since: now, agent: .notHeard)
    }

    /// The last speech frame of the utterance went out: from here on the agent's answer is awaited.
    public mutating func utteranceEnded(now: Double) {
        guard case .speaking(let turn) = state else { return }
        state = .waiting(turn: turn, since: now, agent: .notHeard)
    }

    /// One 20 ms tick.
    ///
    /// - Parameter agentAudible: whether the frame now played at the phone is speech.
    public mutating func tick(agentAudible: Bool, now: Double) -> Output {
        switch state {
        case .over:
            return .nothing
        case .speaking:
            return now >= manner.maxDuration.milliseconds ? end(.maxDuration) : .nothing
        case .waiting(let turn, let since, let before):
            if now >= manner.maxDuration.milliseconds { return end(.maxDuration) }
            let agent = heard(before, audible: agentAudible, now: now)
            state = .waiting(turn: turn, since: since, agent: agent)
            switch agent {
            case .notHeard:
                return now - since >= manner.maxWait.milliseconds ? next(after: turn, answered: false) : .nothing
            case .heard(let first, let last):
                if turn < utterances, let interruption = manner.bargeIns.first(where: { $0.agentTurn == turn }),
                    now - first >= interruption.after.milliseconds
                {
                    state = .speaking(turn: turn + 1)
                    return .speak(turn, skipLead: true)
                }
                // A frame is heard until it ends, hence the 20 ms.
                let silentFor = now - last - Double(PhoneFrame.milliseconds)
                return silentFor >= manner.waitSilence.milliseconds ? next(after: turn, answered: true) : .nothing
            }
        }
    }

    private func heard(_ agent: Agent, audible: Bool, now: Double) -> Agent {
        guard audible else { return agent }
        switch agent {
        case .notHeard: return .heard(first: now, last: now)
        case .heard(let first, _): return .heard(first: first, last: now)
        }
    }

    private mutating func next(after turn: Int, answered: Bool) -> Output {
        guard turn < utterances else { return end(answered ? .answered : .notAnswered) }
        state = .speaking(turn: turn + 1)
        return .speak(turn, skipLead: false)
    }

    private mutating func end(_ reason: CallReport.End) -> Output {
        state = .over
        return .hangUp(reason)
    }
}
