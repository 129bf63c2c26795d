import Engine

/// Supervises one request to a language model: which models are asked, when one has failed, who goes on from where.
///
/// A request changes nothing: what a model wants done is told with the end of its answer, and only of the one that gave the
/// answer. So nothing is done twice when another model goes on, and two may be at it at the same time.
struct ChatMachine: RelayMachine {
    typealias Output = RelayOutput<ChatRequest, ChatDelta>

    struct Attempt: Sendable {
        var provider: Int
        var permit: ProviderHealth.Permit
        var started: MediaInstant
        var due: MediaInstant
        var stage = "the first token"
        var hasText = false
        /// Told at the end: what a failed model wanted done is not done.
        var calls: [ToolCall] = []
    }

    let leg = LegKind.llm
    private let request: ChatRequest
    let settings: SupervisionSettings.LLM
    let hedging: Hedging
    private let usage: @Sendable (String, ChatUsage) -> Void
    var failover: Failover
    var attempts: [Int: Attempt] = [:]
    private var attemptsMade = 0
    /// The attempt that has said something.
    var leader: Int?
    private var text: BoundedAnswer
    var hedgeAt: MediaInstant?
    /// The next provider is asked then.
    private var waitsUntil: MediaInstant?
    private var answerDue = MediaInstant.zero

    var providers: [String] { failover.providers }

    /// - Parameter usage: told which provider took how much, also of an answer nobody hears.
    init(
        _ request: ChatRequest,
        failover: Failover,
        settings: SupervisionSettings.LLM,
        hedging: Hedging,
        usage: @escaping @Sendable (String, ChatUsage) -> Void
    ) {
        self.request = request
        self.failover = failover
        self.settings = settings
        self.hedging = hedging
        self.usage = usage
        text = BoundedAnswer(
            longestAnswer: settings.longestAnswerCharacters,
            longestSentence: settings.longestSentenceCharacters
        )
    }

    var deadline: MediaInstant? {
        ([waitsUntil, hedgeAt, answerDue] + attempts.values.map(\.due)).compactMap { $0 }.min()
    }

    mutating func begin(now: MediaInstant) -> [Output] {
        answerDue = now.advanced(by: settings.answer)
        return askNext(after: nil, now: now)
    }

