import Actors
import Engine
import NIOCore

/// One call's live connection: carries `DeepgramTurns` between the call's leg, the socket and the clock.
final class DeepgramSession: TranscriptionSession {
    private typealias Instant = ContinuousClock.Instant

    private struct State {
        var turns: DeepgramTurns
        var alarm: (at: Instant, timer: Scheduled<Void>)?
        /// Found and not told yet; one thread at a time tells.
        var events: [TranscriptEvent] = []
        var isTelling = false
        var isClosed = false
        var reader: Task<Void, Never>?
    }

    private let state: Locked<State>
    private let socket: VendorSocket
    private let configuration: DeepgramLiveConfiguration
    private let failure = VendorFailure(leg: .stt, provider: DeepgramTranscriber.name)
    private let eventLoop: any EventLoop
    private let events: @Sendable (TranscriptEvent) -> Void

    init(
        socket: VendorSocket,
        configuration: DeepgramLiveConfiguration,
        sampleRate: Int,
        eventLoop: any EventLoop,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) {
        self.socket = socket
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.events = events
        let turns = DeepgramTurns(
            configuration,
            sampleRate: sampleRate,
            provider: DeepgramTranscriber.name,
            now: .now
        )
        state = Locked(State(turns: turns))
    }

    deinit {
        let (reader, alarm) = state.withLock { ($0.isClosed ? nil : $0.reader, $0.alarm) }
        reader?.cancel()
        alarm?.timer.cancel()
    }

    func start() {
        act { $0.open(now: $1) }
        let reader = Task { [weak self, socket] in
            do {
                for try await message in socket.messages { self?.receive(message) }
                self?.fail(nil)
            } catch {
                self?.fail(error as? LegError)
            }
        }
        state.withLock { $0.reader = reader }
    }

    // MARK: - TranscriptionSession

    func expect(_ expectation: Expectation) {}

    func begin(turn: Int) { act { $0.begin(turn, now: $1) } }

    func feed(_ samples: [Int16]) { act { $0.feed(samples, now: $1) } }

    func pause(turn: Int) { act { $0.pause(turn, now: $1) } }

    func resume(turn: Int) {
        act { turns, _ in
            turns.resume(turn)
            return []
        }
    }

    func end(turn: Int) { act { $0.end(turn, now: $1) } }

    func cancel() { act { $0.cancel(now: $1) } }

    func close() {
        guard finish(with: nil) else { return }
        socket.send(text: DeepgramLiveMessage.closeStream)
        // Deepgram closes when it has said everything; nobody waits for it longer than this.
        eventLoop.scheduleTask(in: TimeAmount(configuration.closeLimit)) { [socket] in socket.abort() }
    }

    // MARK: - Deepgram's side

    private func receive(_ message: VendorSocket.Message) {
        switch message {
        case .text(let text):
            guard let message = try? DeepgramLiveMessage(text) else {
                return fail(failure.protocol("a message is not one of the interface"))
            }
            receive(message)
        case .binary: break
        case .closed(let code, let reason): fail(Self.closed(code, reason, failure))
        }
    }

    private func receive(_ message: DeepgramLiveMessage) {
        switch message {
        case .results(let results): act { turns, _ in turns.receive(results) }
        case .utteranceEnd(let end): act { turns, _ in turns.receiveUtteranceEnd(lastWordEnd: end) }
        case .error(let variant):
            let word = VendorErrorWord.checked(variant).map { " (\($0))" } ?? ""
            fail(failure.protocol("the vendor reported an error\(word)"))
        case .other: break
        }
    }

    /// What a close means, by its code and the vendor's word in its reason.
    static func closed(_ code: UInt16?, _ reason: String, _ failure: VendorFailure) -> LegError {
        let reason = reason.uppercased()
        let words = ["NET-0001", "NET-0000", "DATA-0000"]
        // NET-0001 comes in prose: "See https://dpgr.am/net0001".
        let word = words.first { reason.contains($0) || reason.contains($0.filter { $0 != "-" }) }
        let shown = code.map { "the vendor closed with code \($0)" } ?? "the vendor closed without a code"
        let cause = shown + (word.map { " (\($0))" } ?? "")
        return switch code {
        case 1002, 1003, 1007, 1008, 1009: failure.protocol(cause)
        default: failure.unavailable(cause)
        }
    }

    /// The connection is over; only the first reason is told, and none after `close`.
    private func fail(_ error: LegError?) {
        guard finish(with: error ?? failure.unavailable("the connection broke")) else { return }
        socket.abort()
        tell()
    }

    /// - Returns: false when the session was over before.
    private func finish(with error: LegError?) -> Bool {
        let (wasClosed, alarm) = state.withLock { state in
            defer {
                if !state.isClosed { state.events = error.map { state.events + [.failed($0)] } ?? [] }
                state.isClosed = true
                state.alarm = nil
            }
            return (state.isClosed, state.alarm)
        }
        alarm?.timer.cancel()
        return !wasClosed
    }

    // MARK: - Carrying out

    /// One step of the turns; what it asks for goes out in order, whoever asked.
    private func act(_ step: (inout DeepgramTurns, Instant) -> [DeepgramTurns.Output]) {
        let (isSent, isLost) = state.withLock { state -> (Bool, Bool) in
            guard !state.isClosed else { return (true, false) }
            var isSent = true, isLost = false
            for output in step(&state.turns, .now) {
                switch output {
                case .audio(let samples):
                    isSent = socket.send(binary: DeepgramAudio.bytes(samples, as: configuration.encoding)) && isSent
                case .finalize: isSent = socket.send(text: DeepgramLiveMessage.finalize) && isSent
                case .keepAlive: isSent = socket.send(text: DeepgramLiveMessage.keepAlive) && isSent
                case .unanswered: isLost = true
                case .event(let event): state.events.append(event)
                }
            }
            rearm(&state)
            return (isSent, isLost)
        }
        tell()
        if isLost { fail(failure.timeout("nothing was said about a whole turn's audio")) }
        // A closed socket tells its reason to the reader; a full one has nobody else to tell.
        if !isSent, socket.isOpen { fail(failure.unavailable("the vendor does not take the audio")) }
    }

    /// In the order in which things were found, one thread at a time and without a lock.
    private func tell() {
        let isMine = state.withLock { state in
            guard !state.isTelling, !state.events.isEmpty else { return false }
            state.isTelling = true
            return true
        }
        guard isMine else { return }
        while let event = nextEvent() { events(event) }
    }

    private func nextEvent() -> TranscriptEvent? {
        state.withLock { state in
            guard state.events.isEmpty else { return state.events.removeFirst() }
            state.isTelling = false
            return nil
        }
    }

    /// One timer, moved only when something is due earlier.
    private func rearm(_ state: inout State) {
        let due = state.turns.deadline
        if let alarm = state.alarm, alarm.at <= due { return }
        state.alarm?.timer.cancel()
        let timer = eventLoop.scheduleTask(in: TimeAmount(max(.zero, due - .now))) { [weak self] in _ = self?.ring() }
        state.alarm = (due, timer)
    }

    private func ring() {
        state.withLock { $0.alarm = nil }
        act { turns, now in turns.tick(now: now) }
    }
}
