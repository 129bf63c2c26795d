import Engine

/// Supervises one answer of the dialogue: which models are asked, when one has failed, who goes on from where.
struct AnswerMachine: RelayMachine {
    typealias Output = RelayOutput<DialogueTurn, DialogueDelta>

    private struct Attempt: Sendable {
        var number: Int
        var provider: Int
        var permit: ProviderHealth.Permit
        /// nil: it keeps its own time.
        var due: MediaInstant?
        /// How long the stage under way may take.
        var patience: Duration
        var stage = "the first token"
        /// It gave something.
        var hasBegun = false
        var hasText = false
        /// Deltas that are not text.
        var others = 0
    }

    let leg = LegKind.llm
    private let turn: DialogueTurn
    private let settings: SupervisionSettings.LLM
    private var failover: Failover
    private var attempt: Attempt?
    private var attemptsMade = 0
    private var text: BoundedAnswer
    /// Told at the end: what a failed model wanted done is not done.
    private var expectation: Expectation?
    private var action: CallAction?
    private var intents: Set<String> = []
    /// The next provider is asked then.
    private var waitsUntil: MediaInstant?
    private var answerDue = MediaInstant.zero

    var providers: [String] { failover.providers }

    init(_ turn: DialogueTurn, failover: Failover, settings: SupervisionSettings.LLM) {
        self.turn = turn
        self.failover = failover
        self.settings = settings
        text = BoundedAnswer(
            longestAnswer: settings.longestAnswerCharacters,
            longestSentence: settings.longestSentenceCharacters
        )
    }

    var deadline: MediaInstant? { [waitsUntil, attempt?.due, answerDue].compactMap { $0 }.min() }

    mutating func begin(now: MediaInstant) -> [Output] {
        answerDue = now.advanced(by: settings.answer)
        return askNext(after: nil, now: now)
    }

    mutating func handle(_ input: RelayInput<DialogueDelta>, now: MediaInstant) -> [Output] {
        switch input {
        case .opened:
            return []
        case .delta(let number, let delta):
            return attempt?.number == number ? receive(delta, now: now) : []
        case .ended(let number):
            guard let attempt, attempt.number == number else { return [] }
            let rest = text.finish()
            if !attempt.hasText, !text.saysSomething, action == nil {
                return failed(error("protocol", "the answer was empty"), now: now)
            }
            return emit(rest) + finish(now: now)
        case .failed(let number, let error):
            return attempt?.number == number ? failed(error, now: now) : []
        case .timeout:
            return elapsed(now: now)
        }
    }

    mutating func close(now: MediaInstant) {
        guard let attempt else { return }
        failover.health.report(attempt.permit, attempt.hasBegun ? .answered : .abandoned, now: now)
        self.attempt = nil
    }

    // MARK: Asking

    private mutating func askNext(after error: LegError?, now: MediaInstant) -> [Output] {
        waitsUntil = nil
        switch failover.next(now: now) {
        case .ask(let provider, let permit):
            let patience = attemptsMade == 0 ? settings.firstToken : settings.firstTokenAfterFailure
            let number = attemptsMade
            attemptsMade += 1
            attempt = Attempt(
                number: number,
                provider: provider,
                permit: permit,
                due: failover.isSupervised(provider) ? nil : now.advanced(by: patience),
                patience: patience
            )
            var rest = turn
            if text.saysSomething { rest.said += text.passed }
            return replaced(error, by: provider) + [.start(attempt: number, provider: provider, rest)]
        case .wait(let until, let provider):
            waitsUntil = until
            return replaced(error, by: provider)
        case .giveUp:
            return [.fail(failover.verdict(now: now))]
        }
    }

    private func replaced(_ error: LegError?, by provider: Int) -> [Output] {
        error.map { [.emit(.replaced(LegReplacement(error: $0, to: providers[provider])))] } ?? []
    }

    // MARK: Failing

    private mutating func failed(_ error: LegError, now: MediaInstant) -> [Output] {
        guard let attempt else { return [] }
        self.attempt = nil
        failover.health.report(attempt.permit, CircuitBreaker.Outcome(error), now: now)
        failover.failed(attempt.provider, error, now: now)
        expectation = nil
        action = nil
        text.interrupt()
        return [.cancel(attempt: attempt.number)] + askNext(after: error, now: now)
    }

    private func error(_ code: String, _ cause: String) -> LegError {
        let provider = providers[attempt?.provider ?? 0]
        return LegError(leg: .llm, provider: provider, code: code, cause: cause, isRetryable: true)
    }

    private mutating func elapsed(now: MediaInstant) -> [Output] {
        if answerDue <= now { return answerOverdue(now: now) }
        if let waitsUntil, waitsUntil <= now { return askNext(after: nil, now: now) }
        guard let attempt, let due = attempt.due, due <= now else { return [] }
        guard turn.commit?.isCommitted ?? true else {
            // It may be waiting for the turn's end, as it must.
            self.attempt?.due = now.advanced(by: attempt.patience)
            return []
        }
        return failed(.timeout(.llm, providers[attempt.provider], attempt.stage), now: now)
    }

    /// What was said until now is the answer, if there is any.
    private mutating func answerOverdue(now: MediaInstant) -> [Output] {
        if attempt?.hasBegun == true, text.saysSomething { return finish(now: now) }
        let provider = attempt?.provider ?? 0
        if let attempt { failover.health.report(attempt.permit, .failed, now: now) }
        attempt = nil
        return [.fail(.timeout(.llm, providers[provider], "the whole answer"))]
    }

    // MARK: Answering

    private mutating func receive(_ delta: DialogueDelta, now: MediaInstant) -> [Output] {
        if case .replaced = delta { return [.emit(delta)] }
        attempt?.hasBegun = true
        var outputs: [Output] = []
        switch delta {
        case .text(let words):
            if words.contains(where: { !$0.isWhitespace }) { attempt?.hasText = true }
            outputs = emit(text.push(words))
            if text.isFull { return outputs + finish(now: now) }
        case .expect(let expectation): self.expectation = expectation
        case .action(let action): self.action = action
        case .intent(let name): if intents.insert(name).inserted { outputs = [.emit(delta)] }
        case .working, .tool, .wish, .language, .replaced: outputs = [.emit(delta)]
        }
        if case .text = delta {} else { attempt?.others += 1 }
        guard attempt?.others ?? 0 <= settings.otherDeltas else {
            return failed(error("protocol", "the answer has no end"), now: now)
        }
        expectNext(after: delta, now: now)
        return outputs
    }

    private mutating func expectNext(after delta: DialogueDelta, now: MediaInstant) {
        let (stage, patience) =
            switch delta {
            case .working: ("a tool's result", settings.tool)
            case .tool: ("the first token", settings.firstToken)
            default: ("the next token", settings.betweenTokens)
            }
        attempt?.stage = stage
        attempt?.patience = patience
        if attempt?.due != nil { attempt?.due = now.advanced(by: patience) }
    }

    private func emit(_ words: String) -> [Output] { words.isEmpty ? [] : [.emit(.text(words))] }

    private mutating func finish(now: MediaInstant) -> [Output] {
        if let attempt { failover.health.report(attempt.permit, .answered, now: now) }
        attempt = nil
        var outputs: [Output] = []
        if let expectation { outputs.append(.emit(.expect(expectation))) }
        if let action { outputs.append(.emit(.action(action))) }
        return outputs + [.finish]
    }
}
