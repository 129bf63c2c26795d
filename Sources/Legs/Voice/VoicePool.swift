import Engine

/// A vendor's socket on which pieces are spoken.
package protocol VoiceConnection: AnyObject, Sendable {
    /// A piece may begin on it now.
    var isUsable: Bool { get }
    /// At once; nothing is waited for.
    func close()
}

/// Keeps a vendor's sockets ready, so that a piece does not pay for a connection and its TLS. Any thread.
package final class VoicePool<Key: Hashable & Sendable, Connection: VoiceConnection>: Sendable {
    private struct State {
        var shelf: VoiceShelf<Key, Connection>
        var keeper: Task<Void, Never>?
        var statistics = VoicePoolStatistics()
    }

    private let state: Locked<State>
    private let open: @Sendable (Key) async throws -> Connection

    /// - Parameter reuses: a socket speaks one piece after another.
    package init(
        _ configuration: VoicePoolConfiguration,
        reuses: Bool,
        open: @escaping @Sendable (Key) async throws -> Connection
    ) {
        state = Locked(State(shelf: VoiceShelf(configuration, reuses: reuses)))
        self.open = open
    }

    deinit { close() }

    package var statistics: VoicePoolStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.idle = state.shelf.idle
            statistics.opening = state.shelf.opening
            statistics.inUse = state.shelf.inUse
            return statistics
        }
    }

    /// A socket for one piece; `giveBack` must follow.
    ///
    /// - Parameter fresh: one that was never idle is wanted.
    /// - Returns: the socket, and whether it waited idle: the vendor may have closed it in this very moment.
    package func take(_ key: Key, fresh: Bool = false) async throws -> (connection: Connection, wasIdle: Bool) {
        let (found, work) = state.withLock { state in
            state.shelf.take(key, now: .now) { !fresh && $0.isUsable }
        }
        carryOut(work)
        if let found {
            state.withLock { $0.statistics.reused += 1 }
            refill(key)
            return (found, true)
        }
        do {
            let connection = try await connect(key)
            // Only now: what is kept ready for later does not compete with what is wanted now.
            refill(key)
            return (connection, false)
        } catch {
            giveBack(key, nil)
            throw error
        }
    }

    /// - Parameter connection: nil when it cannot speak another piece.
    package func giveBack(_ key: Key, _ connection: Connection?) {
        carryOut(state.withLock { $0.shelf.giveBack(key, connection, now: .now) })
        if connection != nil { keep() }
    }

    /// Opens what the voice's next piece needs, and waits for it. Never fails.
    package func warm(_ key: Key) async {
        let work = state.withLock { $0.shelf.refill(key, now: .now) }
        for key in work.open { await openAhead(key) }
    }

    /// Closes what waits, and keeps nothing from now on. Sockets in use end with their pieces.
    package func close() {
        let (work, keeper) = state.withLock { state in
            defer { state.keeper = nil }
            return (state.shelf.close(), state.keeper)
        }
        keeper?.cancel()
        carryOut(work)
    }

    private func connect(_ key: Key) async throws -> Connection {
        state.withLock { $0.statistics.opened += 1 }
        return try await open(key)
    }

    /// Opens ahead what the voice's next pieces need.
    func refill(_ key: Key) { carryOut(state.withLock { $0.shelf.refill(key, now: .now) }) }

    private func carryOut(_ work: VoiceShelf<Key, Connection>.Work) {
        for connection in work.close { connection.close() }
        for key in work.open { Task { await openAhead(key) } }
    }

    private func openAhead(_ key: Key) async {
        do {
            let connection = try await connect(key)
            carryOut(state.withLock { $0.shelf.opened(key, connection, now: .now) })
            keep()
        } catch {
            // The piece that needs a socket opens its own, and tells what is wrong.
            state.withLock { $0.shelf.openingFailed(key) }
        }
    }

    /// One task replaces aging sockets, while there are any.
    private func keep() {
        state.withLock { state in
            guard state.keeper == nil, state.shelf.idle > 0 else { return }
            state.keeper = Task { [weak self] in
                while let next = self?.tick() {
                    do { try await Task.sleep(until: next) } catch { return }
                }
            }
        }
    }

    private func tick() -> ContinuousClock.Instant? {
        let (work, next) = state.withLock { state in
            let (work, next) = state.shelf.tick(now: .now)
            if next == nil { state.keeper = nil }
            return (work, next)
        }
        carryOut(work)
        return next
    }
}

/// What a pool of sockets holds and did.
public struct VoicePoolStatistics: Sendable, Equatable {
    /// Sockets opened, or tried to.
    public var opened = 0
    /// Pieces that found a socket ready.
    public var reused = 0
    public var idle = 0
    public var opening = 0
    public var inUse = 0

    public init() {}
}
