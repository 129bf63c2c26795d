import Engine

/// Tells a model that works ahead when the caller's turn is really over.
///
/// A speculative answer may be thought and streamed; what changes something outside the call waits here. A turn that is
/// void is cancelled instead, and so is whoever waits.
public final class DialogueCommit: Sendable {
    private enum State {
        case open([Int: CheckedContinuation<Void, Never>], next: Int)
        case committed
    }

    private let state = Locked(State.open([:], next: 0))

    public init() {}

    public var isCommitted: Bool {
        state.withLock { if case .committed = $0 { true } else { false } }
    }

    /// The turn is over: everybody who waits goes on.
    public func commit() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .open(let waiting, _) = state else { return [] }
            state = .committed
            return Array(waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// - Throws: `CancellationError` when the reply was given up.
    public func wait() async throws {
        try Task.checkCancellation()
        let ticket = state.withLock { state -> Int? in
            guard case .open(let waiting, let next) = state else { return nil }
            state = .open(waiting, next: next + 1)
            return next
        }
        guard let ticket else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state -> Bool in
                    // A cancellation that came first left its mark in the task.
                    guard !Task.isCancelled, case .open(var waiting, let next) = state else { return true }
                    waiting[ticket] = continuation
                    state = .open(waiting, next: next)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard case .open(var waiting, let next) = state else { return nil }
                let waiter = waiting.removeValue(forKey: ticket)
                state = .open(waiting, next: next)
                return waiter
            }
            waiter?.resume()
        }
        try Task.checkCancellation()
    }
}
