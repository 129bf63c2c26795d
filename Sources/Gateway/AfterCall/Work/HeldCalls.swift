import Synchronization

/// What became of the calls that the agent held, for recordings that are told of later. Bounded.
package final class HeldCalls: Sendable {
    package enum Outcome: Sendable, Equatable {
        /// All of the call's words were heard live.
        case covered
        /// The caller did not agree to being recorded.
        case unwanted
    }

    private struct State {
        var outcomes: [ProviderCallKey: Outcome] = [:]
        var order = Queue<ProviderCallKey>()
    }

    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: calls remembered; the oldest is forgotten first.
    package init(limit: Int = 10_000) { self.limit = max(1, limit) }

    package subscript(call: ProviderCallKey) -> Outcome? { state.withLock { $0.outcomes[call] } }

    /// A call may be held more than once: what is unwanted stays so.
    package func note(_ outcome: Outcome, _ call: ProviderCallKey) {
        state.withLock { state in
            guard let known = state.outcomes[call] else {
                state.outcomes[call] = outcome
                state.order.append(call)
                if state.outcomes.count > limit, let oldest = state.order.popFirst() {
                    state.outcomes[oldest] = nil
                }
                return
            }
            if known != .unwanted { state.outcomes[call] = outcome }
        }
    }

    /// The call went on without the agent: its later words were not heard.
    package func uncover(_ call: ProviderCallKey) {
        state.withLock { state in
            // Its place in the order is used up when its turn comes.
            if state.outcomes[call] == .covered { state.outcomes[call] = nil }
        }
    }
}
