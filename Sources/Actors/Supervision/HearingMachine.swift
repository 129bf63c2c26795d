import Engine

/// Supervises one call's recogniser: who hears the caller, and what the next one is told when it fails. A value that is told
/// the time.
struct HearingMachine: Sendable {
    enum Input: Sendable {
        case start
        case expect(Expectation)
        case begin(turn: Int)
        case feed([Int16])
        case pause(turn: Int)
        case resume(turn: Int)
        case end(turn: Int)
        case cancel
        case close
        /// The attempt's session is open.
        case opened(Int)
        case openFailed(Int, LegError)
        case event(Int, TranscriptEvent)
        case timeout
    }

    /// What a session is told.
    enum Order: Sendable, Equatable {
        case expect(Expectation)
        case begin(turn: Int)
        case feed([Int16])
        case pause(turn: Int)
        case resume(turn: Int)
        case end(turn: Int)
        case cancel
    }

    enum Output: Sendable, Equatable {
        case open(attempt: Int, provider: Int)
        case tell(attempt: Int, Order)
        /// The attempt is given up; its session may not be there yet.
        case close(attempt: Int)
        case emit(TranscriptEvent)
    }

    private struct Attempt: Sendable {
        var number: Int
        var provider: Int
        var permit: ProviderHealth.Permit
        var since: MediaInstant
        var hasProvenItself = false
    }

    private enum Phase {
        /// Nobody hears the caller, and nobody is asked before the next turn.
        case dormant
        case waiting(until: MediaInstant)
        case opening(Attempt, due: MediaInstant)
        case live(Attempt)
        case over
    }

    private let settings: SupervisionSettings.STT
    private let sampleRate: Int
    private let makeFailover: @Sendable () -> Failover
    private var failover: Failover
    private var phase = Phase.dormant
    private var turns: UnconfirmedTurns
    private var expectation: Expectation?
    private var attemptsMade = 0
    /// Of a recogniser that was given up with nobody to follow.
    private var unreported: LegError?

    init(settings: SupervisionSettings.STT, sampleRate: Int, failover: @escaping @Sendable () -> Failover) {
        self.settings = settings
        self.sampleRate = sampleRate
        makeFailover = failover
        self.failover = failover()
        let kept = Int(settings.keptAudio.nanoseconds / 1_000_000) * sampleRate / 1000
        turns = UnconfirmedTurns(maximumSamples: kept, maximumTurns: settings.keptTurns)
    }

    /// When `.timeout` is to be given.
    var deadline: MediaInstant? {
        switch phase {
        case .dormant, .over: nil
        case .waiting(let until): until
        case .opening(_, let due): due
        case .live: turns.due
        }
    }

    mutating func handle(_ input: Input, now: MediaInstant) -> [Output] {
        if case .over = phase {
            // What opened too late goes at once.
            if case .opened(let number) = input { return [.close(attempt: number)] }
            return []
        }
        switch input {
        case .start:
            return askNext(after: nil, now: now)
        case .expect(let expectation):
            self.expectation = expectation
            return tell(.expect(expectation))
        case .begin(let turn):
            turns.begin(turn, expecting: expectation)
            if case .dormant = phase {
                failover = makeFailover()
                return askNext(after: unreported, now: now)
            }
            return tell(.begin(turn: turn))
        case .feed(let samples):
            return turns.feed(samples) ? tell(.feed(samples)) : []
        case .pause(let turn):
            turns.pause(turn)
            return tell(.pause(turn: turn))
        case .resume(let turn):
            turns.resume(turn)
            return tell(.resume(turn: turn))
        case .end(let turn):
            turns.end(turn, due: isLive ? now.advanced(by: settings.final) : nil)
            return tell(.end(turn: turn))
        case .cancel:
            turns.dropLast()
            return tell(.cancel)
        case .close:
            return close(now: now)
        case .opened(let number):
            return opened(number, now: now)
        case .openFailed(let number, let error):
            guard case .opening(let attempt, _) = phase, attempt.number == number else { return [] }
            return failed(attempt, error, now: now)
        case .event(let number, let event):
            return heard(event, from: number, now: now)
        case .timeout:
            return elapsed(now: now)
        }
    }

    private var isLive: Bool { if case .live = phase { true } else { false } }

    private func tell(_ order: Order) -> [Output] {
        guard case .live(let attempt) = phase else { return [] }
        return [.tell(attempt: attempt.number, order)]
    }

    // MARK: Opening

