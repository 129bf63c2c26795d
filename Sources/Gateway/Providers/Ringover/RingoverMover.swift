import Actors
import NIOCore

/// Has Ringover move a call over its media socket: the caller hears hold music until Ringover closes it.
///
/// The vendor's message holds a number and nothing else, and is not answered: whether somebody took the call is not told.
struct RingoverMover: CallMover {
    let sockets: LiveSockets
    /// Closes a call's media, by the engine's id of it; the caller is then handed on as the socket leaves.
    let closeMedia: @Sendable (String) -> Void

    func handOver(_ call: CallIdentity, to number: String, brief: String?) {
        guard let line = sockets.line(call.providerCallID) else { return closeMedia(call.id) }
        line.obey(.move(number)).whenComplete { result in
            // Not written: its last word tells where the caller goes.
            if case .success(true) = result { return }
            closeMedia(call.id)
        }
    }

    func mediaEnded(_ call: CallIdentity) {}
}
