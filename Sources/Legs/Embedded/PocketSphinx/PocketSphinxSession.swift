import Actors
import Codecs

/// One call's recogniser: a borrowed decoder, the up-sampler, and the utterance that is going on.
///
/// `@unchecked Sendable`: the call's STT leg is its only caller, one call at a time (the contract of
/// `TranscriptionSession`).
final class PocketSphinxSession: TranscriptionSession, @unchecked Sendable {
    static let lineRate = 8_000
    private static let decoderRate = 16_000
    /// Root mean square of the loudest 20 ms below which an utterance is silence: about -60 dBFS.
    private static let silenceLevel = 33.0

    /// The utterance that is going on.
    private struct Utterance {
        let turn: Int
        let kind: LanguageKind
        /// Parts already finished because the utterance was very long.
        var finished: [RecognizedUtterance] = []
        /// Samples since the decoder was started, at the line's rate.
        var samples = 0
        var samplesSincePartial = 0
        var loudest = 0.0
        var lastPartial = ""
        var meanBefore: [Float]
    }

    private let pool: DecoderPool
    private let configuration: PocketSphinxConfiguration
    private let events: @Sendable (TranscriptEvent) -> Void
    private var decoder: PocketSphinxDecoder?
    private var resampler: Resampler
    private var upsampled: [Int16] = []
    private var kind = LanguageKind.general
    private var utterance: Utterance?

    init(
        decoder: PocketSphinxDecoder,
        pool: DecoderPool,
        configuration: PocketSphinxConfiguration,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) throws(LegError) {
        do {
            resampler = try Resampler(
                from: Self.lineRate,
                to: Self.decoderRate,
                quality: 3,
                skipsLeadingDelay: true
            )
        } catch {
            throw LegError(
                leg: .stt,
                provider: PocketSphinxTranscriber.name,
                code: "unavailable",
                cause: "no memory for the up-sampler",
                isRetryable: true
            )
        }
        self.decoder = decoder
        self.pool = pool
        self.configuration = configuration
        self.events = events
        decoder.mean = PocketSphinxDecoder.telephoneMean
    }

    deinit { close() }

    func expect(_ expectation: Expectation) { kind = LanguageKind(expectation) }

    func begin(turn: Int) {
        cancel()
        guard let decoder else { return }
        resampler.reset()
        utterance = Utterance(turn: turn, kind: kind, meanBefore: decoder.mean)
        decoder.begin(kind)
    }

    func feed(_ samples: [Int16]) {
        guard let decoder, utterance != nil, !samples.isEmpty else { return }
        measure(samples)
        let needed = resampler.outputCapacity(for: samples.count)
        if upsampled.count < needed { upsampled = Array(repeating: 0, count: needed) }
        var output = upsampled.mutableSpan
        guard let count = try? resampler.process(samples.span, into: &output) else { return }
        upsampled.withUnsafeBufferPointer { decoder.process(UnsafeBufferPointer(rebasing: $0[..<count])) }
        reportPartial(decoder)
        startOverIfLong(decoder)
    }

    func end(turn: Int) {
        guard let decoder, let current = utterance, current.turn == turn else {
            cancel()
            return report(Transcript(text: "", confidence: 0, provider: PocketSphinxTranscriber.name), turn: turn)
        }
        let last = decoder.finish()
        utterance = nil
        let transcript = transcript(of: current.finished + [last], loudest: current.loudest)
        // What was not speech must not move the mean the next utterance starts from.
        if transcript.text.isEmpty || transcript.isRejected { decoder.mean = current.meanBefore }
        report(transcript, turn: turn)
    }

    func cancel() {
        guard let decoder, let current = utterance else { return }
        decoder.abandon()
        decoder.mean = current.meanBefore
        utterance = nil
    }

    func close() {
        cancel()
        guard let decoder else { return }
        self.decoder = nil
        pool.giveBack(decoder)
    }

    // MARK: -

    private func report(_ transcript: Transcript, turn: Int) { events(.final(transcript, turn: turn)) }

    private func measure(_ samples: [Int16]) {
        guard var current = utterance else { return }
        var start = 0
        while start < samples.count {
            let end = min(start + Self.lineRate / 50, samples.count)
            let energy = samples[start..<end].reduce(0.0) { $0 + Double($1) * Double($1) } / Double(end - start)
            current.loudest = max(current.loudest, energy.squareRoot())
            start = end
        }
        current.samples += samples.count
        current.samplesSincePartial += samples.count
        utterance = current
    }

    private func reportPartial(_ decoder: PocketSphinxDecoder) {
        guard var current = utterance,
            current.samplesSincePartial >= configuration.partialMilliseconds * Self.lineRate / 1000
        else { return }
        current.samplesSincePartial = 0
        let text = join(current.finished.map(\.text) + [decoder.partial])
        if !text.isEmpty, text != current.lastPartial, current.loudest >= Self.silenceLevel {
            current.lastPartial = text
            events(.partial(text, turn: current.turn))
        }
        utterance = current
    }

    private func startOverIfLong(_ decoder: PocketSphinxDecoder) {
        guard var current = utterance, current.samples >= configuration.maximumUtteranceSeconds * Self.lineRate else {
            return
        }
        current.finished.append(decoder.finish())
        current.samples = 0
        decoder.begin(current.kind)
        utterance = current
    }

    private func transcript(of parts: [RecognizedUtterance], loudest: Double) -> Transcript {
        let text = join(parts.map(\.text))
        guard loudest >= Self.silenceLevel, !text.isEmpty else {
            return Transcript(text: "", confidence: 0, provider: PocketSphinxTranscriber.name)
        }
        let words = parts.reduce(0) { $0 + $1.words.count }
        let confidence = parts.reduce(0) { $0 + UtteranceJudge.confidence($1) * Double($1.words.count) } / Double(words)
        return Transcript(
            text: text,
            confidence: confidence,
            provider: PocketSphinxTranscriber.name,
            isRejected: confidence < configuration.rejectBelow
        )
    }

    private func join(_ texts: [String]) -> String { texts.filter { !$0.isEmpty }.joined(separator: " ") }
}
