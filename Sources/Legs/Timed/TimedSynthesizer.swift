import Actors
import Codecs
import Synchronization

/// A voice that is a tone: nothing for a fixed time, then the words' times, then the audio as fast as it is read.
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
        let step = Atomic(0)
        let delay = delay
        return AsyncThrowingStream {
            let index = step.wrappingAdd(1, ordering: .relaxed).oldValue
            if index == 0 {
                try await Task.sleep(for: delay)
                return .words(words)
            }
            try Task.checkCancellation()
            let left = samples - (index - 1) * second.count
            guard left > 0 else { return nil }
            return .audio(left >= second.count ? second : Array(second[..<left]))
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