    private mutating func askNext(after error: LegError?, now: MediaInstant) -> [Output] {
        unreported = nil
        func replaced(by provider: Int) -> [Output] {
            let to = failover.providers[provider]
            return error.map { [.emit(.replaced(LegReplacement(error: $0, to: to)))] } ?? []
        }
        switch failover.next(now: now) {
        case .ask(let provider, let permit):
            let attempt = Attempt(number: attemptsMade, provider: provider, permit: permit, since: now)
            attemptsMade += 1
            phase = .opening(attempt, due: now.advanced(by: settings.open))
            return replaced(by: provider) + [.open(attempt: attempt.number, provider: provider)]
        case .wait(let until, let provider):
            phase = .waiting(until: until)
            return replaced(by: provider)
        case .giveUp where turns.isEmpty:
            // No caller waits: the next turn tries again.
            phase = .dormant
            unreported = error
            return []
        case .giveUp:
            phase = .over
            turns.removeAll()
            return [.emit(.failed(failover.verdict(now: now)))]
        }
    }

    private mutating func opened(_ number: Int, now: MediaInstant) -> [Output] {
        guard case .opening(var attempt, _) = phase, attempt.number == number else { return [.close(attempt: number)] }
        failover.health.report(attempt.permit, .answered, now: now)
        attempt.since = now
        phase = .live(attempt)
        turns.expectAll(by: now.advanced(by: settings.final))
        var told: Expectation?
        var orders: [Order] = []
        for turn in turns.turns {
            if let expectation = turn.expectation, expectation != told {
                told = expectation
                orders.append(.expect(expectation))
            }
            orders.append(.begin(turn: turn.number))
            orders += blocks(of: turn.audio).map { .feed($0) }
            if turn.isPaused { orders.append(.pause(turn: turn.number)) }
            if turn.hasEnded { orders.append(.end(turn: turn.number)) }
        }
        if let expectation, expectation != told { orders.append(.expect(expectation)) }
        return orders.map { .tell(attempt: number, $0) }
    }

    /// A second at a time: fewer, larger messages than the 20 ms it came in.
    private func blocks(of audio: [[Int16]]) -> [[Int16]] {
        var blocks: [[Int16]] = []
        for chunk in audio {
            if let last = blocks.indices.last, blocks[last].count < sampleRate {
                blocks[last] += chunk
            } else {
                blocks.append(chunk)
            }
        }
        return blocks
    }

    // MARK: Failing

    private mutating func failed(_ attempt: Attempt, _ error: LegError, now: MediaInstant) -> [Output] {
        // One that has done its work, or stood for a while, is no reason to give up sooner now.
        if attempt.hasProvenItself || attempt.since.duration(to: now) >= settings.retry.budget, isLive {
            failover = makeFailover()
        }
        failover.health.report(attempt.permit, CircuitBreaker.Outcome(error), now: now)
        failover.failed(attempt.provider, error, now: now)
        turns.expectAll(by: nil)
        return [.close(attempt: attempt.number)] + askNext(after: error, now: now)
    }

    private mutating func elapsed(now: MediaInstant) -> [Output] {
        guard let deadline, deadline <= now else { return [] }
        switch phase {
        case .waiting:
            return askNext(after: nil, now: now)
        case .opening(let attempt, _):
            return failed(attempt, .timeout(.stt, failover.providers[attempt.provider], "the session"), now: now)
        case .live(let attempt):
            return failed(attempt, .timeout(.stt, failover.providers[attempt.provider], "the transcript"), now: now)
        case .dormant, .over:
            return []
        }
    }

    private mutating func close(now: MediaInstant) -> [Output] {
        defer {
            phase = .over
            turns.removeAll()
        }
        switch phase {
        case .opening(let attempt, _):
            failover.health.report(attempt.permit, .abandoned, now: now)
            return [.close(attempt: attempt.number)]
        case .live(let attempt):
            return [.close(attempt: attempt.number)]
        case .dormant, .waiting, .over:
            return []
        }
    }

    // MARK: Hearing

    private mutating func heard(_ event: TranscriptEvent, from number: Int, now: MediaInstant) -> [Output] {
        switch phase {
        case .opening(let attempt, _) where attempt.number == number:
            guard case .failed(let error) = event else { return [] }
            return failed(attempt, error, now: now)
        case .live(let attempt) where attempt.number == number:
            return heard(event, from: attempt, now: now)
        case .dormant, .waiting, .opening, .live, .over:
            // Late news of one that was given up.
            return []
        }
    }

    private mutating func heard(_ event: TranscriptEvent, from attempt: Attempt, now: MediaInstant) -> [Output] {
        switch event {
        case .partial(_, let turn):
            guard turns.contains(turn) else { return [] }
            turns.extend(turn, due: now.advanced(by: settings.final))
            return [.emit(event)]
        case .provisional(_, let turn), .endpoint(let turn):
            return turns.contains(turn) ? [.emit(event)] : []
        case .final(_, let turn):
            guard turns.contains(turn) else { return [] }
            turns.confirm(turn)
            var proven = attempt
            proven.hasProvenItself = true
            phase = .live(proven)
            return [.emit(event)]
        case .replaced:
            return [.emit(event)]
        case .failed(let error):
            return failed(attempt, error, now: now)
        }
    }
}
