import Engine
import Synchronization

/// Drains one call's tap and capture into their files, on the recorder's thread.
actor CallRecorder: ClockTarget {
    private let worker: ClockWorker
    private let reporter: RecordingReporter
    private let onEnd: @Sendable () -> Void
    private let callHasEnded = Atomic<Bool>(false)
    private let gate: RecordingGate
    private var tap: RingReader<TapFrame>?
    private var capture: CaptureStream?
    private var wav = StereoWAV()
    private let recordingFile: RecordingFile?
    private let captureFile: RecordingFile?
    private var isOver = false
    /// The gate was closed when it was last looked at.
    private var isWaiting: Bool
    /// The recording begins with the next frame, whatever its number.
    private var beginsAnywhere: Bool

    nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }

    init(
        worker: ClockWorker,
        call: String,
        tap: consuming RingReader<TapFrame>?,
        capture: consuming CaptureStream?,
        gate: RecordingGate,
        storage: any RecordingStorage,
        limits: RecordingLimits,
        reporter: RecordingReporter,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.worker = worker
        self.reporter = reporter
        self.gate = gate
        self.onEnd = onEnd
        func file(_ kind: RecordingKind) -> RecordingFile {
            RecordingFile(kind, call: call, storage: storage, limits: limits, reporter: reporter)
        }
        recordingFile = tap == nil ? nil : file(.recording)
        captureFile = capture == nil ? nil : file(.capture)
        self.tap = tap
        self.capture = capture
        isWaiting = !gate.isOpen
        beginsAnywhere = isWaiting
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
        guard passesGate() else {
            if isLast { finish() }
            return
        }
        drainTap(now: now)
        drainCapture()
        recordingFile?.flush(isLast: isLast, now: now)
        captureFile?.flush(isLast: isLast, now: now)
        guard isLast, recordingFile?.state != .writing, captureFile?.state != .writing else { return }
        finish()
    }

    private func finish() {
        isOver = true
        worker.detach(self)
        onEnd()
    }

    /// What came before the gate was opened is dropped, unseen: also what is in the rings when it is found open.
    /// - Returns: false while nothing may be kept.
    private func passesGate() -> Bool {
        guard isWaiting else { return true }
        let isOpen = gate.isOpen
        while tap?.pop() != nil {}
        var unwanted: [UInt8] = []
        _ = capture?.drain(into: &unwanted)
        guard isOpen else { return false }
        isWaiting = false
        return true
    }

    private func drainTap(now: Int64) {
        while let frame = tap?.pop() {
            guard let file = recordingFile, file.state == .writing else { continue }
            if beginsAnywhere {
                wav = StereoWAV(startingAt: frame.index)
                beginsAnywhere = false
            }
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
