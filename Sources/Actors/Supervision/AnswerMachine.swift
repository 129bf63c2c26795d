import Engine

/// Supervises one answer of the dialogue: which models are asked, when one has failed, who goes on from where.
struct AnswerMachine: RelayMachine {
    typealias Output = RelayOutput<Question, DialogueDelta>

    struct Question: Sendable {
        var turn: DialogueTurn
        /// The model is at work on this turn already, in another conversation.
        var isSecond: Bool
    }

    struct Attempt: Sendable {
        var provider: Int
        var permit: ProviderHealth.Permit
        var started: MediaInstant
        var due: MediaInstant
        /// How long the stage under way may take.
        var patience: Duration
        var stage = "the first token"
        var hasText = false
        /// Its own, when it must not have effects while another is asked too.
        var commit: DialogueCommit?
    }

    let leg = LegKind.llm
    let turn: DialogueTurn
    let settings: SupervisionSettings.LLM
    let hedging: Hedging
    var failover: Failover
    var attempts: [Int: Attempt] = [:]
    var attemptsMade = 0
    /// The attempt that has said something.
    var leader: Int?
    var text: BoundedAnswer
    var isCommitted: Bool
    var hedgeAt: MediaInstant?
    /// Neither of two has said anything until now: the first goes on alone.
    var hedgeEnds: MediaInstant?
    /// Told at the end: what a failed model wanted done is not done.
    private var expectation: Expectation?
    private var action: CallAction?
    private var intents: Set<String> = []
    private var others = 0
    /// The next provider is asked then.
    private var waitsUntil: MediaInstant?
    private var answerDue = MediaInstant.zero

    var providers: [String] { failover.providers }

    init(_ turn: DialogueTurn, failover: Failover, settings: SupervisionSettings.LLM, hedging: Hedging) {
        self.turn = turn
        self.failover = failover
        self.settings = settings
        self.hedging = hedging
        isCommitted = turn.commit?.isCommitted ?? true
        text = BoundedAnswer(
            longestAnswer: settings.longestAnswerCharacters,
            longestSentence: settings.longestSentenceCharacters
        )
    }

    var deadline: MediaInstant? {
        let waits = [waitsUntil, hedgeAt, hedgeEnds, answerDue].compactMap { $0 }
        return (waits + attempts.values.map(\.due)).min()
    }

    mutating func begin(now: MediaInstant) -> [Output] {
        answerDue = now.advanced(by: settings.answer)
        return askNext(after: nil, now: now)
    }

    mutating func handle(_ input: RelayInput<DialogueDelta>, now: MediaInstant) -> [Output] {
        switch input {
        case .opened:
            return []
        case .delta(let number, let delta):
            guard attempts[number] != nil else { return [] }
            return receive(delta, from: number, now: now)
        case .ended(let number):
            guard let attempt = attempts[number] else { return [] }
            let rest = text.finish()
            if !attempt.hasText, !text.saysSomething, action == nil {
                return failed(number, error(of: attempt, "protocol", "the answer was empty"), now: now)
            }
            return emit(rest) + finish(number, now: now)
        case .failed(let number, let error):
            return failed(number, error, now: now)
        case .committed:
            isCommitted = true
            commitWhoMayAct()
            return []
        case .timeout:
            return elapsed(now: now)
        }
    }

    mutating func close(now: MediaInstant) {
        for (number, attempt) in attempts {
            failover.health.report(attempt.permit, number == leader ? .answered : .abandoned, now: now)
        }
        attempts = [:]
    }

    // MARK: Asking

    private mutating func askNext(after error: LegError?, now: MediaInstant) -> [Output] {
        waitsUntil = nil
        switch failover.next(now: now) {
        case .ask(let provider, let permit):
            let isFirst = attemptsMade == 0
            let patience = isFirst ? settings.firstToken : settings.firstTokenAfterFailure
            if isFirst { planHedge(of: provider, now: now) }
            return replaced(error, by: provider) + ask(provider, permit, patience: patience, now: now)
        case .wait(let until, let provider):
            waitsUntil = until
            return replaced(error, by: provider)
        case .giveUp:
            return [.fail(failover.verdict(now: now))]
        }
    }

    mutating func ask(
        _ provider: Int,
        _ permit: ProviderHealth.Permit,
        patience: Duration,
        now: MediaInstant
    ) -> [Output] {
        let number = attemptsMade
        attemptsMade += 1
        var turn = turn
        if text.saysSomething { turn.said += text.passed }
        var attempt = Attempt(
            provider: provider,
            permit: permit,
            started: now,
            due: now.advanced(by: patience),
            patience: patience
        )
        if holdsCommits {
            let own = DialogueCommit()
            attempt.commit = own
            turn.commit = own
        }
        let isSecond = attempts.values.contains { $0.provider == provider }
        attempts[number] = attempt
        commitWhoMayAct()
        return [.start(attempt: number, provider: provider, Question(turn: turn, isSecond: isSecond))]
    }

    private func replaced(_ error: LegError?, by provider: Int) -> [Output] {
        error.map { [.emit(.replaced(LegReplacement(error: $0, to: providers[provider])))] } ?? []
    }

