import Actors
import Synchronization

/// A synthesiser whose streams the test feeds by hand.
final class ScriptedSynthesizer: Synthesizer {
    typealias Continuation = AsyncThrowingStream<SpeechDelta, any Error>.Continuation

    struct Call: Sendable {
        let request: SpeechRequest
        let continuation: Continuation
    }

    let provider = "scripted"
    /// Every call as it comes in.
    let calls: AsyncStream<Call>
    /// Requests whose reader left before the end.
    let cancelled: AsyncStream<SpeechRequest>
    private let callsInput: AsyncStream<Call>.Continuation
    private let cancelledInput: AsyncStream<SpeechRequest>.Continuation
    private let count = Mutex(0)
    /// Ends a call at once with this, when set.
    private let answer: (@Sendable (SpeechRequest) -> [SpeechDelta])?

    init(answer: (@Sendable (SpeechRequest) -> [SpeechDelta])? = nil) {
        self.answer = answer
        (calls, callsInput) = AsyncStream.makeStream()
        (cancelled, cancelledInput) = AsyncStream.makeStream()
    }

    var callCount: Int { count.withLock { $0 } }

    func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: SpeechDelta.self)
        count.withLock { $0 += 1 }
        if let answer {
            for delta in answer(request) { continuation.yield(delta) }
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [cancelledInput] reason in
            if case .cancelled = reason { cancelledInput.yield(request) }
        }
        callsInput.yield(Call(request: request, continuation: continuation))
        return stream
    }
}
