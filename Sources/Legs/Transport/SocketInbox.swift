import Engine
import NIOCore

/// What arrived on a socket and waits for its one reader. Written on the event loop, read by a task.
final class SocketInbox: Sendable {
    private struct State {
        var waiting: [VendorSocket.Message] = []
        /// Index of the oldest in `waiting`.
        var first = 0
        var bytes = 0
        var reader: CheckedContinuation<VendorSocket.Message?, any Error>?
        /// Set once: nothing arrives any more.
        var end: Result<Void, any Error>?
    }

    private let state = Locked(State())
    private let messages: Int
    private let bytes: Int

    init(limits: VendorLimits) {
        messages = limits.queuedMessages
        bytes = limits.queuedBytes
    }

    /// - Returns: false when nothing more should be read from the socket for now.
    func put(_ message: VendorSocket.Message) -> Bool {
        let (reader, isRoom) = state.withLock {
            state -> (CheckedContinuation<VendorSocket.Message?, any Error>?, Bool) in
            guard state.end == nil else { return (nil, true) }
            if let reader = state.reader {
                state.reader = nil
                return (reader, true)
            }
            state.waiting.append(message)
            state.bytes += message.size
            return (nil, hasRoom(state))
        }
        reader?.resume(returning: message)
        return isRoom
    }

    /// What arrived before is still read first. Only the first end counts.
    func end(_ end: Result<Void, any Error>) {
        let reader = state.withLock { state -> CheckedContinuation<VendorSocket.Message?, any Error>? in
            guard state.end == nil else { return nil }
            state.end = end
            defer { state.reader = nil }
            return state.reader
        }
        switch end {
        case .success: reader?.resume(returning: nil)
        case .failure(let error): reader?.resume(throwing: error)
        }
    }

    /// Nobody reads any more: what waits is dropped.
    func abandon() {
        end(.success(()))
        state.withLock { state in
            state.waiting = []
            state.first = 0
            state.bytes = 0
        }
    }

    /// - Parameter hasRoomAgain: called when there is room after there was none.
    func next(hasRoomAgain: () -> Void) async throws -> VendorSocket.Message? {
        let (taken, roomAgain) = state.withLock { state -> (VendorSocket.Message?, Bool) in
            let had = hasRoom(state)
            let taken = take(&state)
            return (taken, !had && hasRoom(state))
        }
        if roomAgain { hasRoomAgain() }
        if let taken { return taken }
        return try await withCheckedThrowingContinuation { reader in
            let outcome = state.withLock { state -> Result<VendorSocket.Message?, any Error>? in
                if let taken = take(&state) { return .success(taken) }
                if let end = state.end { return end.map { nil } }
                precondition(state.reader == nil, "a socket's messages have one reader")
                state.reader = reader
                return nil
            }
            if let outcome { reader.resume(with: outcome) }
        }
    }

    private func hasRoom(_ state: State) -> Bool {
        state.waiting.count - state.first < messages && state.bytes < bytes
    }

    private func take(_ state: inout State) -> VendorSocket.Message? {
        guard state.first < state.waiting.count else { return nil }
        let message = state.waiting[state.first]
        state.first += 1
        state.bytes -= message.size
        if state.first == state.waiting.count {
            state.waiting.removeAll(keepingCapacity: true)
            state.first = 0
        }
        return message
    }
}
