/// Hands a voice the spoken form of what is written, and tells its word times in written words.
///
/// One for each vendor, inside whatever fails over between vendors: `SpokenVoice(ModelledWords(vendor), style: .spoken)`. What
/// is outside, the conversation above all, sees written text only.
public struct SpokenVoice: Synthesizer {
    public var provider: String { base.provider }
    /// What is spelled out for this voice; the rest its vendor reads itself.
    public let style: SpeechStyle
    private let base: any Synthesizer

    public init(_ base: any Synthesizer, style: SpeechStyle = .spoken) {
        self.base = base
        self.style = style
    }

    public func warm(_ profile: TenantProfile) async { await base.warm(profile) }

    public func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        let text = SpeakableText(
            request.text,
            language: request.language,
            style: style,
            pronunciations: request.pronunciations
        )
        var spoken = request
        spoken.text = text.spoken
        // They are in the text now.
        spoken.pronunciations = .none
        let source = base.synthesize(spoken)
        guard !text.spans.isEmpty else { return source }
        let (stream, output) = AsyncThrowingStream.makeStream(of: SpeechDelta.self)
        let task = Task {
            do {
                for try await delta in source {
                    if case .words(let words) = delta {
                        output.yield(.words(text.written(words)))
                    } else {
                        output.yield(delta)
                    }
                }
                output.finish()
            } catch {
                output.finish(throwing: error)
            }
        }
        output.onTermination = { _ in task.cancel() }
        return stream
    }
}
