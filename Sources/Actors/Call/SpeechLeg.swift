import Engine

/// The TTS leg of a call: synthesises pieces one after another and writes their audio into the speech ring, which bounds
/// how far it may run ahead.
public actor SpeechLeg: ClockTarget {
    private struct Job {
        var reply: Int32
        var piece: Int
        /// nil ends the reply.
        var text: String?
    }

    private let worker: ClockWorker
    private let mark: Int
    private let clock: CallClock
    private let meters: ActorMeters
    private let life: AliveCount.Life
    private let output: AsyncStream<ConversationInput>.Continuation
    private let synthesizer: any Synthesizer
    private let profile: TenantProfile
    private let pronunciations: Pronunciations
    private var ring: RingWriter<SpeechChunk>
    private var jobs: [Job] = []
    private var task: Task<Void, Never>?
    private var cancelledThrough: Int32 = 0
    /// Of the latest reply that is not in the tenant's own.
    private var language: (reply: Int32, tag: String)?
    private var lastStarted: Int32 = 0
    /// The ring is full, and when it is looked at again, in nanoseconds of the monotonic clock.
    private var waiting: (until: Int64, room: CheckedContinuation<Void, Never>)?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }

    init(
        worker: ClockWorker,
        mark: Int,
        clock: CallClock,
        meters: ActorMeters,
        synthesizer: any Synthesizer,
        profile: TenantProfile,
        ring: consuming RingWriter<SpeechChunk>,
        output: AsyncStream<ConversationInput>.Continuation
    ) {
        self.worker = worker
        self.mark = mark
        self.clock = clock
        self.meters = meters
        life = meters.alive(.tts).life()
        self.synthesizer = synthesizer
        self.profile = profile
        pronunciations = Pronunciations(profile.pronunciations)
        self.output = output
        self.ring = ring
    }

    /// The reply is in this language, and not in the tenant's own.
    func speak(in language: String, reply: Int32) { self.language = (reply, language) }

    func speak(_ text: String?, reply: Int32, piece: Int, sentAt: Int64) {
        meters.measure(.tts, .speak, sentAt: sentAt) {
            guard reply > cancelledThrough else { return }
            jobs.append(Job(reply: reply, piece: piece, text: text))
            if task == nil { start() }
        }
    }

    func cancel(through reply: Int32) {
        cancelledThrough = max(cancelledThrough, reply)
        jobs.removeAll { $0.reply <= reply }
        task?.cancel()
        task = nil
        // It sees that it was cancelled.
        waiting.take()?.room.resume()
        if !jobs.isEmpty { start() }
    }

    func close() {
        worker.detach(self)
        cancel(through: .max)
    }

    private func start() { task = Task(executorPreference: WorkerTasks(worker)) { await self.work() } }

    private func work() async {
        while !Task.isCancelled, !jobs.isEmpty {
            let job = jobs.removeFirst()
            guard job.reply > cancelledThrough else { continue }
            do {
                if let text = job.text {
                    try await synthesise(text, job)
                } else {
                    try await write(SpeechChunk(reply: job.reply, piece: Int32(job.piece), offset: 0, endsReply: true))
                }
            } catch is CancellationError {
                return
            } catch {
                let failure =
                    error as? LegError
                    ?? LegError(
                        leg: .tts,
                        provider: synthesizer.provider,
                        code: "unavailable",
                        cause: "\(type(of: error))",
                        isRetryable: true
                    )
                if !Task.isCancelled { output.yield(.speechFailed(reply: job.reply, failure)) }
            }
        }
        if !Task.isCancelled { task = nil }
    }

    private func synthesise(_ text: String, _ job: Job) async throws {
        let handed = clock.now
        let request = SpeechRequest(
            text: text,
            voice: profile.voice,
            language: language.flatMap { $0.reply == job.reply ? $0.tag : nil } ?? profile.language,
            sampleRate: Frame.sampleRate,
            pronunciations: pronunciations
        )
        var chunk = SpeechChunk(reply: job.reply, piece: Int32(job.piece), offset: 0)
        for try await delta in synthesizer.synthesize(request) {
            try Task.checkCancellation()
            switch delta {
            case .words(let words):
                output.yield(.speechPlanned(reply: job.reply, piece: job.piece, words: words))
            case .replaced(let replacement):
                output.yield(.speechReplaced(replacement))
            case .audio(let samples):
                if lastStarted < job.reply {
                    lastStarted = job.reply
                    output.yield(.speechStarted(reply: job.reply, work: .init(handed: handed, done: clock.now)))
                }
                var taken = 0
                while taken < samples.count {
                    taken += chunk.fill(from: samples, at: taken)
                    guard chunk.count == Frame.samples else { break }
                    try await write(chunk)
                    chunk.offset += Int32(chunk.count)
                    chunk.count = 0
                }
            }
        }
        if chunk.count > 0 { try await write(chunk) }
    }

    /// Waits while the ring is full: the playout empties it in real time, and half of it is a few looks for a reply instead of
    /// one for each frame.
    private func write(_ chunk: SpeechChunk) async throws {
        while ring.space == 0 {
            try Task.checkCancellation()
            await withCheckedContinuation { room in
                let half = Frame.nanoseconds * Int64(RingCapacity.speech / 2)
                waiting = (MonotonicTime.nanoseconds + half, room)
                worker.poke(mark)
            }
        }
        try Task.checkCancellation()
        ring.push(chunk)
    }

    public nonisolated func tick(now: Int64) { _ = turn(now: now) }

    /// Wanted only to look for room.
    public nonisolated func turn(now: Int64) -> Int64 {
        assumeIsolated {
            guard let waiting = $0.waiting else { return .max }
            guard waiting.until <= now else { return waiting.until }
            $0.waiting = nil
            waiting.room.resume()
            return .max
        }
    }
}
