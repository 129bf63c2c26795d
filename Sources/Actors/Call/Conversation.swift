import Engine

/// Runs a call's `ConversationMachine`: drains the call's events, carries out what the machine wants, and tells the
/// observer what happened. Pinned to a leg worker together with the call's legs.
public actor Conversation: ClockTarget {
    private let identity: CallIdentity
    private let worker: ClockWorker
    private let mark: Int
    private let clock: CallClock
    private let meters: ActorMeters
    private let life: AliveCount.Life
    private let observer: any CallObserver
    private let inputs: AsyncStream<ConversationInput>
    private let output: AsyncStream<ConversationInput>.Continuation
    private let stt: TranscriberLeg
    private let llm: DialogueLeg
    private let tts: SpeechLeg
    private let startRecording: @Sendable () -> Void
    private let onEnd: @Sendable (CallOutcome) -> Void
    private var events: RingReader<CallEvent>
    private var commands: RingWriter<CallCommand>
    private var machine: ConversationMachine
    /// The machine's own, looked at in every tick; asking it there would copy the whole machine.
    private var deadline: MediaInstant?
    /// When the worker will come by without being poked, in nanoseconds of the monotonic clock.
    private var nextTurn: Int64 = 0
    private var reader: Task<Void, Never>?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }

    init(
        identity: CallIdentity,
        profile: TenantProfile,
        line: ConversationLine,
        judge: any SentenceJudge,
        worker: ClockWorker,
        mark: Int,
        clock: CallClock,
        meters: ActorMeters,
        observer: any CallObserver,
        stt: TranscriberLeg,
        llm: DialogueLeg,
        tts: SpeechLeg,
        events: consuming RingReader<CallEvent>,
        commands: consuming RingWriter<CallCommand>,
        inputs: AsyncStream<ConversationInput>,
        output: AsyncStream<ConversationInput>.Continuation,
        startRecording: @escaping @Sendable () -> Void,
        onEnd: @escaping @Sendable (CallOutcome) -> Void
    ) {
        self.identity = identity
        self.worker = worker
        self.mark = mark
        self.clock = clock
        self.meters = meters
        life = meters.alive(.conversation).life()
        self.observer = observer
        self.stt = stt
        self.llm = llm
        self.tts = tts
        self.events = events
        self.commands = commands
        self.inputs = inputs
        self.output = output
        self.startRecording = startRecording
        self.onEnd = onEnd
        machine = ConversationMachine(profile: profile, line: line, judge: judge)
    }

    func open() {
        observer.call(identity, at: clock.now, .started)
        handle(.opened)
        reader = Task(executorPreference: WorkerTasks(worker)) { await self.readLegs() }
    }

    private func readLegs() async {
        for await input in inputs {
            // What the call reported before a leg could answer it is known first.
            drain()
            meters.measure(.conversation, .transcript) { handle(input) }
        }
    }

    /// Ends the call from outside: shutdown, an operator.
    public func end(_ reason: EndReason) { commands.push(.close(reason)) }

    /// Tells the live call something from outside.
    public func instruct(_ instruction: CallInstruction) {
        drain()
        handle(.instructed(instruction))
    }

    public nonisolated func tick(now: Int64) { _ = turn(now: now) }

    /// Events come with a poke; besides them only the machine's deadline counts.
    public nonisolated func turn(now: Int64) -> Int64 {
        assumeIsolated { $0.step(now: now) }
    }

    private func step(now: Int64) -> Int64 {
        nextTurn = 0
        drain()
        if let deadline, deadline <= clock.instant(now) { handle(.timeout) }
        nextTurn = deadline.map(clock.monotonic) ?? .max
        return nextTurn
    }

    private func drain() {
        while let event = events.pop() {
            if let reported = event.reported { meters.mailbox(.conversation).record(reported.duration(to: clock.now)) }
            meters.measure(.conversation, .event) { handle(.event(event)) }
        }
    }

    private func handle(_ input: ConversationInput) {
        let now = clock.now
        let outputs = machine.handle(input, now: now)
        deadline = machine.deadline
        if let deadline, clock.monotonic(deadline) < nextTurn {
            // Outside a turn: the worker asks again for when the next one is wanted.
            nextTurn = 0
            worker.poke(mark)
        }
        for output in outputs { perform(output, now: now) }
    }

    private func perform(_ output: ConversationOutput, now: MediaInstant) {
        let sentAt = MonotonicTime.nanoseconds
        switch output {
        case .command(let command):
            commands.push(command)
        case .ask(let turn, let reply):
            Task { await llm.ask(turn, reply: reply, sentAt: sentAt) }
        case .commit(let commit):
            commit.commit()
        case .language(let tag, let reply):
            Task { await tts.speak(in: tag, reply: reply) }
        case .speak(let text, let reply, let piece):
            Task { await tts.speak(text, reply: reply, piece: piece, sentAt: sentAt) }
        case .finishSpeech(let reply):
            Task { await tts.speak(nil, reply: reply, piece: Int.max >> 33, sentAt: sentAt) }
        case .cancel(let reply):
            Task { await llm.cancel(through: reply) }
            Task { await tts.cancel(through: reply) }
        case .expect(let expectation):
            Task { await stt.expect(expectation) }
        case .startRecording:
            startRecording()
        case .publish(let happening):
            observer.call(identity, at: now, happening)
            if case .ended(let outcome) = happening { finish(outcome) }
        }
    }

    private func finish(_ outcome: CallOutcome) {
        worker.detach(self)
        output.finish()
        reader?.cancel()
        Task {
            await llm.cancel(through: .max)
            await tts.close()
            await stt.close()
            onEnd(outcome)
        }
    }
}
