import Synchronization

/// What persons are to be told about callers who are being handed to them, by the call's id: in memory only, because a brief
/// must not travel in an address. The oldest is forgotten first.
package final class TransferBriefs: Sendable {
    private struct State {
        var briefs: [String: String] = [:]
        var order: [String] = []
    }
    private let state = Mutex(State())
    private let limit: Int

    package init(limit: Int = 1024) { self.limit = max(1, limit) }

    package subscript(call: String) -> String? { state.withLock { $0.briefs[call] } }

    package func remember(_ brief: String, for call: String) {
        state.withLock { state in
            if state.briefs.updateValue(brief, forKey: call) == nil { state.order.append(call) }
            guard state.order.count > limit else { return }
            state.briefs.removeValue(forKey: state.order.removeFirst())
        }
    }
}
