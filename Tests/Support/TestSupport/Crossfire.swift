import Foundation
import Synchronization

/// Readers of a stream that are cancelled at the very moment they are told something.
///
/// Cancelling a task runs its handlers under the task's own lock, and telling it something waits for that lock. Whoever tells it
/// under a lock that a handler takes as well stands still for ever, and so does everybody who comes after.
public enum Crossfire {
    /// - Parameters:
    ///   - tell: called again and again on one thread.
    ///   - reader: started on another, and cancelled some microseconds later.
    /// - Throws: `Patience.Exhausted` when both stand still. Its time is long: among many other tests a task may wait a minute for its turn.
    public static func run(
        rounds: Int = 2000,
        tell: @escaping @Sendable () -> Void,
        reader: @escaping @Sendable () -> Task<Void, Never>
    ) async throws {
        try await Patience.wait(for: "readers cancelled while they are told something", atMost: .seconds(240)) {
            await withCheckedContinuation { done in
                let isOver = Flag()
                Thread.detachNewThread { while !isOver.value.load(ordering: .relaxed) { tell() } }
                Thread.detachNewThread {
                    for round in 0..<rounds {
                        let task = reader()
                        usleep(UInt32(round % 60))
                        task.cancel()
                    }
                    isOver.value.store(true, ordering: .relaxed)
                    done.resume()
                }
            }
        }
    }

    private final class Flag: Sendable {
        let value = Atomic(false)
    }
}
