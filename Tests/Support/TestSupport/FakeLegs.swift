import Actors
import Engine

/// A recogniser that hears whatever the test says, one text per turn.
public final class FakeTranscriber: Transcriber {
    public let provider = "fake"
    private let texts: Locked<[String]>
    private let counts = Locked<[String: Int]>([:])
    private let failure: LegError?

    public init(_ texts: [String], failure: LegError? = nil) {
        self.texts = Locked(texts)
        self.failure = failure
    }

    /// How often `open`, `begin`, `end`, `cancel`, `close` and `samples` happened.
    public func count(_ what: String) -> Int { counts.withLock { $0[what] ?? 0 } }

    public func open(
        _ request: TranscriptionRequest,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) async throws -> any TranscriptionSession {
        note("open")
        if let failure { throw failure }
        return Session(owner: self, events: events)
    }

    fileprivate func note(_ what: String, _ amount: Int = 1) { counts.withLock { $0[what, default: 0] += amount } }
    fileprivate func next() -> String { texts.withLock { $0.isEmpty ? "" : $0.removeFirst() } }

    private final class Session: TranscriptionSession {
        let owner: FakeTranscriber
        let events: @Sendable (TranscriptEvent) -> Void
        init(owner: FakeTranscriber, events: @escaping @Sendable (TranscriptEvent) -> Void) {
            self.owner = owner
            self.events = events
        }
        func expect(_ expectation: Actors.Expectation) { owner.note("expect") }
        func begin(turn: Int) { owner.note("begin") }
        func feed(_ samples: [Int16]) { owner.note("samples", samples.count) }
        func end(turn: Int) {
            owner.note("end")
            events(.final(Transcript(text: owner.next(), provider: "fake"), turn: turn))
        }
        func cancel() { owner.note("cancel") }
        func close() { owner.note("close") }
    }
}

/// A model that answers from a list, word by word.
public struct FakeModel: DialogueModel {
    public let provider = "fake"
    private let answer: @Sendable (DialogueTurn) -> [DialogueDelta]

    public init(_ answer: @escaping @Sendable (DialogueTurn) -> [DialogueDelta]) { self.answer = answer }

    public func open(_ request: DialogueRequest) async throws -> any DialogueSession { Session(answer: answer) }

    private struct Session: DialogueSession {
        let answer: @Sendable (DialogueTurn) -> [DialogueDelta]
        func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error> {
            AsyncThrowingStream { stream in
                for delta in answer(turn) { stream.yield(delta) }
                stream.finish()
            }
        }
    }
}

/// A voice that hums: 100 ms of tone per word, with word times.
public struct FakeVoice: Synthesizer {
    public let provider = "fake"
    public let samplesPerWord: Int

    public init(samplesPerWord: Int = 800) { self.samplesPerWord = samplesPerWord }

    public func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        AsyncThrowingStream { stream in
            var words: [SpokenWord] = []
            var start = 0
            for (index, word) in request.text.split(separator: " ").enumerated() {
                words.append(
                    SpokenWord(
                        utf8Range: start..<start + word.utf8.count,
                        samples: index * samplesPerWord..<(index + 1) * samplesPerWord
                    )
                )
                start += word.utf8.count + 1
            }
            stream.yield(.words(words))
            // A square tone of 200 Hz, loud enough to be heard as speech by any measure.
            let audio = (0..<words.count * samplesPerWord).map { Int16($0 / 20 % 2 == 0 ? 8000 : -8000) }
            stream.yield(.audio(audio))
            stream.finish()
        }
    }
}

/// Keeps what happened in calls and lets a test wait for it.
public final class RecordingObserver: CallObserver {
    private let all = Locked<[CallHappening]>([])
    private let feed: AsyncStream<CallHappening>.Continuation
    public let stream: AsyncStream<CallHappening>

    public init() { (stream, feed) = AsyncStream.makeStream() }

    public func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        all.withLock { $0.append(happening) }
        feed.yield(happening)
    }

    public var happenings: [CallHappening] { all.withLock { $0 } }

    /// Waits until something of the kind has happened; for one waiter at a time.
    public func waitFor(_ matches: @Sendable (CallHappening) -> Bool) async {
        for await happening in stream where matches(happening) { return }
    }
}

/// A socket nobody listens to.
public final class SilentSocket: OutboundSignal {
    public let marks = EventCounter()
    public init() {}
    public func markDirty() { marks.increment() }
}
