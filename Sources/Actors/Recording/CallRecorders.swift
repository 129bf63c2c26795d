import Engine
import Logging
import Synchronization

/// The recorders of an engine's calls: one thread for all of them, away from the media workers.
public final class CallRecorders: Sendable {
    /// Which files every call gets.
    public let kinds: Set<RecordingKind>
    public let meters = RecordingMeters()
    private let worker: ClockWorker
    private let storage: any RecordingStorage
    private let limits: RecordingLimits
    private let reporter: RecordingReporter
    private let active = Atomic<Int>(0)

    public init(
        _ kinds: Set<RecordingKind>,
        storage: any RecordingStorage,
        limits: RecordingLimits = RecordingLimits(),
        logger: Logger
    ) {
        self.kinds = kinds
        self.storage = storage
        self.limits = limits
        reporter = RecordingReporter(meters: meters, logger: logger)
        worker = ClockWorker(WorkerConfiguration(name: "recorder", period: limits.period, phaseSlots: 5))
    }

    public func start() { worker.start() }
    public func stop() { worker.stop() }

    /// Calls whose files are not finished yet.
    public var activeCalls: Int { active.load(ordering: .relaxed) }

    /// Takes over a call's tap and capture. Quick and without waiting.
    /// - Parameter gate: nothing of the call is kept before it is opened. A gate that was never opened leaves no file.
    /// - Returns: what to call once the call's media has ended; nil when there is nothing to record.
    public func record(
        _ call: String,
        tap: consuming RingReader<TapFrame>?,
        capture: consuming CaptureStream?,
        gate: RecordingGate = RecordingGate(isOpen: true)
    ) -> (@Sendable () -> Void)? {
        guard tap != nil || capture != nil else { return nil }
        active.add(1, ordering: .relaxed)
        let recorder = CallRecorder(
            worker: worker,
            call: call,
            tap: tap,
            capture: capture,
            gate: gate,
            storage: storage,
            limits: limits,
            reporter: reporter,
            onEnd: { [weak self] in self?.active.subtract(1, ordering: .relaxed) }
        )
        worker.attach(recorder)
        return { recorder.callEnded() }
    }

    /// Waits until the files of calls that have ended are finished or given up, at most `limit`.
    public func drain(limit: Duration) async {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: limit)
        while activeCalls > 0, clock.now < deadline { try? await clock.sleep(for: limits.period / 2) }
    }
}
