import Actors
import Synchronization

/// A recogniser that listens to nothing and answers after a fixed time, always the same words.
public struct TimedTranscriber: Transcriber {
    /// What every caller "said": no backchannel, no emergency, no keyword of a sample tenant.
    public static let words = "could you tell me a little more about that please"

    public let provider = TimedLegs.provider
    /// From the caller's pause to the provisional transcript. The final one follows the turn's end at once where the provisional
    /// was given, and where no pause came before the end, after this long.
    public let delay: Duration

    public init(delay: Duration = .milliseconds(150)) { self.delay = delay }

    public func open(
        _ request: TranscriptionRequest,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) async throws -> any TranscriptionSession {
        TimedSession(delay: delay, events: events)
    }
}

/// One call's recogniser: one timer per pause, nothing per frame.
final class TimedSession: TranscriptionSession {
    /// How far the transcript of the open turn is.
    private struct Progress {
        var timer: Task<Void, Never>?
        /// Tells a timer that was replaced from the one that counts.
        var round = 0
        /// The turn is over: what comes is final.
        var hasEnded = false
        /// The words were given, and the caller has said nothing since.
        var isGiven = false
    }

    private static let transcript = Transcript(text: TimedTranscriber.words, provider: TimedLegs.provider)

    private let delay: Duration
    private let events: @Sendable (TranscriptEvent) -> Void
    private let progress = Mutex(Progress())

    init(delay: Duration, events: @escaping @Sendable (TranscriptEvent) -> Void) {
        self.delay = delay
        self.events = events
    }

    func expect(_ expectation: Expectation) {}

    func begin(turn: Int) { cancel() }

    func feed(_ samples: [Int16]) {}

    func pause(turn: Int) { start(turn, hasEnded: false) }

    func resume(turn: Int) { cancel() }

    func end(turn: Int) {
        let (isGiven, isPending) = progress.withLock { progress in
            progress.hasEnded = true
            return (progress.isGiven, progress.timer != nil)
        }
        if isGiven {
            events(.final(Self.transcript, turn: turn))
        } else if !isPending {
            start(turn, hasEnded: true)
        }
    }

    func cancel() { reset(hasEnded: false) }

    func close() { cancel() }

    private func start(_ turn: Int, hasEnded: Bool) {
        let round = reset(hasEnded: hasEnded)
        guard delay > .zero else { return give(turn, round) }
        let timer = Task { [delay, self] in
            do { try await Task.sleep(for: delay) } catch { return }
            give(turn, round)
        }
        progress.withLock { progress in
            if progress.round == round, !progress.isGiven { progress.timer = timer } else { timer.cancel() }
        }
    }

    private func give(_ turn: Int, _ round: Int) {
        let isFinal: Bool? = progress.withLock { progress in
            guard progress.round == round else { return nil }
            progress.isGiven = true
            progress.timer = nil
            return progress.hasEnded
        }
        guard let isFinal else { return }
        events(isFinal ? .final(Self.transcript, turn: turn) : .provisional(Self.transcript, turn: turn))
    }

    @discardableResult private func reset(hasEnded: Bool) -> Int {
        let (old, round) = progress.withLock { progress in
            let old = progress.timer
            progress = Progress(round: progress.round + 1, hasEnded: hasEnded)
            return (old, progress.round)
        }
        old?.cancel()
        return round
    }
}
