import Engine

/// The STT leg of a call: takes the caller's frames from the ring, keeps the pre-roll, and feeds the recogniser while a
/// turn is on.
public actor TranscriberLeg: ClockTarget {
    /// Frames kept for the start of a turn: 300 ms before the onset, which is known 160 ms late.
    private static let prerollFrames = 23
    /// Frames kept while the recogniser is still opening: 10 s.
    private static let backlogFrames = 512

    private let worker: ClockWorker
    private let clock: CallClock
    private let meters: ActorMeters
    private let output: AsyncStream<ConversationInput>.Continuation
    private let turnEnds = TurnEnds()
    private var frames: RingReader<CallerFrame>
    private var session: (any TranscriptionSession)?
    private var expectation: Expectation?
    private var preroll: [[Int16]] = []
    private var backlog: [CallerFrame] = []
    private var isInTurn = false
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

    public nonisolated func tick(now: Int64) {
        assumeIsolated { $0.drain() }
    }

    private func drain() {
        guard frames.count > 0 else { return }
        meters.measure(.stt, .frames) {
            while let frame = frames.pop() {
                meters.mailbox(.stt).record(frame.at.duration(to: clock.now))
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
            let samples = (0..<Frame.samples).map { frame.samples[$0] }
            if isInTurn {
                session?.feed(samples)
            } else {
                if preroll.count == Self.prerollFrames { preroll.removeFirst() }
                preroll.append(samples)
            }
        case .begin:
            isInTurn = true
            session?.begin(turn: turn)
            for samples in preroll { session?.feed(samples) }
            preroll.removeAll(keepingCapacity: true)
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
