import Actors
import Engine
import Synchronization

/// Moves a provider's calls to a person while the engine keeps their callers company.
package protocol CallMover: Sendable {
    /// The caller hears hold music: the call is to be moved now. Called on a leg worker: must return quickly.
    /// - Parameters:
    ///   - number: E.164. Personal data.
    ///   - brief: what the person is told first; nil for a blind transfer. Personal data.
    func handOver(_ call: CallIdentity, to number: String, brief: String?)
    /// The call's media is gone, whatever the reason. Told of every call of the provider's, on a leg worker.
    func mediaEnded(_ call: CallIdentity)
}

/// Tells each provider which of its calls are to be moved, and when such a call's media is gone.
///
/// Stands before whatever remembers outcomes: who finds a call's outcome then also finds what became of its transfer.
package final class HandOvers: CallObserver {
    private let movers = Mutex<[String: any CallMover]>([:])

    package init() {}

    package func register(_ mover: any CallMover, of provider: String) {
        movers.withLock { $0[provider] = mover }
    }

    package func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        switch happening {
        case .handingOver(let number, let brief): mover(of: call)?.handOver(call, to: number, brief: brief)
        case .ended: mover(of: call)?.mediaEnded(call)
        default: break
        }
    }

    private func mover(of call: CallIdentity) -> (any CallMover)? { movers.withLock { $0[call.provider] } }
}
