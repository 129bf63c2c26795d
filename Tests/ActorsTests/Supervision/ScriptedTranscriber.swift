import Actors
import Engine

/// A recogniser that hears what it was fed: its transcript of a turn is the turn's samples, as text.
final class ScriptedTranscriber: Transcriber {
    enum Fault: Sendable, Equatable {
        case none
        case openFails
        case openHangs
        /// Fails while it opens, before it is open.
        case failsOpening
        /// Before any turn.
        case failsAtOnce
        /// When a turn begins; after so many samples of it; when the caller pauses; when it ends.
        case failsAtBegin
        case failsAfter(samples: Int)
        case failsAtPause
        case failsAtEnd
        /// Never gives a transcript.
        case isSilent
    }

    let provider: String
    let time: VirtualTime
    let ledger: Ledger
    private let faults: Locked<[Fault]>

    /// - Parameter faults: of one session after another; the last goes on.
    init(_ provider: String, _ time: VirtualTime, _ ledger: Ledger, _ faults: [Fault]) {
        self.provider = provider
        self.time = time
        self.ledger = ledger
        self.faults = Locked(faults)
    }

    func open(
        _ request: TranscriptionRequest,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) async throws -> any TranscriptionSession {
        let fault = faults.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        ledger.note("\(provider) open")
        try await time.sleep(.milliseconds(50))
        if fault == .openFails { throw LegError.fault(.stt, provider) }
        if fault == .openHangs { try await time.sleep(.seconds(86_400)) }
        let session = Session(self, fault, events)
        if fault == .failsOpening || fault == .failsAtOnce {
            let error = LegError.fault(.stt, provider)
            if fault == .failsOpening {
                events(.failed(error))
            } else {
                _ = time.task {
                    try? await self.time.sleep(.milliseconds(20))
                    events(.failed(error))
                }
            }
        }
        ledger.begin()
        return session
    }

    final class Session: TranscriptionSession {
        private struct State {
            var turn: Int?
            var samples: [Int16] = []
            var isClosed = false
            var isBusy = false
        }
        private let owner: ScriptedTranscriber
        private let fault: Fault
        private let events: @Sendable (TranscriptEvent) -> Void
        private let state = Locked(State())

        init(
            _ owner: ScriptedTranscriber,
            _ fault: Fault,
            _ events: @escaping @Sendable (TranscriptEvent) -> Void
        ) {
            self.owner = owner
            self.fault = fault
            self.events = events
        }

        private func fail() { events(.failed(.fault(.stt, owner.provider))) }

        func expect(_ expectation: Actors.Expectation) { owner.ledger.note("\(owner.provider) expect \(expectation)") }
        func begin(turn: Int) {
            owner.ledger.note("\(owner.provider) begin \(turn)")
            state.withLock { state in
                state.turn = turn
                state.samples = []
            }
            if fault == .failsAtBegin { fail() }
        }
        func feed(_ samples: [Int16]) {
            let count = state.withLock { state in
                state.samples += samples
                return state.samples.count
            }
            if case .failsAfter(let limit) = fault, count >= limit { fail() }
            events(.partial("\(count)", turn: state.withLock { $0.turn } ?? -1))
        }
        func pause(turn: Int) {
            owner.ledger.note("\(owner.provider) pause \(turn)")
            if fault == .failsAtPause { fail() }
        }
        func end(turn: Int) {
            owner.ledger.note("\(owner.provider) end \(turn)")
            if fault == .failsAtEnd { fail() }
            if fault == .isSilent { return }
            let samples = state.withLock { $0.samples }
            let (owner, events, time) = (owner, events, owner.time)
            _ = time.task {
                // A late answer comes also after the session is given up.
                try? await time.sleep(.milliseconds(100))
                let text = samples.map { "\($0)" }.joined(separator: " ")
                events(.final(Transcript(text: text, provider: owner.provider), turn: turn))
            }
        }
        func cancel() { owner.ledger.note("\(owner.provider) cancel") }
        func close() {
            owner.ledger.note("\(owner.provider) close")
            owner.ledger.end()
        }
    }
}
