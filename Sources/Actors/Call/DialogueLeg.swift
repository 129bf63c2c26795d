import Engine

/// The LLM leg of a call: asks the model for one answer at a time and passes its tokens on.
public actor DialogueLeg {
    private let worker: ClockWorker
    private let meters: ActorMeters
    private let life: AliveCount.Life
    private let output: AsyncStream<ConversationInput>.Continuation
    private let model: any DialogueModel
    private let request: DialogueRequest
    private var session: (any DialogueSession)?
    private var task: Task<Void, Never>?
    private var reply: Int32 = 0

    public nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }

    init(
        worker: ClockWorker,
        meters: ActorMeters,
        model: any DialogueModel,
        request: DialogueRequest,
        output: AsyncStream<ConversationInput>.Continuation
    ) {
        self.worker = worker
        self.meters = meters
        life = meters.alive(.llm).life()
        self.model = model
        self.request = request
        self.output = output
    }

    func ask(_ turn: DialogueTurn, reply: Int32, sentAt: Int64) {
        meters.measure(.llm, .ask, sentAt: sentAt) {
            task?.cancel()
            self.reply = reply
            task = Task(executorPreference: WorkerTasks(worker)) { await self.answer(turn, reply: reply) }
        }
    }

    func cancel(through reply: Int32) {
        if self.reply <= reply { task?.cancel() }
    }

    private func answer(_ turn: DialogueTurn, reply: Int32) async {
        do {
            if session == nil { session = try await model.open(request) }
            guard let session else { return }
            for try await delta in session.reply(to: turn) {
                if Task.isCancelled { return }
                meters.measure(.llm, .token) { _ = output.yield(.dialogue(reply: reply, delta)) }
            }
            if !Task.isCancelled { output.yield(.dialogueFinished(reply: reply)) }
        } catch is CancellationError {
            return
        } catch {
            let failure =
                error as? LegError
                ?? LegError(
                    leg: .llm,
                    provider: model.provider,
                    code: "unavailable",
                    cause: "\(type(of: error))",
                    isRetryable: true
                )
            output.yield(.dialogueFailed(reply: reply, failure))
        }
    }
}
