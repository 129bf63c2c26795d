import Actors
import Synchronization

/// Speaks what was spoken before from memory: greetings, questions and goodbyes cost nothing after the first time.
///
/// - Whole pieces, by the whole request (text, voice, language, rate). Only streams that ended without an error are kept.
/// - Identical requests at the same time share one synthesis: whoever comes later gets what is there and then follows.
/// - When the last reader of a synthesis goes away, it is cancelled; nothing of it is kept.
/// - The texts are what agents say, so they may hold personal data: they stay in memory and are never logged.
public final class CachingSynthesizer: Synthesizer {
    public static let defaultCapacityBytes = 16 << 20

    public struct Statistics: Sendable, Equatable {
        /// Requests answered from memory.
        public var hits = 0
        /// Requests that started a synthesis.
        public var misses = 0
        /// Requests that joined a synthesis under way.
        public var shared = 0
        public var evictions = 0
        public var pieces = 0
        public var bytes = 0
    }

    typealias Continuation = AsyncThrowingStream<SpeechDelta, any Error>.Continuation

    /// One synthesis under way.
    private struct Flight {
        let id: UInt64
        var deltas: [SpeechDelta] = []
        var readers: [UInt64: Continuation]
        var task: Task<Void, Never>?
    }

    private struct State: ~Copyable {
        var cache: SpeechCache
        var flights: [SpeechRequest: Flight] = [:]
        var statistics = Statistics()
        var lastID: UInt64 = 0

        mutating func nextID() -> UInt64 {
            lastID += 1
            return lastID
        }
    }

    private enum Admission {
        case cached(SpeechCache.Piece)
        case reader(UInt64, flight: UInt64, isFirst: Bool)
    }

    public var provider: String { base.provider }
    private let base: any Synthesizer
    private let state: Mutex<State>

    /// - Parameter capacityBytes: audio, word times and texts kept at most; default 16 MiB, 17 minutes at 8 kHz.
    public init(_ base: any Synthesizer, capacityBytes: Int = CachingSynthesizer.defaultCapacityBytes) {
        self.base = base
        state = Mutex(State(cache: SpeechCache(capacityBytes: capacityBytes)))
    }

    public var statistics: Statistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.evictions = state.cache.evictions
            statistics.pieces = state.cache.count
            statistics.bytes = state.cache.bytes
            return statistics
        }
    }

    public func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: SpeechDelta.self)
        switch state.withLock({ Self.admit(request, continuation, &$0) }) {
        case .cached(let piece):
            for delta in piece.deltas { continuation.yield(delta) }
            continuation.finish()
        case .reader(let reader, let flight, let isFirst):
            continuation.onTermination = { [weak self] _ in self?.leave(request, flight: flight, reader: reader) }
            if isFirst { start(request, flight: flight) }
        }
        return stream
    }

    /// Opens what the next piece that is not cached needs.
    public func warm(_ profile: TenantProfile) async { await base.warm(profile) }

    /// Synthesises what is not cached yet, one piece after another, so that calls under way are not crowded out.
    ///
    /// A piece that fails is skipped: it fails again, and visibly, when a call asks for it.
    /// - Returns: how many of the requests were spoken to their end.
    @discardableResult
    public func warm(_ requests: [SpeechRequest]) async -> Int {
        var warmed = 0
        for request in requests {
            guard !Task.isCancelled else { break }
            do {
                for try await _ in synthesize(request) {}
                warmed += Task.isCancelled ? 0 : 1
            } catch {}
        }
        return warmed
    }

    private static func admit(
        _ request: SpeechRequest,
        _ continuation: Continuation,
        _ state: inout State
    ) -> Admission {
        if let piece = state.cache.piece(for: request) {
            state.statistics.hits += 1
            return .cached(piece)
        }
        let reader = state.nextID()
        if let flight = state.flights[request] {
            state.statistics.shared += 1
            // Under the lock, so that what follows comes after it; nobody reads this stream yet.
            for delta in flight.deltas { continuation.yield(delta) }
            state.flights[request]?.readers[reader] = continuation
            return .reader(reader, flight: flight.id, isFirst: false)
        }
        state.statistics.misses += 1
        let id = state.nextID()
        state.flights[request] = Flight(id: id, readers: [reader: continuation])
        return .reader(reader, flight: id, isFirst: true)
    }

    private func start(_ request: SpeechRequest, flight id: UInt64) {
        let task = Task { await fly(request, flight: id) }
        let isWanted = state.withLock { state in
            guard state.flights[request]?.id == id else { return false }
            state.flights[request]?.task = task
            return true
        }
        // Already over, or its only reader left in between.
        if !isWanted { task.cancel() }
    }

    /// Reads the base synthesiser once for all readers.
    private func fly(_ request: SpeechRequest, flight id: UInt64) async {
        do {
            for try await delta in base.synthesize(request) {
                let readers = state.withLock { state -> [Continuation] in
                    guard state.flights[request]?.id == id else { return [] }
                    state.flights[request]?.deltas.append(delta)
                    return state.flights[request].map { Array($0.readers.values) } ?? []
                }
                // Outside the lock: a reader that is being cancelled holds what telling it waits for, and calls `leave`. Whoever
                // joins from now on was given this delta already.
                for reader in readers { reader.yield(delta) }
            }
            // A cancelled stream ends without an error, but is not whole.
            land(request, flight: id, keep: !Task.isCancelled, error: nil)
        } catch {
            land(request, flight: id, keep: false, error: error)
        }
    }

    private func land(_ request: SpeechRequest, flight id: UInt64, keep: Bool, error: (any Error)?) {
        let readers = state.withLock { state -> [Continuation] in
            guard let flight = state.flights[request], flight.id == id else { return [] }
            state.flights[request] = nil
            // Another provider's voice is not remembered: the right one will be back.
            let isReplaced = flight.deltas.contains { if case .replaced = $0 { true } else { false } }
            if keep, !isReplaced { state.cache.insert(SpeechCache.Piece(flight.deltas), for: request) }
            return Array(flight.readers.values)
        }
        // Outside the lock: finishing calls `leave`.
        for reader in readers { reader.finish(throwing: error) }
    }

    private func leave(_ request: SpeechRequest, flight id: UInt64, reader: UInt64) {
        let abandoned = state.withLock { state -> Task<Void, Never>? in
            guard state.flights[request]?.id == id else { return nil }
            state.flights[request]?.readers[reader] = nil
            guard state.flights[request]?.readers.isEmpty == true else { return nil }
            return state.flights.removeValue(forKey: request)?.task
        }
        abandoned?.cancel()
    }
}
