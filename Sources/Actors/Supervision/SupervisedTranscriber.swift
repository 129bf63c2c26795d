import Engine

/// Several recognisers as one: the first that opens hears the caller, and when it fails the next one hears again what was not
/// written down yet.
public struct SupervisedTranscriber: Transcriber {
    private let transcribers: [any Transcriber]
    private let health: ProviderHealth
    private let settings: SupervisionSettings.STT
    private let time: any SupervisionTime
    private let random: UnitRandom

    /// - Parameter transcribers: in the order they are asked; at least one. The last is the last resort.
    public init(
        _ transcribers: [any Transcriber],
        health: ProviderHealth,
        settings: SupervisionSettings.STT = SupervisionSettings.STT(),
        time: any SupervisionTime = MonotonicSupervisionTime(),
        random: @escaping UnitRandom = { .random(in: 0..<1) }
    ) {
        precondition(!transcribers.isEmpty, "a supervised leg has at least one provider")
        self.transcribers = transcribers
        self.health = health
        self.settings = settings
        self.time = time
        self.random = random
        for transcriber in transcribers { health.register(.stt, transcriber.provider, now: time.now) }
    }

    /// The first in the order.
    public var provider: String { transcribers[0].provider }

    /// The first two that do not rest: the second is who hears the caller after a failure.
    public func warm(_ profile: TenantProfile) async {
        for index in health.firstUsable(2, .stt, transcribers.map { Failover.Candidate($0.provider) }, now: time.now) {
            await transcribers[index].warm(profile)
        }
    }

    /// Returns at once: sound waits for the recogniser, and `.failed` tells when there is none.
    public func open(
        _ request: TranscriptionRequest,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) async throws -> any TranscriptionSession {
        let providers = transcribers.map(\.provider)
        let machine = HearingMachine(settings: settings, sampleRate: request.sampleRate) { [health, settings, random] in
            Failover(.stt, providers, health: health, retry: settings.retry, random: random)
        }
        let session = SupervisedTranscription(transcribers, request, machine, time: time, events: events)
        session.handle(.start)
        return session
    }
}

/// Carries out what a `HearingMachine` wants.
///
/// What it wants is done by one thread at a time, in order: whoever comes while another is at it leaves the work to it. So a
/// recogniser is never called by two at once, no matter on which threads sound, events and time come, and the media
/// worker does not wait while a failed recogniser's sound is heard again.
final class SupervisedTranscription: TranscriptionSession {
    private struct State {
        var machine: HearingMachine
        var outputs: [HearingMachine.Output] = []
        var isAtWork = false
        var isClosed = false
        var sessions: [Int: any TranscriptionSession] = [:]
        var alarm: Alarm?
    }

    private let transcribers: [any Transcriber]
    private let request: TranscriptionRequest
    private let time: any SupervisionTime
    private let events: @Sendable (TranscriptEvent) -> Void
    private let openings = RunningTasks()
    private let state: Locked<State>

    init(
        _ transcribers: [any Transcriber],
        _ request: TranscriptionRequest,
        _ machine: HearingMachine,
        time: any SupervisionTime,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) {
        self.transcribers = transcribers
        self.request = request
        self.time = time
        self.events = events
        state = Locked(State(machine: machine))
        let alarm = Alarm(time) { [weak self] in self?.handle(.timeout) }
        state.withLock { $0.alarm = alarm }
    }

    func expect(_ expectation: Expectation) { handle(.expect(expectation)) }
    func begin(turn: Int) { handle(.begin(turn: turn)) }
    func feed(_ samples: [Int16]) { handle(.feed(samples)) }
    func pause(turn: Int) { handle(.pause(turn: turn)) }
    func resume(turn: Int) { handle(.resume(turn: turn)) }
    func end(turn: Int) { handle(.end(turn: turn)) }
    func cancel() { handle(.cancel) }

    func close() {
        state.withLock { $0.isClosed = true }
        handle(.close)
        openings.close()
    }

    func handle(_ input: HearingMachine.Input) {
        let now = time.now
        let isMine = state.withLock { state in
            state.outputs += state.machine.handle(input, now: now)
            state.alarm?.set(state.machine.deadline)
            if state.machine.deadline == nil { state.alarm?.cancel() }
            defer { state.isAtWork = true }
            return !state.isAtWork
        }
        guard isMine else { return }
        while true {
            let outputs = state.withLock { state in
                defer { state.outputs = [] }
                state.isAtWork = !state.outputs.isEmpty
                return state.outputs
            }
            if outputs.isEmpty { return }
            for output in outputs { perform(output) }
        }
    }

    private func perform(_ output: HearingMachine.Output) {
        switch output {
        case .open(let attempt, let provider):
            openings.add(attempt, opening(attempt, of: transcribers[provider]))
        case .tell(let attempt, let order):
            guard let session = state.withLock({ $0.sessions[attempt] }) else { return }
            switch order {
            case .expect(let expectation): session.expect(expectation)
            case .begin(let turn): session.begin(turn: turn)
            case .feed(let samples): session.feed(samples)
            case .pause(let turn): session.pause(turn: turn)
            case .resume(let turn): session.resume(turn: turn)
            case .end(let turn): session.end(turn: turn)
            case .cancel: session.cancel()
            }
        case .close(let attempt):
            openings.cancel(attempt)
            state.withLock { $0.sessions.removeValue(forKey: attempt) }?.close()
        case .emit(let event):
            if !state.withLock({ $0.isClosed }) { events(event) }
        }
    }

    private func opening(_ attempt: Int, of transcriber: any Transcriber) -> Task<Void, Never> {
        time.task { [weak self, request] in
            do {
                let session = try await transcriber.open(request) { [weak self] event in
                    self?.handle(.event(attempt, event))
                }
                guard let self else { return session.close() }
                state.withLock { $0.sessions[attempt] = session }
                handle(.opened(attempt))
            } catch {
                self?.handle(.openFailed(attempt, LegError(.stt, transcriber.provider, error)))
            }
        }
    }
}
