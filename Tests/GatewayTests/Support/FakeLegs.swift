import Actors
import Synchronization

/// Understands whatever is said as the next line of a script, at the end of each turn; afterwards nothing.
final class FakeTranscriber: Transcriber {
    let provider = "fake"
    private let script: [String]

    init(_ script: [String]) { self.script = script }

    func open(
        _ request: TranscriptionRequest,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) async throws -> any TranscriptionSession {
        Session(script: script, events: events)
    }

    private final class Session: TranscriptionSession {
        private let lines: Mutex<ArraySlice<String>>
        private let events: @Sendable (TranscriptEvent) -> Void

        init(script: [String], events: @escaping @Sendable (TranscriptEvent) -> Void) {
            lines = Mutex(script[...])
            self.events = events
        }

        func expect(_ expectation: Expectation) {}
        func begin(turn: Int) {}
        func feed(_ samples: [Int16]) {}
        func end(turn: Int) {
            let text = lines.withLock { $0.popFirst() } ?? ""
            events(.final(Transcript(text: text, provider: "fake"), turn: turn))
        }
        func cancel() {}
        func close() {}
    }
}

/// Answers each turn as a closure says, at once.
struct FakeModel: DialogueModel {
    let provider = "fake"
    let answer: @Sendable (DialogueTurn) -> [DialogueDelta]

    init(_ answer: @escaping @Sendable (DialogueTurn) -> [DialogueDelta]) { self.answer = answer }

    func open(_ request: DialogueRequest) async throws -> any DialogueSession { Session(answer: answer) }

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

/// Speaks every word as a tone of 100 ms, as loud as a voice (-24 dBFS), as fast as it is read.
struct FakeSynthesizer: Synthesizer {
    let provider = "fake"
    static let samplesPerWord = 800

    func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        AsyncThrowingStream { stream in
            var words: [SpokenWord] = []
            for word in request.text.split(separator: " ") {
                let from = request.text.utf8.distance(from: request.text.startIndex, to: word.startIndex)
                let at = words.count * Self.samplesPerWord
                words.append(
                    SpokenWord(utf8Range: from..<from + word.utf8.count, samples: at..<at + Self.samplesPerWord)
                )
            }
            stream.yield(.words(words))
            let tone = (0..<Self.samplesPerWord).map { $0 / 8 % 2 == 0 ? Int16(2000) : -2000 }
            for _ in words { stream.yield(.audio(tone)) }
            stream.finish()
        }
    }
}
