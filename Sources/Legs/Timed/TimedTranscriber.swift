import Actors
import Synchronization

/// A recogniser that listens to nothing and answers after a fixed time, always the same words.
public struct TimedTranscriber: Transcriber {
    /// What every caller "said": no backchannel, no emergency, no keyword of a sample tenant.
    public static let words = "could you tell me a little more about that please"

    public let provider = TimedLegs.provider
    /// From the turn's known end to the transcript.
    public let delay: Duration

    public init(delay: Duration = .milliseconds(150)) { self.delay = delay }

    public func open(
        _ request: TranscriptionRequest,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) async throws -> any TranscriptionSession {
        TimedSession(delay: delay, events: events)
    }
}

/// One call's recogniser: one timer per turn, nothing per frame.
final class TimedSession: TranscriptionSession {
    private let delay: Duration
    private let events: @Sendable (TranscriptEvent) -> Void
    private let waiting = Mutex<Task<Void, Never>?>(nil)

    init(delay: Duration, events: @escaping @Sendable (TranscriptEvent) -> Void) {
        self.delay = delay
        self.events = events
    }

    func expect(_ expectation: Expectation) {}

    func begin(turn: Int) { cancel() }

    func feed(_ samples: [Int16]) {}

    func end(turn: Int) {
        let transcript = Transcript(text: TimedTranscriber.words, provider: TimedLegs.provider)
        guard delay > .zero else { return events(.final(transcript, turn: turn)) }
        let timer = Task { [delay, events] in
            do { try await Task.sleep(for: delay) } catch { return }
            if !Task.isCancelled { events(.final(transcript, turn: turn)) }
        }
        replace(timer)
    }

    func cancel() { replace(nil) }

    func close() { cancel() }

    private func replace(_ timer: Task<Void, Never>?) {
        let old = waiting.withLock { waiting in
            defer { waiting = timer }
            return waiting
        }
        old?.cancel()
    }
}
