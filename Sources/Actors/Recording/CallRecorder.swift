import Engine
import Synchronization

/// Drains one call's tap and capture into their files, on the recorder's thread.
actor CallRecorder: ClockTarget {
    private let worker: ClockWorker
    private let reporter: RecordingReporter
    private let onEnd: @Sendable () -> Void
    private let callHasEnded = Atomic<Bool>(false)
    private var tap: RingReader<TapFrame>?
    private var capture: CaptureStream?
    private var wav = StereoWAV()
    private let recordingFile: RecordingFile?
    private let captureFile: RecordingFile?
    private var isOver = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }

    init(
        worker: ClockWorker,
        call: String,
        tap: consuming RingReader<TapFrame>?,
        capture: consuming CaptureStream?,
        storage: any RecordingStorage,
        limits: RecordingLimits,
        reporter: RecordingReporter,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.worker = worker
        self.reporter = reporter
        self.onEnd = onEnd
        func file(_ kind: RecordingKind) -> RecordingFile {
            RecordingFile(kind, call: call, storage: storage, limits: limits, reporter: reporter)
        }
        recordingFile = tap == nil ? nil : file(.recording)
        captureFile = capture == nil ? nil : file(.capture)
        self.tap = tap
        self.capture = capture
    }

    /// The call's media has ended: what is in the rings is all. Any thread, no wait.
    nonisolated func callEnded() { callHasEnded.store(true, ordering: .releasing) }

    nonisolated func tick(now: Int64) {
        assumeIsolated { $0.step(now: now) }
    }

    private func step(now: Int64) {
        guard !isOver else { return }
        // Read before the rings: what they hold after it is everything.
        let isLast = callHasEnded.load(ordering: .acquiring)
        drainTap(now: now)
        drainCapture()
        recordingFile?.flush(isLast: isLast, now: now)
        captureFile?.flush(isLast: isLast, now: now)
        guard isLast, recordingFile?.state != .writing, captureFile?.state != .writing else { return }
        isOver = true
        worker.detach(self)
        onEnd()
    }

    private func drainTap(now: Int64) {
        while let frame = tap?.pop() {
            guard let file = recordingFile, file.state == .writing else { continue }
            let gap = wav.gap(before: frame)
            if gap > 0 { reporter.meters.lostFrames.increment(by: Int(clamping: gap)) }
            // A gap that does not fit gives the file up at its limit; until then both sides stay aligned.
            while wav.gap(before: frame) > 0, file.state == .writing {
                wav.fill(wav.gap(before: frame), into: &file.pending)
                if file.isCrowded { file.flush(isLast: false, now: now) }
            }
            wav.append(frame, into: &file.pending)
            if file.isCrowded { file.flush(isLast: false, now: now) }
        }
    }

    private func drainCapture() {
        guard let file = captureFile else { return }
        guard file.state == .writing else {
            var unwanted: [UInt8] = []
            _ = capture?.drain(into: &unwanted)
            return
        }
        _ = capture?.drain(into: &file.pending)
    }
}
