import Actors
import Engine

/// Files in memory whose disk can fail. Used by the recorder's thread and the test at once.
final class FakeDisk: RecordingStorage {
    struct Contents: Equatable {
        var bytes: [UInt8] = []
        var isFinished = false
        var isAbandoned = false
    }

    private struct State {
        var files: [String: Contents] = [:]
        var fault: RecordingFault?
        /// Attempts that fail before the disk works again; nil fails for ever.
        var failuresLeft: Int?
        var attempts = 0
    }

    private let state = Locked(State())

    var files: [String: Contents] { state.withLock { $0.files } }
    var attempts: Int { state.withLock { $0.attempts } }

    func fail(_ fault: RecordingFault?, times: Int? = nil) {
        state.withLock {
            $0.fault = fault
            $0.failuresLeft = times
        }
    }

    func open(_ kind: RecordingKind, call: String) throws(RecordingFault) -> any RecordingSink {
        try attempt()
        let name = "\(kind.rawValue)/\(call)"
        state.withLock { $0.files[name] = Contents() }
        return Sink(disk: self, name: name)
    }

    private func attempt() throws(RecordingFault) {
        let fault: RecordingFault? = state.withLock { state in
            state.attempts += 1
            guard let fault = state.fault else { return nil }
            if let left = state.failuresLeft {
                state.failuresLeft = left - 1
                if left <= 1 { state.fault = nil }
            }
            return fault
        }
        if let fault { throw fault }
    }

    private final class Sink: RecordingSink {
        let disk: FakeDisk
        let name: String

        init(disk: FakeDisk, name: String) {
            self.disk = disk
            self.name = name
        }

        func append(_ bytes: [UInt8]) throws(RecordingFault) {
            try disk.attempt()
            disk.state.withLock { $0.files[name]?.bytes += bytes }
        }
        func rewriteStart(_ bytes: [UInt8]) throws(RecordingFault) {
            try disk.attempt()
            disk.state.withLock { $0.files[name]?.bytes.replaceSubrange(0..<bytes.count, with: bytes) }
        }
        func finish() throws(RecordingFault) {
            try disk.attempt()
            disk.state.withLock { $0.files[name]?.isFinished = true }
        }
        func abandon() { disk.state.withLock { $0.files[name]?.isAbandoned = true } }
    }
}

extension TapFrame {
    /// A frame whose bytes say which it is: the caller's the index, the agent's its complement.
    init(numbered index: Int64) {
        self.init(index: index)
        let byte = UInt8(truncatingIfNeeded: index)
        caller = FrameBytes(repeating: byte)
        agent = FrameBytes(repeating: ~byte)
    }
}
