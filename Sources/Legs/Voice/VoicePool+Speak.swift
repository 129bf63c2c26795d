import Actors

extension VoicePool {
    /// Speaks a piece on a socket of the pool. A socket that waited idle and turns out to be dead before any audio came is
    /// replaced by a new one, once.
    ///
    /// - Parameter work: gives back the socket when it can speak another piece.
    package func speak(
        _ piece: SpeechPiece,
        _ key: Key,
        work: (Connection) async throws -> Connection?
    ) async throws {
        var isSecond = false
        while true {
            let (connection, wasIdle) = try await take(key, fresh: isSecond)
            // The reader went away meanwhile: the next piece has it.
            guard !piece.isSettled else { return giveBack(key, connection) }
            do {
                let kept = try await work(connection)
                giveBack(key, kept)
                // Used up: the next piece has another ready.
                if kept == nil { refill(key) }
                return
            } catch {
                giveBack(key, nil)
                connection.close()
                let isDead = (error as? LegError)?.code == "unavailable" && wasIdle
                guard isDead, !isSecond, !piece.hasBegun, !piece.isSettled else { throw error }
                isSecond = true
            }
        }
    }
}
