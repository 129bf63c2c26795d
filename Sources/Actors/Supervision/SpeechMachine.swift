import Engine

/// Supervises one spoken piece: which voice speaks, when one has failed, from which word the next one goes on.
struct SpeechMachine: RelayMachine {
    typealias Output = RelayOutput<SpeechRequest, SpeechDelta>

    private struct Attempt: Sendable {
        var number: Int
        var provider: Int
        var permit: ProviderHealth.Permit
        var due: MediaInstant
        /// Its first sound, and samples since: what has come by then has been played.
        var began: MediaInstant?
        var samples = 0
    }

    let leg = LegKind.tts
    private let request: SpeechRequest
    private let settings: SupervisionSettings.TTS
    private var failover: Failover
    private var progress: SpeechProgress
    private var attempt: Attempt?
    private var attemptsMade = 0
    /// The next voice is asked then.
    private var waitsUntil: MediaInstant?
    private let limitSamples: Int

    var providers: [String] { failover.providers }

    init(_ request: SpeechRequest, failover: Failover, settings: SupervisionSettings.TTS) {
        self.request = request
        self.failover = failover
        self.settings = settings
        progress = SpeechProgress(text: request.text, sampleRate: request.sampleRate)
        let longest = settings.longestPiece + settings.longestCharacter * request.text.utf8.count
        limitSamples = Int(longest.nanoseconds / 1_000_000) * request.sampleRate / 1000
    }

    var deadline: MediaInstant? { [waitsUntil, attempt?.due].compactMap { $0 }.min() }

    mutating func begin(now: MediaInstant) -> [Output] {
        progress.isSpeakable ? askNext(after: nil, now: now) : [.finish]
    }

    mutating func handle(_ input: RelayInput<SpeechDelta>, now: MediaInstant) -> [Output] {
        switch input {
        case .opened:
            return []
        case .delta(let number, let delta):
            guard attempt?.number == number else { return [] }
            return receive(delta, now: now)
        case .ended(let number):
            guard let attempt, attempt.number == number else { return [] }
            if !progress.hasSound { return failed(error(of: attempt, "no sound came"), now: now) }
            if progress.isCutShort { return failed(error(of: attempt, "the sound ended before its words"), now: now) }
            return finish(now: now)
        case .failed(let number, let error):
            return attempt?.number == number ? failed(error, now: now) : []
        case .timeout:
            return elapsed(now: now)
        }
    }

    mutating func close(now: MediaInstant) {
        guard let attempt else { return }
        failover.health.report(attempt.permit, progress.hasSound ? .answered : .abandoned, now: now)
        self.attempt = nil
    }

    private mutating func askNext(after error: LegError?, now: MediaInstant) -> [Output] {
        waitsUntil = nil
        func replaced(by provider: Int) -> [Output] {
            error.map { [.emit(.replaced(LegReplacement(error: $0, to: providers[provider])))] } ?? []
        }
        switch failover.next(now: now) {
        case .ask(let provider, let permit):
            let patience = attemptsMade == 0 ? settings.firstAudio : settings.firstAudioAfterFailure
            let number = attemptsMade
            attemptsMade += 1
            attempt = Attempt(number: number, provider: provider, permit: permit, due: now.advanced(by: patience))
            var rest = request
            rest.text = progress.rest
            return replaced(by: provider) + [.start(attempt: number, provider: provider, rest)]
        case .wait(let until, let provider):
            waitsUntil = until
            return replaced(by: provider)
        case .giveUp:
            return [.fail(failover.verdict(now: now))]
        }
    }

    private mutating func failed(_ error: LegError, now: MediaInstant) -> [Output] {
        guard let attempt else { return [] }
        self.attempt = nil
        failover.health.report(attempt.permit, CircuitBreaker.Outcome(error), now: now)
        failover.failed(attempt.provider, error, now: now)
        let hadSound = progress.hasSound
        progress.handOver()
        // It broke off after its last word.
        if hadSound, !progress.isSpeakable { return [.cancel(attempt: attempt.number), .finish] }
        return [.cancel(attempt: attempt.number)] + askNext(after: error, now: now)
    }

    private func error(of attempt: Attempt, _ cause: String) -> LegError {
        LegError(leg: .tts, provider: providers[attempt.provider], code: "protocol", cause: cause, isRetryable: true)
    }

    private mutating func elapsed(now: MediaInstant) -> [Output] {
        if let waitsUntil, waitsUntil <= now { return askNext(after: nil, now: now) }
        guard let attempt, attempt.due <= now else { return [] }
        let stage = progress.hasSound ? "the next sound" : "the first sound"
        return failed(.timeout(.tts, providers[attempt.provider], stage), now: now)
    }

    private mutating func receive(_ delta: SpeechDelta, now: MediaInstant) -> [Output] {
        switch delta {
        case .replaced:
            return [.emit(delta)]
        case .words(let words):
            return [.emit(.words(progress.plan(words)))]
        case .audio(let samples):
            guard !samples.isEmpty else { return [] }
            let words = progress.hasSound ? nil : progress.begin()
            let room = limitSamples - progress.delivered
            let passed = samples.count <= room ? samples : Array(samples.prefix(max(0, room)))
            progress.deliver(passed.count)
            expectNext(after: samples.count, now: now)
            let outputs: [Output] = (words.map { [.emit(.words($0))] } ?? []) + [.emit(.audio(passed))]
            return passed.count < samples.count ? outputs + finish(now: now) : outputs
        }
    }

    /// A voice that stops is noticed while what it said is still heard; one that drips, once nothing is left to be heard.
    private mutating func expectNext(after samples: Int, now: MediaInstant) {
        guard var attempt else { return }
        let began = attempt.began ?? now
        attempt.began = began
        attempt.samples += samples
        let heard = Duration.milliseconds(attempt.samples * 1000 / request.sampleRate)
        let stops = now.advanced(by: settings.betweenAudio), runsDry = began.advanced(by: heard + settings.behind)
        attempt.due = min(stops, max(now, runsDry))
        self.attempt = attempt
    }

    private mutating func finish(now: MediaInstant) -> [Output] {
        close(now: now)
        return [.finish]
    }
}
