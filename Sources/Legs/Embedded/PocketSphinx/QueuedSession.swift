import Actors
import Dispatch
import Synchronization

/// One call's recogniser on a thread of its own kind. A decoder takes milliseconds for each 20 of speech and tens at the end of a
/// turn: on a leg worker that would hold up every other event of the calls there.
///
/// `@unchecked Sendable`: the session behind it is used on `queue` alone.
final class QueuedSession: TranscriptionSession, @unchecked Sendable {
    private let session: PocketSphinxSession
    private let queue: DispatchQueue
    private let report: TurnReport
    private let pool: DecoderPool
    private let isClosed = Atomic<Bool>(false)

    init(_ session: PocketSphinxSession, on queue: DispatchQueue, report: TurnReport, pool: DecoderPool) {
        self.session = session
        self.queue = queue
        self.report = report
        self.pool = pool
    }

    deinit { close() }

    func expect(_ expectation: Expectation) { run { $0.expect(expectation) } }

    func begin(turn: Int) {
        report.begin(turn)
        run { $0.begin(turn: turn) }
    }

    func feed(_ samples: [Int16]) {
        guard report.take(samples.count) else { return }
        run { [report] in
            $0.feed(samples)
            report.done(samples.count)
        }
    }

    func end(turn: Int) {
        report.end()
        run { $0.end(turn: turn) }
    }

    func cancel() {
        report.cancel()
        run { $0.cancel() }
    }

    func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        pool.willReturn()
        queue.async { [session, pool] in
            session.close()
            pool.hasReturned()
        }
    }

    private func run(_ job: @escaping @Sendable (PocketSphinxSession) -> Void) {
        guard !isClosed.load(ordering: .relaxed) else { return }
        queue.async { [session] in job(session) }
    }
}

/// What a queued session says of its turns: nothing about one that was dropped meanwhile, and that it is too far behind.
final class TurnReport: Sendable {
    fileprivate struct State {
        var turn: Int?
        /// Dropped while events of it may still come; a few are enough, each is over within moments.
        var dropped: [Int] = []
        var waiting = 0
        var isBehind = false
    }

    fileprivate static let droppedKept = 8

    private let events: @Sendable (TranscriptEvent) -> Void
    private let longestWait: Int
    private let state = Mutex(State())

    /// - Parameter longestWait: samples that may wait for the decoder.
    init(longestWait: Int, events: @escaping @Sendable (TranscriptEvent) -> Void) {
        self.longestWait = longestWait
        self.events = events
    }

    func begin(_ turn: Int) {
        state.withLock {
            $0.drop()
            $0.turn = turn
        }
    }

    func end() { state.withLock { $0.turn = nil } }
    func cancel() { state.withLock { $0.drop() } }

    /// - Returns: whether there is room for so many samples more. Where there is none the recogniser has failed, and says so once.
    func take(_ samples: Int) -> Bool {
        let (isTaken, fails) = state.withLock { state -> (Bool, Bool) in
            guard !state.isBehind else { return (false, false) }
            state.waiting += samples
            state.isBehind = state.waiting > longestWait
            return (!state.isBehind, state.isBehind)
        }
        if fails {
            events(
                .failed(
                    LegError(
                        leg: .stt,
                        provider: PocketSphinxTranscriber.name,
                        code: "busy",
                        cause: "the embedded recogniser is too far behind: this machine decodes too many calls at once",
                        isRetryable: true
                    )
                )
            )
        }
        return isTaken
    }

    func done(_ samples: Int) { state.withLock { $0.waiting -= samples } }

    func pass(_ event: TranscriptEvent) {
        let isWanted = state.withLock { state in
            switch event {
            case .partial(_, let turn), .final(_, let turn), .provisional(_, let turn), .endpoint(let turn):
                !state.isBehind && !state.dropped.contains(turn)
            case .replaced, .failed: true
            }
        }
        if isWanted { events(event) }
    }
}

extension TurnReport.State {
    fileprivate mutating func drop() {
        guard let turn else { return }
        self.turn = nil
        if dropped.count == TurnReport.droppedKept { dropped.removeFirst() }
        dropped.append(turn)
    }
}
