import Engine

/// One file of a call on its way to the disk: holds bytes while the disk does not take them, tries again, and gives up at
/// its limits. It waits only where the sink does.
final class RecordingFile {
    enum State: Equatable {
        case writing
        case finished
        case abandoned
    }

    private(set) var state = State.writing
    /// Bytes that are not written yet.
    var pending: [UInt8] = []
    private let kind: RecordingKind
    private let call: String
    private let storage: any RecordingStorage
    private let limits: RecordingLimits
    private let reporter: RecordingReporter
    private var sink: (any RecordingSink)?
    private var written = 0
    private var retryAt = Int64.min
    private var headerAt = Int64.min
    private var headerBytes = 0
    private var triesLeft: Int

    init(
        _ kind: RecordingKind,
        call: String,
        storage: any RecordingStorage,
        limits: RecordingLimits,
        reporter: RecordingReporter
    ) {
        self.kind = kind
        self.call = call
        self.storage = storage
        self.limits = limits
        self.reporter = reporter
        triesLeft = limits.lastTries
        if kind == .recording { pending = StereoWAV.header(dataBytes: 0) }
    }

    /// The pending bytes are more than half of what may wait: hand them over before adding more.
    var isCrowded: Bool { pending.count > limits.pendingBytes / 2 }

    /// Hands what is pending to the disk.
    /// - Parameters:
    ///   - isLast: the call is over, and this is all.
    ///   - now: nanoseconds of the monotonic clock.
    func flush(isLast: Bool, now: Int64) {
        guard state == .writing else { return }
        guard now >= retryAt else { return checkPending() }
        do throws(RecordingFault) {
            try write(isLast: isLast, now: now)
            reporter.succeeded()
        } catch {
            reporter.failed(error, kind: kind, call: call)
            retryAt = now + limits.retryAfter.nanoseconds
            if isLast { triesLeft -= 1 }
            guard error.isPassing, triesLeft > 0 else { return abandon() }
            checkPending()
        }
    }

    private func write(isLast: Bool, now: Int64) throws(RecordingFault) {
        if !pending.isEmpty || isLast {
            let sink = try opened()
            guard written + pending.count <= limits.fileBytes else { throw .limit }
            if !pending.isEmpty {
                try sink.append(pending)
                written += pending.count
                pending.removeAll(keepingCapacity: true)
            }
            try updateHeader(of: sink, isLast: isLast, now: now)
            guard isLast else { return }
            try sink.finish()
            self.sink = nil
            state = .finished
            reporter.meters.finished.increment()
        }
    }

    private func opened() throws(RecordingFault) -> any RecordingSink {
        if let sink { return sink }
        let sink = try storage.open(kind, call: call)
        self.sink = sink
        return sink
    }

    private func updateHeader(of sink: any RecordingSink, isLast: Bool, now: Int64) throws(RecordingFault) {
        guard kind == .recording, isLast || now >= headerAt, headerBytes != written else { return }
        try sink.rewriteStart(StereoWAV.header(dataBytes: written - StereoWAV.headerBytes))
        headerBytes = written
        headerAt = now + limits.headerPeriod.nanoseconds
    }

    private func checkPending() {
        guard pending.count > limits.pendingBytes else { return }
        reporter.failed(.limit, kind: kind, call: call)
        abandon()
    }

    private func abandon() {
        sink?.abandon()
        sink = nil
        pending = []
        state = .abandoned
        reporter.meters.abandoned.increment()
    }
}
