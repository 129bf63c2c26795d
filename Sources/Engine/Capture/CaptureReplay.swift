import CPlatform

/// Runs a captured call again in virtual time and compares what leaves the pipeline with what left it then.
public struct CaptureReplay: ~Copyable {
    public struct Report: Sendable, Equatable {
        public var ticks = 0
        /// The last tick's moment on the call's clock.
        public var length: Duration = .zero
        /// Seconds whose digests were compared.
        public var checkpoints = 0
        /// The first second in which something else left the pipeline, or it asked for other inputs.
        public var firstDifference: Difference?
        public var ending: CaptureReader.Ending?
        /// Why reading stopped before an end, if it did.
        public var fault: CaptureError?

        public init() {}

        /// Between two checkpoints: the one before still agreed.
        public struct Difference: Sendable, Equatable {
            public var after: MediaInstant
            public var by: MediaInstant
        }

        /// The whole capture was replayed, and everything that left the pipeline left it again.
        public var isIdentical: Bool { firstDifference == nil && fault == nil && ending != nil }
    }

    private var reader: CaptureReader
    private var pipeline: CallPipeline<StreamRepair, BandEnergyDetector>
    private var ports: ReplayPorts
    private var differs = false
    private var agreed = MediaInstant.zero
    public private(set) var report = Report()

    /// - Parameters:
    ///   - bytes: a whole capture.
    ///   - recording: have the pipeline record both sides even if the captured call was not recorded.
    ///   - shelf: the recordings the captured call could play; any other will do for a call that plays none.
    /// - Throws: `otherRecordings` before anything is replayed when the call plays some that `shelf` does not hold.
    public init(
        _ bytes: [UInt8],
        recording: Bool = false,
        shelf: RecordingShelf = .empty
    ) throws(CaptureError) {
        let reader = try CaptureReader(bytes)
        if reader.header.shelfFingerprint != shelf.fingerprint, reader.playsRecordings() { throw .otherRecordings }
        var configuration = reader.header.configuration
        ports = ReplayPorts(isRecorded: configuration.isRecorded)
        if recording { configuration.isRecorded = true }
        pipeline = CallPipeline(
            configuration: configuration,
            shelf: shelf,
            source: StreamRepair(),
            detector: BandEnergyDetector(sampleRate: reader.header.sampleRate)
        )
        self.reader = reader
    }

    /// Replays one tick.
    /// - Parameter body: sees what left the pipeline in it.
    /// - Returns: false when the capture is over; a fault in it is in `report`.
    public mutating func step(_ body: (borrowing ReplayPorts) -> Void = { _ in }) -> Bool {
        let now: MediaInstant
        do throws(CaptureError) {
            let isTick = try reader.next(&ports.tick)
            now = ports.tick.now
            if !isTick {
                report.ending = reader.ending
                if reader.ending == .complete, !pipeline.hasEnded { differs = true }
                settle(now)
                return false
            }
        } catch {
            report.fault = error
            settle(ports.tick.now)
            return false
        }
        ports.begin()
        pipeline.tick(now: now, ports: &ports)
        report.ticks += 1
        report.length = MediaInstant.zero.duration(to: now)
        if !ports.isExhausted { differs = true }
        if let left = ports.tick.left {
            report.checkpoints += 1
            if left != ports.left { differs = true }
            settle(now)
        }
        body(ports)
        return true
    }

    /// Replays the whole call.
    public mutating func run(_ body: (borrowing ReplayPorts) -> Void = { _ in }) -> Report {
        // As the worker of the live call: numbers must come out the same to the last bit.
        let before = parley_flush_denormals(1)
        defer { _ = parley_flush_denormals(before) }
        while step(body) {}
        return report
    }

    /// A second is over: whether it agreed is known.
    private mutating func settle(_ now: MediaInstant) {
        if differs, report.firstDifference == nil { report.firstDifference = .init(after: agreed, by: now) }
        agreed = now
    }
}
