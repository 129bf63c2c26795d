import Actors
import Engine

/// Counts the pieces that one synthesiser has under way, and refuses more than it may have. Any thread.
package final class VoiceDesk: Sendable {
    package let errors: VoiceErrors
    private let underWay = Locked(0)

    package init(provider: String) { errors = VoiceErrors(provider: provider) }

    /// Pieces whose work is not over; a cancelled one until it left its socket clean.
    package var pieces: Int { underWay.withLock { $0 } }

    package func enter(limit: Int) -> Bool {
        underWay.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    package func leave() { underWay.withLock { $0 -= 1 } }
}
