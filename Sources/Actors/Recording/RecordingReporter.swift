import Engine
import Logging

/// Counts what fails and says it once per outage, not once per call and second.
final class RecordingReporter: Sendable {
    let meters: RecordingMeters
    private let logger: Logger
    private let isFailing = Locked(false)

    init(meters: RecordingMeters, logger: Logger) {
        self.meters = meters
        self.logger = logger
    }

    func failed(_ fault: RecordingFault, kind: RecordingKind, call: String) {
        meters.count(fault)
        let isNew = isFailing.withLock { isFailing in
            defer { isFailing = true }
            return !isFailing
        }
        guard isNew else { return }
        logger.warning(
            "recordings cannot be written; calls go on",
            metadata: ["recording.kind": "\(kind.rawValue)", "error.code": "\(fault.label)", "call.id": "\(call)"]
        )
    }

    func succeeded() {
        let wasFailing = isFailing.withLock { isFailing in
            defer { isFailing = false }
            return isFailing
        }
        if wasFailing { logger.notice("recordings are written again") }
    }
}
