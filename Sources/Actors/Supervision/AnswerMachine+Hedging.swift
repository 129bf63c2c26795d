import Engine

/// A second model that is asked because the first is slow. Neither may change anything outside the call before one of them has
/// said something: each gets a commit of its own, and that of the one which loses is never given.
extension AnswerMachine {
    /// Turns of a dialogue that knows no commits are not hedged: their tools may act at once.
    var mayHedge: Bool { turn.commit != nil && settings.hedge.isOn }

    /// Attempts get commits of their own.
    var holdsCommits: Bool { mayHedge }

    mutating func planHedge(of provider: Int, now: MediaInstant) {
        guard mayHedge, let delay = hedging.delay(for: providers[provider]) else { return }
        hedgeAt = now.advanced(by: delay)
        // Its commit waits until it is known to be alone.
    }

    mutating func hedge(now: MediaInstant) -> [Output] {
        let patience = hedgeAt.flatMap { hedgeAt in attempts[0].map { $0.started.duration(to: hedgeAt) } }
        hedgeAt = nil
        guard leader == nil, let first = attempts[0], let patience,
            let (provider, permit) = failover.second(besides: first.provider, now: now)
        else {
            commitWhoMayAct()
            return []
        }
        hedgeEnds = now.advanced(by: patience)
        return ask(provider, permit, patience: settings.firstToken, now: now)
    }

    /// Both are silent: the first may be about to use a tool, and is let.
    mutating func endHedge(now: MediaInstant) -> [Output] {
        hedgeEnds = nil
        var outputs: [Output] = []
        for (number, attempt) in attempts where number != 0 {
            failover.health.report(attempt.permit, .abandoned, now: now)
            outputs.append(.cancel(attempt: number))
        }
        attempts = attempts.filter { $0.key == 0 }
        commitWhoMayAct()
        return outputs
    }

    /// Only one that is alone, and stays alone, may act.
    func commitWhoMayAct() {
        guard isCommitted, hedgeAt == nil, attempts.count == 1, let only = attempts.values.first else { return }
        only.commit?.commit()
    }
}
