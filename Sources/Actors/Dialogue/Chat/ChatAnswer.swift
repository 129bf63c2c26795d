import Engine

/// One turn's answer: requests to the model, with the tools it calls in between, until it has spoken.
struct ChatAnswer {
    private let session: ChatSession
    private let turn: DialogueTurn
    private let stream: AsyncThrowingStream<DialogueDelta, any Error>.Continuation
    private var text: AnswerText
    private var action: CallAction?
    private var rounds = 0
    private var calls = 0
    /// What the next request says at its end.
    private var note: String?
    private var isReminded = false
    /// Who answers.
    private var provider: String

    init(
        _ session: ChatSession,
        turn: DialogueTurn,
        stream: AsyncThrowingStream<DialogueDelta, any Error>.Continuation
    ) {
        self.session = session
        self.turn = turn
        self.stream = stream
        provider = session.model.provider
        text = AnswerText(said: turn.said, limit: session.settings.maximumAnswerCharacters)
    }

    /// - Throws: `LegError`, `CancellationError`.
    mutating func run() async throws {
        if let language = session.begin(turn) { stream.yield(.language(language)) }
        while try await step() {}
        if action == nil { stream.yield(.expect(.anything)) }
    }

    /// One request and what it asks for.
    /// - Returns: whether another one is needed.
    private mutating func step() async throws -> Bool {
        let (called, finish) = try await listen(to: session.request(for: turn, note: note))
        if text.isFull { return false }
        // Nothing but what was already said: the answer was whole.
        if called.isEmpty, text.part.isEmpty, text.hasRepeated { return false }
        if !called.isEmpty, rounds < session.settings.maximumToolRounds {
            return try await use(called)
        }
        if !text.part.isEmpty { return false }
        if action != nil, text.isEmpty { sayTenantsWords() }
        if action != nil, !text.isEmpty { return false }
        if finish == .filtered { throw failure("refused", "the vendor withheld the answer", isRetryable: false) }
        guard !isReminded, called.isEmpty else {
            throw failure(
                "protocol",
                called.isEmpty ? "the model answered with nothing, twice" : "the model called tools without end",
                isRetryable: true
            )
        }
        isReminded = true
        note = "Your answer was empty. Say something to the caller now."
        return true
    }

    private mutating func listen(to request: ChatRequest) async throws -> ([ToolCall], ChatFinish) {
        var called: [ToolCall] = []
        var finish: ChatFinish?
        text.beginRequest()
        reading: for try await delta in session.model.answer(request) {
            try Task.checkCancellation()
            switch delta {
            case .text(let piece):
                say(text.push(piece))
                if text.isFull { return ([], .length) }
            case .call(let call):
                // A call past the limit is refused like the others; a flood of them is not even kept.
                if called.count <= session.settings.maximumToolCalls { called.append(call) }
            case .replaced(let replacement):
                provider = replacement.to
                stream.yield(.replaced(replacement))
            case .working, .usage:
                break
            case .finished(let reason):
                finish = reason
                break reading
            }
        }
        try Task.checkCancellation()
        guard let finish else {
            throw failure("protocol", "the answer ended before it was finished", isRetryable: true)
        }
        say(text.endRequest())
        return (Self.distinct(called), finish)
    }

    private func say(_ piece: String) {
        if !piece.isEmpty { stream.yield(.text(piece)) }
    }

    /// - Returns: whether the model is to be asked again.
    private mutating func use(_ called: [ToolCall]) async throws -> Bool {
        rounds += 1
        let outcomes = try await carryOut(called)
        for result in outcomes.compactMap(\.result) {
            if let wish = result.wish { stream.yield(.wish(wish)) }
            if let next = result.action {
                action = next
                stream.yield(.action(next))
            }
        }
        if action != nil, outcomes.allSatisfy({ $0.result != nil }) {
            if text.isEmpty, session.speaksTenantsLanguage { sayTenantsWords() }
            if !text.isEmpty { return false }
        }
        note =
            rounds == session.settings.maximumToolRounds
            ? "No more tools can be used in this turn. Answer the caller now with what you know." : nil
        return true
    }

