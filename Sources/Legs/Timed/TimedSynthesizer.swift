import Actors
import Codecs

/// A voice that is a tone: nothing for a fixed time, then the words' times and the audio.
///
/// The audio is handed out in blocks of a second that all calls share, so a piece costs a handful of reference counts.
public struct TimedSynthesizer: Synthesizer {
    /// Longest text of one piece in UTF-8 bytes, as of the embedded voice.
    static let maximumTextBytes = 4_000

    public let provider = TimedLegs.provider
    /// From the request to the first audio.
    public let delay: Duration

    public init(delay: Duration = .milliseconds(120)) { self.delay = delay }

    public func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        if let refusal = refusal(request) { return AsyncThrowingStream { throw refusal } }
        let rate = request.sampleRate
        let words = TimedSpeech.words(of: request.text, rate: rate)
        let samples = words.last?.samples.upperBound ?? 0
        guard samples > 0 else { return AsyncThrowingStream { nil } }
        let second = TimedSpeech.second(rate: rate)
        return TimedStream.after(delay) {
            [.words(words)]
                + stride(from: 0, to: samples, by: second.count).map { start in
                    .audio(samples - start >= second.count ? second : Array(second[..<(samples - start)]))
                }
        }
    }

    private func refusal(_ request: SpeechRequest) -> LegError? {
        let cause: String
        if !Resampler.rates.contains(request.sampleRate) {
            cause = ResamplerError.unsupportedRate(request.sampleRate).description
        } else if request.text.utf8.count > Self.maximumTextBytes {
            cause = "a piece of \(request.text.utf8.count) bytes is longer than \(Self.maximumTextBytes)"
        } else {
            return nil
        }
        return LegError(leg: .tts, provider: provider, code: "refused", cause: cause, isRetryable: false)
    }
}
