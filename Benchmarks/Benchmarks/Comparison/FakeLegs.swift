import Actors
import Engine

/// A recogniser that keeps nothing and always hears the same words.
struct FakeTranscriber: Transcriber {
    let provider = "fake"

    final class Session: TranscriptionSession {
        private let events: @Sendable (TranscriptEvent) -> Void
        init(events: @escaping @Sendable (TranscriptEvent) -> Void) { self.events = events }
        func expect(_ expectation: Expectation) {}
        func begin(turn: Int) {}
        func feed(_ samples: [Int16]) {}
        func end(turn: Int) {
            events(.final(Transcript(text: "what are your opening hours", provider: "fake"), turn: turn))
        }
        func cancel() {}
        func close() {}
    }

    func open(
        _ request: TranscriptionRequest,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) async throws -> any TranscriptionSession { Session(events: events) }
}

struct FakeModel: DialogueModel {
    let provider = "fake"

    struct Session: DialogueSession {
        func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error> {
            AsyncThrowingStream { stream in
                stream.yield(.text("We are open from nine to five, on all days but Sunday."))
                stream.finish()
            }
        }
    }

    func open(_ request: DialogueRequest) async throws -> any DialogueSession { Session() }
}

/// Four seconds of a hum for every piece, handed over in parts of 100 ms.
struct FakeSynthesizer: Synthesizer {
    let provider = "fake"

    func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        AsyncThrowingStream { stream in
            for part in 0..<40 { stream.yield(.audio((0..<800).map { Int16(($0 + part) % 73 * 50 - 1800) })) }
            stream.finish()
        }
    }
}

struct NoObserver: CallObserver {
    func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {}
}

final class NoSignal: OutboundSignal {
    func markDirty() {}
}
