import Engine

/// When each turn's end was handed to the recogniser: its own time is from there to the final transcript. Finals may come
/// on any thread.
final class TurnEnds: Sendable {
    private let handedAt = Locked<[Int: MediaInstant]>([:])

    func handed(turn: Int, at instant: MediaInstant) {
        handedAt.withLock { $0[turn] = instant }
    }

    func work(for event: TranscriptEvent, now: MediaInstant) -> TurnTimeline.Work? {
        guard case .final(_, let turn) = event else { return nil }
        return handedAt.withLock { $0.removeValue(forKey: turn) }.map { TurnTimeline.Work(handed: $0, done: now) }
    }
}
