import Actors
import Synchronization

/// How recent calls ended, by the provider's call id: the provider asks a moment after the socket has closed.
package final class RecentOutcomes: Sendable {
    private struct State {
        var outcomes: [String: (outcome: CallOutcome, tenant: String)] = [:]
        var order: [String] = []
        /// Calls that are up: their outcome is still to come.
        var live: Set<String> = []
    }
    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: calls remembered; the oldest is forgotten first.
    package init(limit: Int = 4096) { self.limit = limit }

    package func started(_ call: CallIdentity) {
        _ = state.withLock { $0.live.insert(call.providerCallID) }
    }

    package func record(_ outcome: CallOutcome, of call: CallIdentity) {
        state.withLock { state in
            state.live.remove(call.providerCallID)
            if state.outcomes.updateValue((outcome, call.tenant), forKey: call.providerCallID) == nil {
                state.order.append(call.providerCallID)
            }
            guard state.order.count > limit else { return }
            state.outcomes.removeValue(forKey: state.order.removeFirst())
        }
    }

    /// The outcome of a call, awaited while the call is still being closed: the provider may ask within milliseconds of the
    /// socket's close frame, before the conversation has drawn its last line.
    package func settled(_ providerCallID: String, patience: Duration = .seconds(2)) async
        -> (outcome: CallOutcome, tenant: String)?
    {
        let step = Duration.milliseconds(10)
        var waited = Duration.zero
        while waited < patience, state.withLock({ $0.live.contains(providerCallID) }) {
            do { try await Task.sleep(for: step) } catch { break }
            waited += step
        }
        return outcome(of: providerCallID)
    }

    package func outcome(of providerCallID: String) -> (outcome: CallOutcome, tenant: String)? {
        state.withLock { $0.outcomes[providerCallID] }
    }
}
