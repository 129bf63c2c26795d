import Actors
import Codecs
import Engine

/// One piece of speech on its way from a vendor to its reader.
///
/// It is settled once: by its end, its one error, or its reader going away. After that nothing reaches the reader, whatever
/// still comes from the vendor, and the vendor is told to stop at once. Any thread.
package final class SpeechPiece: Sendable {
    package typealias Continuation = AsyncThrowingStream<SpeechDelta, any Error>.Continuation

    /// Why the vendor's work is not wanted any more.
    package enum Stop: Sendable { case cancelled, failed }

    private struct State: ~Copyable {
        var decoder: VoiceAudioDecoder
        var pace: SpeechPace
        var isSettled = false
        var stopped: Stop?
        var whenStopped: (@Sendable (Stop) -> Void)?

        init(_ decoder: consuming VoiceAudioDecoder, _ pace: SpeechPace) {
            self.decoder = decoder
            self.pace = pace
        }
    }

    package let request: SpeechRequest
    package let errors: VoiceErrors
    private let maximumSamples: Int
    private let continuation: Continuation
    private let state: Locked<State>

    private init(
        _ request: SpeechRequest,
        _ decoder: consuming VoiceAudioDecoder,
        _ limits: VoiceLimits,
        _ errors: VoiceErrors,
        _ continuation: Continuation
    ) {
        self.request = request
        self.errors = errors
        self.continuation = continuation
        let rate = decoder.encoding.rate
        maximumSamples = limits.maximumSamples(characters: request.text.unicodeScalars.count, rate: rate)
        state = Locked(State(decoder, SpeechPace(limits, rate: rate, now: .now)))
    }

    /// Runs one piece.
    ///
    /// - Parameters:
    ///   - encoding: of the bytes that `work` hands to `audio`.
    ///   - work: speaks to the vendor. It is not cancelled with the reader, so that it may leave a shared socket clean:
    ///     `onStop` tells it.
    package static func stream(
        _ request: SpeechRequest,
        encoding: VoiceEncoding,
        limits: VoiceLimits,
        desk: VoiceDesk,
        work: @escaping @Sendable (SpeechPiece) async throws -> Void
    ) -> AsyncThrowingStream<SpeechDelta, any Error> {
        let errors = desk.errors
        let characters = request.text.unicodeScalars.count
        guard characters <= limits.maximumCharacters else {
            return failed(
                errors.refused(
                    "a piece of \(characters) characters is longer than the limit of \(limits.maximumCharacters); "
                        + "cut it into sentences"
                )
            )
        }
        guard isSpeakable(request.text) else { return AsyncThrowingStream { nil } }
        let decoder: VoiceAudioDecoder
        do throws(ResamplerError) {
            decoder = try VoiceAudioDecoder(encoding, to: request.sampleRate)
        } catch {
            return failed(errors.refused(error.description))
        }
        guard desk.enter(limit: limits.concurrentPieces) else {
            return failed(errors.busy("\(limits.concurrentPieces) pieces are already under way"))
        }
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: SpeechDelta.self)
        let piece = SpeechPiece(request, decoder, limits, errors, continuation)
        continuation.onTermination = { [weak piece] reason in
            if case .cancelled = reason { piece?.settle(.cancelled) }
        }
        Task {
            await piece.run(work)
            desk.leave()
        }
        return stream
    }

    private func run(_ work: @Sendable (SpeechPiece) async throws -> Void) async {
        let watch = Task { await self.watch() }
        do {
            try await work(self)
            try end()
        } catch {
            settle(.failed, throwing: legError(error))
        }
        watch.cancel()
        await watch.value
    }

    // MARK: - What the vendor's work tells

    /// Audio at the requested rate that has come so far, in samples.
    package var position: Int { state.withLock { $0.decoder.position } }
    /// Some audio has come.
    package var hasBegun: Bool { state.withLock { $0.pace.hasBegun } }
    /// Nothing is wanted any more.
    package var isSettled: Bool { state.withLock { $0.isSettled } }

    /// What ends the vendor's work at once, on any thread. Called at most once, also when the piece was stopped before.
    package func onStop(_ action: @escaping @Sendable (Stop) -> Void) {
        let stopped = state.withLock { state -> Stop? in
            state.whenStopped = state.stopped == nil ? action : nil
            return state.stopped
        }
        if let stopped { action(stopped) }
    }

    package func words(_ words: [SpokenWord]) {
        guard !words.isEmpty, !isSettled else { return }
        continuation.yield(.words(words))
    }

    /// - Parameter bytes: as the vendor sent them; chunks may end in the middle of a sample.
    /// - Throws: `LegError` "protocol" for more audio than the text can need.
    package func audio(_ bytes: [UInt8]) throws {
        let samples = state.withLock { state -> [Int16]? in
            guard !state.isSettled else { return [] }
            let before = state.decoder.received
            let samples = state.decoder.decode(bytes)
            guard state.decoder.received <= maximumSamples else { return nil }
            state.pace.receive(samples: state.decoder.received - before, now: .now)
            return samples
        }
        guard let samples else {
            throw errors.malformed("the audio does not end: more than a text of this length can need")
        }
        // Outside the lock: a reader that is being cancelled holds what telling it waits for, and calls `settle`. A stream that
        // was finished meanwhile takes nothing.
        if !samples.isEmpty { continuation.yield(.audio(samples)) }
    }

    // MARK: - The end

    private enum Ending { case whole(rest: [Int16]), empty, settledBefore }

    private func end() throws {
        let ending = state.withLock { state -> Ending in
            guard !state.isSettled else { return .settledBefore }
            guard state.decoder.received > 0 else { return .empty }
            state.isSettled = true
            state.whenStopped = nil
            return .whole(rest: state.decoder.finish())
        }
        switch ending {
        case .whole(let rest):
            if !rest.isEmpty { continuation.yield(.audio(rest)) }
            continuation.finish()
        case .empty: throw errors.voice("no audio came for a text with words", isRetryable: true)
        // Whoever settled it finishes the stream, with the error: work that was stopped may return before that.
        case .settledBefore: break
        }
    }

    private func settle(_ stop: Stop, throwing error: (any Error)? = nil) {
        let (isFirst, action) = state.withLock { state -> (Bool, (@Sendable (Stop) -> Void)?) in
            guard !state.isSettled else { return (false, nil) }
            state.isSettled = true
            state.stopped = stop
            defer { state.whenStopped = nil }
            return (true, state.whenStopped)
        }
        guard isFirst else { return }
        action?(stop)
        continuation.finish(throwing: error)
    }

    private func watch() async {
        while let deadline = state.withLock({ $0.isSettled ? nil : $0.pace.deadline }) {
            guard deadline > .now else {
                let cause = hasBegun ? "the audio stopped coming, or comes slower than speech" : "no audio in time"
                return settle(.failed, throwing: errors.timeout(cause))
            }
            do { try await Task.sleep(until: deadline) } catch { return }
        }
    }

    private func legError(_ error: any Error) -> LegError {
        error as? LegError ?? errors.unavailable("the exchange broke off (\(type(of: error)))")
    }

    private static func failed(_ error: LegError) -> AsyncThrowingStream<SpeechDelta, any Error> {
        AsyncThrowingStream { throw error }
    }

    /// Something to say: more than spaces and punctuation.
    private static func isSpeakable(_ text: String) -> Bool {
        text.contains(where: WrittenWord.isSpoken)
    }
}