    mutating func handle(_ input: RelayInput<ChatDelta>, now: MediaInstant) -> [Output] {
        switch input {
        case .opened:
            return []
        case .delta(let number, let delta):
            return attempts[number] == nil ? [] : receive(delta, from: number, now: now)
        case .ended(let number):
            guard let attempt = attempts[number] else { return [] }
            let error = error(of: attempt, "protocol", "the answer ended before it was finished")
            return failed(number, error, now: now)
        case .failed(let number, let error):
            return failed(number, error, now: now)
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
            if isFirst { hedgeAt = hedging.delay(for: providers[provider]).map { now.advanced(by: $0) } }
            let patience = isFirst ? settings.firstToken : settings.firstTokenAfterFailure
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
        attempts[number] = Attempt(
            provider: provider,
            permit: permit,
            started: now,
            due: now.advanced(by: patience)
        )
        var rest = request
        if text.saysSomething { rest.messages += ChatText.cutOff(after: text.passed) }
        return [.start(attempt: number, provider: provider, rest)]
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
        if let survivor = attempts.values.first {
            return [.cancel(attempt: number)] + replaced(error, by: survivor.provider)
        }
        leader = nil
        text.interrupt()
        return [.cancel(attempt: number)] + askNext(after: error, now: now)
    }

    private func error(of attempt: Attempt, _ code: String, _ cause: String, isRetryable: Bool = true) -> LegError {
        LegError(
            leg: .llm,
            provider: providers[attempt.provider],
            code: code,
            cause: cause,
            isRetryable: isRetryable
        )
    }

    private mutating func elapsed(now: MediaInstant) -> [Output] {
        if answerDue <= now { return answerOverdue(now: now) }
        if let waitsUntil, waitsUntil <= now { return askNext(after: nil, now: now) }
        if let hedgeAt, hedgeAt <= now { return hedge(now: now) }
        guard let (number, attempt) = attempts.filter({ $0.value.due <= now }).min(by: { $0.key < $1.key }) else {
            return []
        }
        return failed(number, .timeout(.llm, providers[attempt.provider], attempt.stage), now: now)
    }

    /// What was said until now is the answer, if there is any.
    private mutating func answerOverdue(now: MediaInstant) -> [Output] {
        if let leader, text.saysSomething { return cut(leader, now: now) }
        let provider = attempts.values.first?.provider ?? 0
        for attempt in attempts.values { failover.health.report(attempt.permit, .failed, now: now) }
        attempts = [:]
        return [.fail(.timeout(.llm, providers[provider], "the whole answer"))]
    }

    // MARK: Answering

    private mutating func receive(_ delta: ChatDelta, from number: Int, now: MediaInstant) -> [Output] {
        guard let attempt = attempts[number] else { return [] }
        switch delta {
        case .replaced:
            return [.emit(delta)]
        case .usage(let used):
            usage(providers[attempt.provider], used)
            return leader == number ? [.emit(delta)] : []
        case .text(let words):
            let outputs = lead(number, now: now)
            if !attempt.hasText {
                attempts[number]?.hasText = words.contains { !$0.isWhitespace }
                hedging.record(providers[attempt.provider], firstToken: attempt.started.duration(to: now))
            }
            let passed = emit(text.push(words))
            if text.isFull { return outputs + passed + cut(number, now: now) }
            expectNext(of: number, now: now)
            return outputs + passed
        case .working:
            let outputs = lead(number, now: now)
            expectNext(of: number, now: now)
            return outputs
        case .call(let call):
            let outputs = lead(number, now: now)
            attempts[number]?.calls.append(call)
            guard attempt.calls.count < settings.otherDeltas else {
                return outputs + failed(number, error(of: attempt, "protocol", "the answer has no end"), now: now)
            }
            expectNext(of: number, now: now)
            return outputs
        case .finished(let reason):
            return lead(number, now: now) + finished(reason, number, now: now)
        }
    }

    /// The first that says anything answers; nobody else is asked any more.
    private mutating func lead(_ number: Int, now: MediaInstant) -> [Output] {
        guard leader == nil else { return [] }
        leader = number
        hedgeAt = nil
        var outputs: [Output] = []
        for (other, attempt) in attempts where other != number {
            failover.health.report(attempt.permit, .abandoned, now: now)
            outputs.append(.cancel(attempt: other))
        }
        attempts = attempts.filter { $0.key == number }
        return outputs
    }

    private mutating func expectNext(of number: Int, now: MediaInstant) {
        attempts[number]?.stage = "the next token"
        attempts[number]?.due = now.advanced(by: settings.betweenTokens)
    }

    private func emit(_ words: String) -> [Output] { words.isEmpty ? [] : [.emit(.text(words))] }

    private mutating func finished(_ reason: ChatFinish, _ number: Int, now: MediaInstant) -> [Output] {
        guard let attempt = attempts[number] else { return [] }
        let rest = emit(text.finish())
        if attempt.calls.isEmpty, !attempt.hasText, !text.saysSomething {
            if reason == .filtered {
                let error = error(of: attempt, "refused", "the vendor withheld the answer", isRetryable: false)
                return failed(number, error, now: now)
            }
            // After a tool's result a model may have nothing to add.
            guard case .tool = request.messages.last else {
                return failed(number, error(of: attempt, "protocol", "the answer was empty"), now: now)
            }
        }
        return rest + attempt.calls.map { .emit(.call($0)) } + end(reason, number, now: now)
    }

    /// An answer that is long enough. Whatever else its model wants is not heard of.
    private mutating func cut(_ number: Int, now: MediaInstant) -> [Output] { end(.length, number, now: now) }

    private mutating func end(_ reason: ChatFinish, _ number: Int, now: MediaInstant) -> [Output] {
        if let attempt = attempts.removeValue(forKey: number) {
            failover.health.report(attempt.permit, .answered, now: now)
        }
        return [.emit(.finished(reason)), .finish]
    }
}

/// A second model that is asked because the first is slow.
extension ChatMachine {
    private mutating func hedge(now: MediaInstant) -> [Output] {
        hedgeAt = nil
        guard leader == nil, let first = attempts.values.first,
            let (provider, permit) = failover.second(besides: first.provider, now: now)
        else { return [] }
        return ask(provider, permit, patience: settings.firstToken, now: now)
    }
}
