import Engine

/// One piece's use of a Speak socket: its reader may go away at any moment and on any thread, also before the piece was sent.
final class AuraRun: Sendable {
    enum Beginning: Sendable {
        case begun
        /// The reader went away before anything was sent.
        case notWanted
        /// The socket takes nothing more.
        case closed
    }

    private struct State {
        var turn = AuraTurn()
        var hasBegun = false
        var isStopped = false
        var alarm: Task<Void, Never>?
    }

    private let state = Locked(State())
    private let socket: VendorSocket
    private let clearLimit: Duration

    init(socket: VendorSocket, clearLimit: Duration) {
        self.socket = socket
        self.clearLimit = clearLimit
    }

    /// Sends the piece and its flush. Under the lock, so that no clear goes before them.
    func begin(text: String) -> Beginning {
        state.withLock { state in
            guard !state.isStopped else { return .notWanted }
            state.hasBegun = true
            let isSent = socket.send(text: AuraCommand.speak(text).text) && socket.send(text: AuraCommand.flush.text)
            return isSent ? .begun : .closed
        }
    }

    func handle(_ input: AuraTurn.Input) -> AuraTurn.Output { state.withLock { $0.turn.handle(input) } }

    /// The piece is not wanted any more: cancelled, the socket is cleared and lives on; failed, it is closed.
    func stop(_ reason: SpeechPiece.Stop) {
        let mustAbort = state.withLock { state -> Bool in
            state.isStopped = true
            guard state.hasBegun else { return false }
            guard reason == .cancelled else { return true }
            guard state.turn.handle(.cancelled) == .sendClear else { return false }
            guard socket.send(text: AuraCommand.clear.text) else { return true }
            state.alarm = Task { [socket, clearLimit] in
                do { try await Task.sleep(for: clearLimit) } catch { return }
                socket.abort()
            }
            return false
        }
        if mustAbort { socket.abort() }
    }

    /// Nothing of the piece is waited for any more.
    func end() { state.withLock { $0.alarm }?.cancel() }
}