    // MARK: Failing

    private mutating func failed(_ number: Int, _ error: LegError, now: MediaInstant) -> [Output] {
        guard let attempt = attempts.removeValue(forKey: number) else { return [] }
        failover.health.report(attempt.permit, CircuitBreaker.Outcome(error), now: now)
        failover.failed(attempt.provider, error, now: now)
        hedgeAt = nil
        hedgeEnds = nil
        if let survivor = attempts.values.first {
            commitWhoMayAct()
            return [.cancel(attempt: number)] + replaced(error, by: survivor.provider)
        }
        leader = nil
        expectation = nil
        action = nil
        text.interrupt()
        return [.cancel(attempt: number)] + askNext(after: error, now: now)
    }

    private func error(of attempt: Attempt, _ code: String, _ cause: String) -> LegError {
        LegError(leg: .llm, provider: providers[attempt.provider], code: code, cause: cause, isRetryable: true)
    }

    private mutating func elapsed(now: MediaInstant) -> [Output] {
        if answerDue <= now { return answerOverdue(now: now) }
        if let waitsUntil, waitsUntil <= now { return askNext(after: nil, now: now) }
        if let hedgeAt, hedgeAt <= now { return hedge(now: now) }
        if let hedgeEnds, hedgeEnds <= now { return endHedge(now: now) }
        guard let (number, attempt) = attempts.filter({ $0.value.due <= now }).min(by: { $0.key < $1.key }) else {
            return []
        }
        guard turn.commit?.isCommitted ?? true else {
            // It may be waiting for the turn's end, as it must.
            attempts[number]?.due = now.advanced(by: attempt.patience)
            return []
        }
        return failed(number, .timeout(.llm, providers[attempt.provider], attempt.stage), now: now)
    }

    /// What was said until now is the answer, if there is any.
    private mutating func answerOverdue(now: MediaInstant) -> [Output] {
        if let leader, text.saysSomething { return finish(leader, now: now) }
        let provider = attempts.values.first?.provider ?? 0
        for number in attempts.keys { attempts[number].map { failover.health.report($0.permit, .failed, now: now) } }
        attempts = [:]
        return [.fail(.timeout(.llm, providers[provider], "the whole answer"))]
    }

    // MARK: Answering

    private mutating func receive(_ delta: DialogueDelta, from number: Int, now: MediaInstant) -> [Output] {
        if case .replaced = delta { return [.emit(delta)] }
        var outputs: [Output] = []
        if leader == nil { outputs = lead(number, now: now) }
        guard leader == number, let attempt = attempts[number] else { return outputs }
        if case .text(let words) = delta {
            if !attempt.hasText {
                attempts[number]?.hasText = words.contains { !$0.isWhitespace }
                hedging.record(providers[attempt.provider], firstToken: attempt.started.duration(to: now))
            }
            outputs += emit(text.push(words))
            if text.isFull { return outputs + finish(number, now: now) }
        } else {
            others += 1
            guard others <= settings.otherDeltas else {
                return outputs + failed(number, error(of: attempt, "protocol", "the answer has no end"), now: now)
            }
        }
        switch delta {
        case .text, .replaced: break
        case .expect(let expectation): self.expectation = expectation
        case .action(let action): self.action = action
        case .intent(let name): if intents.insert(name).inserted { outputs.append(.emit(delta)) }
        case .working, .tool, .wish, .language: outputs.append(.emit(delta))
        }
        expectNext(after: delta, of: number, now: now)
        return outputs
    }

    /// The first that says anything answers; nobody else is asked any more.
    private mutating func lead(_ number: Int, now: MediaInstant) -> [Output] {
        leader = number
        hedgeAt = nil
        hedgeEnds = nil
        var outputs: [Output] = []
        for (other, attempt) in attempts where other != number {
            failover.health.report(attempt.permit, .abandoned, now: now)
            outputs.append(.cancel(attempt: other))
        }
        attempts = attempts.filter { $0.key == number }
        commitWhoMayAct()
        return outputs
    }

    private mutating func expectNext(after delta: DialogueDelta, of number: Int, now: MediaInstant) {
        let (stage, patience) =
            switch delta {
            case .working: ("a tool's result", settings.tool)
            case .tool: ("the first token", settings.firstToken)
            default: ("the next token", settings.betweenTokens)
            }
        attempts[number]?.stage = stage
        attempts[number]?.patience = patience
        attempts[number]?.due = now.advanced(by: patience)
    }

    private func emit(_ words: String) -> [Output] { words.isEmpty ? [] : [.emit(.text(words))] }

    private mutating func finish(_ number: Int, now: MediaInstant) -> [Output] {
        if let attempt = attempts.removeValue(forKey: number) {
            failover.health.report(attempt.permit, .answered, now: now)
        }
        var outputs: [Output] = []
        if let expectation { outputs.append(.emit(.expect(expectation))) }
        if let action { outputs.append(.emit(.action(action))) }
        return outputs + [.finish]
    }
}
