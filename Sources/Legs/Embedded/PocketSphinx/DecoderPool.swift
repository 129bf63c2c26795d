import Actors
import Dispatch
import Synchronization

/// Decoders, loaded once and lent to one call at a time.
///
/// Loading takes 0.1 to 0.7 s of CPU and therefore runs on a serial queue of the pool's own: neither on a media worker
/// nor on the threads that run Swift tasks.
final class DecoderPool: Sendable {
    private struct State {
        var idle: [PocketSphinxDecoder] = []
        /// Lent or being loaded.
        var busy = 0
        /// Lent to calls that are over: they come back as soon as their thread gets to it.
        var returning = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Tenants whose language packs (some 3 MB of text each) are kept.
    private static let packsKept = 32

    private let configuration: PocketSphinxConfiguration
    private let state = Mutex(State())
    private let packs = Mutex<[CallerVocabulary: LanguagePack]>([:])
    private let queue = DispatchQueue(label: "parley.recogniser.load")

    init(_ configuration: PocketSphinxConfiguration) { self.configuration = configuration }

    /// Lends a decoder that knows the vocabulary, loading one if none is free.
    func lend(_ vocabulary: CallerVocabulary) async throws -> PocketSphinxDecoder {
        let models = try configuration.models()
        await waitForOneThatReturns()
        let free = try state.withLock { state throws(LegError) -> PocketSphinxDecoder? in
            guard state.busy < configuration.maximumDecoders else { throw busy }
            state.busy += 1
            if let index = state.idle.lastIndex(where: { $0.vocabulary == vocabulary }) {
                return state.idle.remove(at: index)
            }
            // Another tenant's decoder makes room; the one that waited longest goes first.
            if state.busy + state.idle.count > configuration.maximumDecoders { state.idle.removeFirst() }
            return nil
        }
        if let free { return free }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                let result = Result { try load(vocabulary, models) }
                if case .failure = result { state.withLock { $0.busy -= 1 } }
                continuation.resume(with: result)
            }
        }
    }

    /// Never more than are wanted at once, and of those that wait the newest.
    func giveBack(_ decoder: PocketSphinxDecoder) {
        // Freed outside of the lock.
        _ = state.withLock { state -> PocketSphinxDecoder? in
            state.busy -= 1
            state.idle.append(decoder)
            return state.idle.count > max(configuration.keptDecoders, configuration.warmDecoders)
                ? state.idle.removeFirst() : nil
        }
    }

    /// A call that holds a decoder is over; `hasReturned` follows once the decoder was given back.
    func willReturn() { state.withLock { $0.returning += 1 } }

    func hasReturned() {
        let waiters = state.withLock { state in
            state.returning -= 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func waitForOneThatReturns() async {
        while state.withLock({ $0.busy >= configuration.maximumDecoders && $0.returning > 0 }) {
            await withCheckedContinuation { continuation in
                let isNeeded = state.withLock { state in
                    guard state.returning > 0 else { return false }
                    state.waiters.append(continuation)
                    return true
                }
                if !isNeeded { continuation.resume() }
            }
        }
    }

    private var busy: LegError {
        LegError(
            leg: .stt,
            provider: PocketSphinxTranscriber.name,
            code: "busy",
            cause:
                "all \(configuration.maximumDecoders) embedded decoders are in use; raise the maximum",
            isRetryable: true
        )
    }

    private func load(_ vocabulary: CallerVocabulary, _ models: String) throws -> PocketSphinxDecoder {
        do {
            return try PocketSphinxDecoder(models: models, pack: pack(vocabulary, models))
        } catch let refused as PocketSphinxDecoder.Refused {
            throw unavailable("the \(refused.part) was refused; install the package pocketsphinx-en-us again")
        } catch {
            throw unavailable("the dictionary in \(models) cannot be read, or the temporary folder cannot be written")
        }
    }

    private func unavailable(_ cause: String) -> LegError {
        LegError(
            leg: .stt,
            provider: PocketSphinxTranscriber.name,
            code: "unavailable",
            cause: cause,
            isRetryable: false
        )
    }

    /// Made once for each vocabulary. Only the loading queue calls this.
    private func pack(_ vocabulary: CallerVocabulary, _ models: String) throws -> LanguagePack {
        if let known = packs.withLock({ $0[vocabulary] }) { return known }
        let pronunciations = try PronunciationDictionary(contentsOf: models + "/cmudict-en-us.dict")
        let made = LanguagePack(vocabulary, pronunciations: pronunciations)
        packs.withLock { packs in
            if packs.count >= Self.packsKept { packs.removeAll() }
            packs[vocabulary] = made
        }
        return made
    }
}
