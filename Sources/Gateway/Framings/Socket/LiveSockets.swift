import NIOCore
import Synchronization

/// The media sockets that are up, by the provider's id of their call: the way to a provider that is controlled over them.
package final class LiveSockets: Sendable {
    /// One socket: carries an order out on its own event loop, and says whether the provider was told.
    package struct Line: Sendable {
        let owner: ObjectIdentifier
        let obey: @Sendable (SocketOrder) -> EventLoopFuture<Bool>
        let hangUp: @Sendable () -> Void

        package init(
            owner: ObjectIdentifier,
            obey: @escaping @Sendable (SocketOrder) -> EventLoopFuture<Bool>,
            hangUp: @escaping @Sendable () -> Void
        ) {
            self.owner = owner
            self.obey = obey
            self.hangUp = hangUp
        }
    }

    private let lines = Mutex<[String: Line]>([:])

    package init() {}

    package var count: Int { lines.withLock { $0.count } }

    /// A second socket of the same call takes the first one's place.
    package func add(_ callID: String, _ line: Line) { lines.withLock { $0[callID] = line } }

    /// Leaves the socket alone that has taken this one's place.
    package func remove(_ callID: String, owner: ObjectIdentifier) {
        lines.withLock { lines in if lines[callID]?.owner == owner { lines[callID] = nil } }
    }

    package func line(_ callID: String) -> Line? { lines.withLock { $0[callID] } }
}
