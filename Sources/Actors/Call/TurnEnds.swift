import Engine
import Synchronization

/// What each transcript is measured from: for a final, when its turn's end was handed to the recogniser, for a provisional, when
/// the pause was; for a partial, the newest sound the recogniser had. Transcripts may come on any thread.
final class TurnEnds: Sendable {
    private let handedAt = Locked<[Int: MediaInstant]>([:])
    /// The newest pause.
    private let pausedAt = Locked<(turn: Int, at: MediaInstant)?>(nil)
    private let newestSound = Atomic<Int64>(0)

    /// The caller's sound up to `instant` was handed over.
    func fed(at instant: MediaInstant) { newestSound.store(instant.nanoseconds, ordering: .relaxed) }

    func handed(turn: Int, at instant: MediaInstant) {
        handedAt.withLock { $0[turn] = instant }
    }

    func paused(turn: Int, at instant: MediaInstant) {
        pausedAt.withLock { $0 = (turn, instant) }
    }

    func work(for event: TranscriptEvent, now: MediaInstant) -> TurnTimeline.Work? {
        switch event {
        case .final(_, let turn):
            return handedAt.withLock { $0.removeValue(forKey: turn) }.map { TurnTimeline.Work(handed: $0, done: now) }
        case .partial:
            let sound = MediaInstant(nanoseconds: newestSound.load(ordering: .relaxed))
            return TurnTimeline.Work(handed: sound, done: now)
        case .provisional(_, let turn):
            let handed = pausedAt.withLock { $0?.turn == turn ? $0?.at : nil }
            return handed.map { TurnTimeline.Work(handed: $0, done: now) }
        case .endpoint, .replaced, .failed:
            return nil
        }
    }
}
