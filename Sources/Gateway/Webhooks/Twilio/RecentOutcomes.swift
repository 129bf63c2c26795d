import Actors
import Synchronization

/// How recent calls ended, by the provider's call id: the provider asks a moment after the socket has closed.
package final class RecentOutcomes: Sendable {
    private struct State {
        var outcomes: [String: (outcome: CallOutcome, tenant: String)] = [:]
        var order: [String] = []
    }
    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: calls remembered; the oldest is forgotten first.
    package init(limit: Int = 4096) { self.limit = limit }

    package func record(_ outcome: CallOutcome, of call: CallIdentity) {
        state.withLock { state in
            if state.outcomes.updateValue((outcome, call.tenant), forKey: call.providerCallID) == nil {
                state.order.append(call.providerCallID)
            }
            guard state.order.count > limit else { return }
            state.outcomes.removeValue(forKey: state.order.removeFirst())
        }
    }

    package func outcome(of providerCallID: String) -> (outcome: CallOutcome, tenant: String)? {
        state.withLock { $0.outcomes[providerCallID] }
    }
}
