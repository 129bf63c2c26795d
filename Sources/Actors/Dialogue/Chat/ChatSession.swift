import Engine
import Foundation

/// One call's conversation with a language model.
///
/// A turn is answered by one or more requests (`ChatAnswer`); what must be known for the next turn is kept here. Nothing a
/// cancelled turn still brings is used, except that something was done.
final class ChatSession: DialogueSession {
    struct State: Sendable {
        var memory: ChatMemory
        var language: LanguageSwitch
        var moment: ChatMoment
        /// At work on what is no longer needed word for word.
        var summary: Task<Void, Never>?
    }

    let request: DialogueRequest
    let model: any ChatModel
    let runner: ToolRunner
    let settings: ChatSettings
    private let clock: any Clock<Duration>
    private let prompt: ChatPrompt
    private let redact: @Sendable (String) -> String
    private let state: Locked<State>

    init(
        _ request: DialogueRequest,
        model: any ChatModel,
        tools: [any Tool],
        settings: ChatSettings,
        clock: any Clock<Duration>
    ) {
        self.request = request
        self.model = model
        self.settings = settings
        self.clock = clock
        let names = CallerNames(request.profile)
        let redact: @Sendable (String) -> String = { names.redact($0) }
        self.redact = redact
        runner = ToolRunner(
            tools,
            for: request,
            maximumResultCharacters: settings.maximumToolResultCharacters,
            redact: redact,
            learn: { names.learn($0) },
            clock: clock
        )
        prompt = ChatPrompt(request)
        state = Locked(
            State(
                memory: ChatMemory(maximumRounds: settings.maximumRememberedRounds, redact: redact),
                language: LanguageSwitch(offered: request.profile.spokenLanguages, settings: settings.language),
                moment: ChatMoment(request.profile, at: request.now())
            )
        )
    }

    deinit { state.withLock { $0.summary?.cancel() } }

    func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error> {
        // The buffer is bounded by the longest answer and the number of calls of tools.
        AsyncThrowingStream { stream in
            let task = Task {
                do {
                    var answer = ChatAnswer(self, turn: turn, stream: stream)
                    try await answer.run()
                    stream.finish()
                    summariseIfNeeded(after: turn)
                } catch {
                    stream.finish(throwing: error)
                }
            }
            stream.onTermination = { _ in task.cancel() }
        }
    }

    // MARK: For one answer

    /// - Returns: the language of the answer, where it is not the tenant's own.
    func begin(_ turn: DialogueTurn) -> String? {
        let now = request.now()
        return state.withLock { state in
            state.memory.begin(turn)
            let moment = ChatMoment(request.profile, at: now)
            let age = Duration.seconds(now.timeIntervalSince(state.moment.date))
            if age >= settings.timeIsFreshFor || age < .zero || moment.isOpen != state.moment.isOpen {
                state.moment = moment
            }
            if case .speech(let transcript) = turn.cause { state.language.hear(transcript, at: turn.history.count) }
            return state.language.language == request.profile.language ? nil : state.language.language
        }
    }

    func request(for turn: DialogueTurn, note: String?) -> ChatRequest {
        let (memory, language, moment) = state.withLock { ($0.memory, $0.language.language, $0.moment) }
        let isUncertain = if case .speech(let transcript) = turn.cause { transcript.isRejected } else { false }
        let system = prompt.text(
            moment: moment,
            language: language,
            summary: memory.summary,
            isUncertain: isUncertain
        )
        let limit = settings.hardMemoryTokens - ChatText.tokens(system)
        var messages = memory.messages(for: turn, limit: limit, whole: settings.wholeTurns)
        if let note = note.map(ChatText.note) {
            if case .user(let words) = messages.last {
                messages[messages.count - 1] = .user(words + "\n" + note)
            } else {
                messages.append(.user(note))
            }
        }
        return ChatRequest(
            system: system,
            messages: messages,
            tools: runner.declarations,
            maximumTokens: settings.maximumTokens,
            temperature: request.profile.agent.temperature
        )
    }

    func remember(_ round: ChatMemory.Round) { state.withLock { $0.memory.add(round) } }

    /// The tenant's own words fit: the agent still speaks its language.
    var speaksTenantsLanguage: Bool { state.withLock { $0.language.language == request.profile.language } }

    // MARK: Between turns

    /// One more request in the background: no answer ever waits for it, and one that fails is tried again after the next turn.
    private func summariseIfNeeded(after turn: DialogueTurn) {
        state.withLock { state in
            guard state.summary == nil,
                let task = state.memory.summaryNeeded(
                    after: turn,
                    budget: settings.memoryTokens,
                    whole: settings.wholeTurns
                )
            else { return }
            let wanted = task.request(characters: settings.maximumSummaryCharacters)
            state.summary = Task { [weak self, model, clock, settings] in
                let text = try? await TimeLimit.run(settings.summaryTimeout, clock: clock) {
                    try await Self.text(of: wanted, model: model)
                }
                self?.summarised(text, task)
            }
        }
    }

    private func summarised(_ text: String?, _ task: SummaryTask) {
        let kept = text.map { String(redact($0).prefix(settings.maximumSummaryCharacters)) }
        state.withLock { state in
            state.summary = nil
            if let kept { state.memory.take(kept, for: task) }
        }
    }

    private static func text(of request: ChatRequest, model: any ChatModel) async throws -> String {
        var text = ""
        for try await delta in model.answer(request) {
            switch delta {
            case .text(let piece): text += piece
            case .working, .usage, .replaced: break
            case .finished(.stop), .finished(.length): return text
            case .finished, .call: throw CancellationError()
            }
            // Whatever it is, it is no summary.
            if text.utf8.count > 32_768 { throw CancellationError() }
        }
        throw CancellationError()
    }
}