    /// What the tenant says on the way to what was decided: no model is needed for that.
    private mutating func sayTenantsWords() {
        let profile = session.request.profile
        let words =
            switch action {
            case .transfer(let number): profile.transfer(to: number)?.say
            case .hangUp: profile.goodbye
            case .voicemail: profile.voicemail?.say
            case nil: nil as String?
            }
        say(text.push(words ?? ""))
    }

    private func failure(_ code: String, _ cause: String, isRetryable: Bool) -> LegError {
        LegError(leg: .llm, provider: provider, code: code, cause: cause, isRetryable: isRetryable)
    }

    // MARK: Tools

    private mutating func carryOut(_ called: [ToolCall]) async throws -> [ToolOutcome] {
        let allowed = max(0, session.settings.maximumToolCalls - calls)
        calls += called.count
        let round = ToolRound(called, position: turn.history.count, turn: turn.number, text: text.part)
        let (runner, turn, stream) = (session.runner, turn, stream)
        for call in called.dropFirst(allowed) {
            let outcome = runner.refuse(call, "too many calls of tools in one turn: go on with what you know")
            round.ended(call, outcome)
            stream.yield(.tool(outcome.report))
        }
        let known = Set(runner.declarations.map(\.name))
        var open = called.prefix(allowed).filter { known.contains($0.name) }
        for call in open { stream.yield(.working(call.name)) }
        do {
            try await withThrowingTaskGroup(of: (ToolCall, ToolReport).self) { group in
                for call in called.prefix(allowed) {
                    group.addTask {
                        let outcome = try await runner.run(call, turn: turn.number, commit: turn.commit) {
                            round.began(call, hasEffect: runner.hasEffect(call.name))
                        }
                        round.ended(call, outcome)
                        return (call, outcome.report)
                    }
                }
                for try await (call, report) in group {
                    stream.yield(.tool(report))
                    open.removeAll { $0.id == call.id }
                    // Whoever waits for the answer knows that another tool is still at work.
                    if let next = open.first { stream.yield(.working(next.name)) }
                }
            }
        } catch {
            // The turn is void, but what was begun may have been done: the next turn's model must know.
            if round.mayHaveEffect { session.remember(round.summary) }
            throw error
        }
        session.remember(round.summary)
        return round.outcomes
    }

    /// Some servers give every call the same id, or none: an answer must find its call. And the next model may be another
    /// vendor's, that takes letters, digits, `_` and `-` only (Anthropic), or 40 of them at most (OpenAI).
    private static func distinct(_ calls: [ToolCall]) -> [ToolCall] {
        var taken: Set<String> = []
        return calls.enumerated().map { index, call in
            var call = call
            let plain = String(call.id.filter { $0.isASCII && ($0.isLetter || $0.isNumber) || "_-".contains($0) })
            if plain != call.id || !(1...40).contains(plain.utf8.count) || taken.contains(plain) {
                call.id = "\(plain.suffix(32))_\(index)"
            }
            taken.insert(call.id)
            return call
        }
    }
}

/// What has become of the calls of one answer so far; tools report from any thread.
private final class ToolRound: Sendable {
    private struct State {
        var outcomes: [String: ToolOutcome] = [:]
        var mayHaveEffect = false
    }

    private let calls: [ToolCall]
    private let position: Int
    private let turn: Int
    private let text: String
    private let state = Locked(State())

    init(_ calls: [ToolCall], position: Int, turn: Int, text: String) {
        self.calls = calls
        self.position = position
        self.turn = turn
        self.text = text
    }

    func began(_ call: ToolCall, hasEffect: Bool) {
        if hasEffect { state.withLock { $0.mayHaveEffect = true } }
    }

    func ended(_ call: ToolCall, _ outcome: ToolOutcome) { state.withLock { $0.outcomes[call.id] = outcome } }

    var mayHaveEffect: Bool { state.withLock { $0.mayHaveEffect } }

    /// In the order of the calls.
    var outcomes: [ToolOutcome] { state.withLock { state in calls.compactMap { state.outcomes[$0.id] } } }

    var summary: ChatMemory.Round {
        state.withLock { state in
            ChatMemory.Round(
                position: position,
                turn: turn,
                text: text,
                calls: calls,
                results: calls.map { state.outcomes[$0.id]?.message ?? ToolRunner.interrupted($0) },
                hasEffect: state.mayHaveEffect
            )
        }
    }
}
