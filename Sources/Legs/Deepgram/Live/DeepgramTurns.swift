import Actors

/// Which words belong to which turn, and when a turn's words are complete: one live connection as a value.
///
/// Deepgram tells times in seconds of the audio it got on this connection. The ledger counts the samples that were sent, so
/// a result is a turn's own by where it lies, however late it comes.
package struct DeepgramTurns {
    package typealias Instant = ContinuousClock.Instant

    package enum Output: Equatable {
        case audio([Int16])
        case finalize
        case keepAlive
        /// A whole turn went by without a word about its audio: nobody works on it there.
        case unanswered
        case event(TranscriptEvent)
    }

    private struct Turn {
        let number: Int
        /// Samples sent on this connection before it.
        let start: Int
        var text = DeepgramTurnText()
        var lastPartial = ""
        var hasEndpoint = false
        /// Something was said about its audio, be it that there is nothing in it.
        var hasAnswer = false
        /// Audio was sent that no `Finalize` has asked about yet.
        var isFresh = false
        /// The caller is quiet: what is sent is silence that nobody need be asked about.
        var isPaused = false
        var wanted: Wanted?
    }

    private struct Wanted {
        var isEnd: Bool
        let by: Instant
    }

    /// A `Finalize` that was not answered yet: everything before this sample is asked for.
    private var asked: [Int] = []
    private var sent = 0
    private var collected: [Int16] = []
    private var turn: Turn?
    private var lastSent: Instant
    private let configuration: DeepgramLiveConfiguration
    private let rate: Int
    private let provider: String

    /// Samples by which Deepgram's times may be off: they are rounded, and some codecs of its own stand between.
    private let tolerance: Int
    /// Unanswered questions that are remembered.
    private static let maximumAsked = 16

    package init(_ configuration: DeepgramLiveConfiguration, sampleRate: Int, provider: String, now: Instant) {
        self.configuration = configuration
        self.provider = provider
        rate = sampleRate
        tolerance = sampleRate * 3 / 100
        lastSent = now
    }

    /// When `tick` is due.
    package var deadline: Instant {
        min(turn?.wanted?.by ?? lastSent + configuration.keepAlive, lastSent + configuration.keepAlive)
    }

    // MARK: - The call's side

    /// The connection is open: 20 ms of silence, because `KeepAlive` counts only after audio and a caller may listen long.
    package mutating func open(now: Instant) -> [Output] { send(Array(repeating: 0, count: rate / 50), now: now) }

    package mutating func begin(_ number: Int, now: Instant) -> [Output] {
        // A turn that has ended is owed its words, as far as they are known.
        let owed = turn?.wanted?.isEnd == true ? deliver() : []
        let cut = cancel(now: now)
        turn = Turn(number: number, start: sent)
        return owed + cut
    }

    package mutating func feed(_ samples: [Int16], now: Instant) -> [Output] {
        guard let turn, turn.wanted?.isEnd != true, !samples.isEmpty else { return [] }
        collected += samples
        let message = max(1, Int(configuration.message / .milliseconds(1)) * rate / 1000)
        let whole = collected.count / message * message
        guard whole > 0 else { return [] }
        let ready = Array(collected[..<whole])
        collected.removeFirst(whole)
        return send(ready, now: now)
    }

    package mutating func pause(_ number: Int, now: Instant) -> [Output] {
        guard turn?.number == number else { return [] }
        defer { turn?.isPaused = true }
        return want(Wanted(isEnd: false, by: now + configuration.pauseLimit), now: now)
    }

    /// The caller goes on: the words up to the pause are not wanted any more.
    package mutating func resume(_ number: Int) {
        guard turn?.number == number, turn?.isPaused == true else { return }
        turn?.isPaused = false
        turn?.isFresh = true
        if turn?.wanted?.isEnd == false { turn?.wanted = nil }
    }

    package mutating func end(_ number: Int, now: Instant) -> [Output] {
        guard turn?.number == number else { return [nothing(number)] }
        return want(Wanted(isEnd: true, by: now + configuration.finalLimit), now: now)
    }

    package mutating func cancel(now: Instant) -> [Output] {
        collected = []
        defer { turn = nil }
        // What was sent ends here for Deepgram too: its words do not run into the next turn's.
        return turn?.isFresh == true ? ask(now: now) : []
    }

    package mutating func tick(now: Instant) -> [Output] {
        var outputs: [Output] = []
        if let current = turn, let wanted = current.wanted, wanted.by <= now {
            let isLost = wanted.isEnd && !current.hasAnswer && sent - current.start >= rate
            if isLost { turn = nil }
            outputs += isLost ? [.unanswered] : deliver()
        }
        if lastSent + configuration.keepAlive <= now {
            lastSent = now
            outputs.append(.keepAlive)
        }
        return outputs
    }

    // MARK: - Deepgram's side

    package mutating func receive(_ results: DeepgramResults) -> [Output] {
        let end = position(results.start + results.duration)
        var outputs: [Output] = []
        if let turn, end > turn.start { self.turn?.hasAnswer = true }
        if let number = turn?.number, let text = ownWords(results, end: end) {
            let isFinal = results.isFinal == true
            let before = turn?.text.words
            let limit = configuration.maximumTextBytes
            turn?.text.take(text, isFinal: isFinal, from: results.best, limit: limit)
            if turn?.text.words != before { turn?.hasEndpoint = false }
            outputs += partial(number)
            if results.speechFinal == true, results.fromFinalize != true { outputs += endpoint() }
        }
        if results.isFinal == true { outputs += answered(upTo: end, isAnswer: results.fromFinalize == true) }
        return outputs
    }

    package mutating func receiveUtteranceEnd(lastWordEnd: Double?) -> [Output] {
        guard let turn, position(lastWordEnd ?? 0) > turn.start else { return [] }
        return endpoint()
    }

    // MARK: -

    private mutating func send(_ samples: [Int16], now: Instant) -> [Output] {
        lastSent = now
        sent += samples.count
        if turn?.isPaused == false { turn?.isFresh = true }
        return [.audio(samples)]
    }

    private mutating func flush(now: Instant) -> [Output] {
        guard !collected.isEmpty else { return [] }
        defer { collected = [] }
        return send(collected, now: now)
    }

    private mutating func ask(now: Instant) -> [Output] {
        lastSent = now
        if asked.count == Self.maximumAsked { asked.removeFirst() }
        asked.append(sent)
        turn?.isFresh = false
        return [.finalize]
    }

    private mutating func want(_ wanted: Wanted, now: Instant) -> [Output] {
        var outputs = flush(now: now)
        if turn?.isFresh == true { outputs += ask(now: now) }
        // An end that follows a pause without a sound in between waits for the same answer.
        turn?.wanted = wanted
        return isAnswered ? outputs + deliver() : outputs
    }

    /// Everything that was sent of this turn is final.
    private var isAnswered: Bool {
        guard let turn else { return false }
        return !turn.isFresh && !asked.contains { $0 > turn.start }
    }

    /// - Parameter isAnswer: the result says that a `Finalize` brought it. It answers every question up to its end; an
    ///   empty one may lie anywhere, and then answers the oldest.
    private mutating func answered(upTo end: Int, isAnswer: Bool) -> [Output] {
        let count = asked.count
        let reached = end + tolerance
        asked.removeAll { $0 <= reached }
        if isAnswer, asked.count == count, !asked.isEmpty { asked.removeFirst() }
        guard turn?.wanted != nil, isAnswered else { return [] }
        return deliver()
    }

    /// What is wanted, as far as it is known.
    private mutating func deliver() -> [Output] {
        guard let current = turn, let wanted = current.wanted else { return [] }
        let transcript = current.text.transcript(provider: provider)
        if wanted.isEnd {
            turn = nil
            return [.event(.final(transcript, turn: current.number))]
        }
        turn?.wanted = nil
        return transcript.text.isEmpty ? [] : [.event(.provisional(transcript, turn: current.number))]
    }

    private func nothing(_ number: Int) -> Output {
        .event(.final(DeepgramTurnText().transcript(provider: provider), turn: number))
    }

    private mutating func partial(_ number: Int) -> [Output] {
        guard let current = turn, current.wanted?.isEnd != true else { return [] }
        let text = current.text.words
        guard !text.isEmpty, text != current.lastPartial else { return [] }
        turn?.lastPartial = text
        return [.event(.partial(text, turn: number))]
    }

    private mutating func endpoint() -> [Output] {
        guard let current = turn, !current.hasEndpoint, current.wanted?.isEnd != true, !current.text.words.isEmpty
        else {
            return []
        }
        turn?.hasEndpoint = true
        return [.event(.endpoint(turn: current.number))]
    }

    /// The result's words that were spoken in the turn that is going on; nil when it is none of this turn's.
    private func ownWords(_ results: DeepgramResults, end: Int) -> String? {
        guard let turn, end > turn.start + tolerance else { return nil }
        let text = results.best?.transcript ?? ""
        guard position(results.start) < turn.start - tolerance else { return text }
        // It began in an earlier turn: word by word.
        return (results.best?.words ?? []).filter { position(($0.start + $0.end) / 2) >= turn.start }
            .map { $0.punctuatedWord ?? $0.word }.joined(separator: " ")
    }

    /// Samples; a time that no connection reaches is its end.
    private func position(_ seconds: Double) -> Int {
        guard seconds.isFinite else { return 0 }
        return Int(min(max(0, seconds), 1e6) * Double(rate))
    }
}
