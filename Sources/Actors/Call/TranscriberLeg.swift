import Engine

/// The STT leg of a call: takes the caller's turns from the ring and feeds them to the recogniser.
public actor TranscriberLeg: ClockTarget {
    /// Frames kept while the recogniser is still opening: 10 s.
    private static let backlogFrames = 512

    private let worker: ClockWorker
    private let clock: CallClock
    private let meters: ActorMeters
    private let life: AliveCount.Life
    private let output: AsyncStream<ConversationInput>.Continuation
    private let turnEnds = TurnEnds()
    private var frames: RingReader<CallerFrame>
    private var session: (any TranscriptionSession)?
    private var expectation: Expectation?
    private var backlog: [CallerFrame] = []
    private var isInTurn = false
    /// Audio may be coming: a turn was begun and not ended, as far as the ring was read.
    private var isListening = false
    private var hasFailed = false
    private var isClosed = false

    public nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }

    init(
        worker: ClockWorker,
        clock: CallClock,
        meters: ActorMeters,
        frames: consuming RingReader<CallerFrame>,
        output: AsyncStream<ConversationInput>.Continuation
    ) {
        self.worker = worker
        self.clock = clock
        self.meters = meters
        life = meters.alive(.stt).life()
        self.output = output
        self.frames = frames
    }

    /// Opens the recogniser; the caller's audio waits meanwhile.
    func open(_ transcriber: any Transcriber, _ request: TranscriptionRequest) async {
        do {
            let session = try await transcriber.open(request) { [output, clock, turnEnds] event in
                output.yield(.transcript(event, work: turnEnds.work(for: event, now: clock.now)))
            }
            guard !isClosed else { return session.close() }
            if let expectation { session.expect(expectation) }
            self.session = session
            for frame in backlog { handle(frame) }
            backlog = []
        } catch {
            hasFailed = true
            backlog = []
            let failure = error as? LegError
            output.yield(
                .transcript(
                    .failed(
                        failure
                            ?? LegError(
                                leg: .stt,
                                provider: transcriber.provider,
                                code: "unavailable",
                                cause: "\(type(of: error))",
                                isRetryable: false
                            )
                    ),
                    work: nil
                )
            )
        }
    }

    func expect(_ expectation: Expectation) {
        self.expectation = expectation
        session?.expect(expectation)
    }

    func close() {
        isClosed = true
        worker.detach(self)
        session?.close()
        session = nil
    }

    public nonisolated func tick(now: Int64) { _ = turn(now: now) }

    /// A turn's begin and end come with a poke, the audio between them does not.
    public nonisolated func turn(now: Int64) -> Int64 {
        assumeIsolated {
            $0.drain()
            return $0.isListening ? 0 : .max
        }
    }

    private func drain() {
        guard frames.count > 0 else { return }
        meters.measure(.stt, .frames) {
            while let frame = frames.pop() {
                meters.mailbox(.stt).record(frame.at.duration(to: clock.now))
                switch frame.kind {
                case .begin: isListening = true
                case .end, .drop: isListening = false
                case .audio, .pause, .resume: break
                }
                guard !hasFailed, !isClosed else { continue }
                guard session != nil else {
                    if backlog.count < Self.backlogFrames { backlog.append(frame) }
                    continue
                }
                handle(frame)
            }
        }
    }

    private func handle(_ frame: CallerFrame) {
        let turn = Int(frame.turn)
        switch frame.kind {
        case .audio:
            guard isInTurn else { return }
            turnEnds.fed(at: frame.at)
            session?.feed(frame.array)
        case .begin:
            isInTurn = true
            session?.begin(turn: turn)
        case .pause:
            turnEnds.paused(turn: turn, at: clock.now)
            session?.pause(turn: turn)
        case .resume:
            session?.resume(turn: turn)
        case .end:
            isInTurn = false
            turnEnds.handed(turn: turn, at: clock.now)
            session?.end(turn: turn)
        case .drop:
            isInTurn = false
            session?.cancel()
        }
    }
}

extension CallerFrame {
    /// The samples as the array a recogniser takes.
    fileprivate var array: [Int16] {
        [Int16](unsafeUninitializedCapacity: Frame.samples) { buffer, count in
            for index in 0..<Frame.samples { buffer[index] = samples[index] }
            count = Frame.samples
        }
    }
}
