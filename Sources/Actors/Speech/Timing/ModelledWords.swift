/// Gives a voice that tells no word times modelled ones, labelled as estimates. Times the voice tells pass as they are.
///
/// The first times come before the first audio, newer ones as the audio outgrows them, and the last when it is over.
public struct ModelledWords: Synthesizer {
    public var provider: String { base.provider }
    private let base: any Synthesizer

    public init(_ base: any Synthesizer) { self.base = base }

    public func warm(_ profile: TenantProfile) async { await base.warm(profile) }

    public func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        let source = base.synthesize(request)
        let (stream, output) = AsyncThrowingStream.makeStream(of: SpeechDelta.self)
        let task = Task {
            var model = ModelledPiece(request)
            do {
                for try await delta in source {
                    for told in model.take(delta) { output.yield(told) }
                }
                if !Task.isCancelled, let last = model.finish() { output.yield(last) }
                output.finish()
            } catch {
                output.finish(throwing: error)
            }
        }
        output.onTermination = { _ in task.cancel() }
        return stream
    }
}

/// One piece's deltas, with the modelled words put among them.
struct ModelledPiece {
    private var timings: WordTimings
    /// The voice tells its words itself.
    private var isTold = false
    private var hasBegun = false

    init(_ request: SpeechRequest) {
        timings = WordTimings(request.text, language: request.language, sampleRate: request.sampleRate)
    }

    mutating func take(_ delta: SpeechDelta) -> [SpeechDelta] {
        guard !isTold else { return [delta] }
        switch delta {
        case .words(let words):
            isTold = !words.isEmpty
            return isTold ? [delta] : []
        case .replaced:
            return [delta]
        case .audio(let samples):
            let isNew = timings.add(samples) || !hasBegun
            hasBegun = true
            guard isNew, !timings.words.isEmpty else { return [delta] }
            return [.words(timings.words), delta]
        }
    }

    mutating func finish() -> SpeechDelta? {
        guard !isTold, hasBegun else { return nil }
        timings.finish()
        return timings.words.isEmpty ? nil : .words(timings.words)
    }
}
