import Actors

/// The embedded recogniser: PocketSphinx with the tenant's own language models. Needs no key and no network.
///
/// It understands what the tenant's profile says callers say, and what every caller says (days, times, numbers, names,
/// yes and no). Speech about something else comes back rejected. It is not a dictation machine.
public struct PocketSphinxTranscriber: Transcriber {
    static let name = "embedded"

    public var provider: String { Self.name }
    private let configuration: PocketSphinxConfiguration
    private let pool: DecoderPool
    private let threads: DecodingThreads

    public init(configuration: PocketSphinxConfiguration = PocketSphinxConfiguration()) {
        self.configuration = configuration
        self.pool = DecoderPool(configuration)
        threads = DecodingThreads(count: configuration.threads)
    }

    /// Loads the configured number of decoders, the tenants' vocabularies in turn, so that first calls do not wait.
    /// - Throws: `LegError` when there is no model to load.
    public func warm(for profiles: [TenantProfile]) async throws {
        guard !profiles.isEmpty else { return }
        var loaded: [PocketSphinxDecoder] = []
        defer { loaded.forEach(pool.giveBack) }
        for index in 0..<min(configuration.warmDecoders, configuration.maximumDecoders) {
            loaded.append(try await pool.lend(CallerVocabulary(profiles[index % profiles.count])))
        }
    }

    public func open(
        _ request: TranscriptionRequest,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) async throws -> any TranscriptionSession {
        guard request.sampleRate == PocketSphinxSession.lineRate else {
            throw LegError(
                leg: .stt,
                provider: Self.name,
                code: "refused",
                cause: "the embedded recogniser takes 8000 samples per second, not \(request.sampleRate)",
                isRetryable: false
            )
        }
        let decoder = try await pool.lend(CallerVocabulary(request.profile))
        do {
            guard let queue = threads.next() else {
                return try PocketSphinxSession(
                    decoder: decoder,
                    pool: pool,
                    configuration: configuration,
                    events: events
                )
            }
            let wait = configuration.longestWaitSeconds * PocketSphinxSession.lineRate
            let report = TurnReport(longestWait: wait, events: events)
            let session = try PocketSphinxSession(
                decoder: decoder,
                pool: pool,
                configuration: configuration,
                events: report.pass
            )
            return QueuedSession(session, on: queue, report: report, pool: pool)
        } catch {
            pool.giveBack(decoder)
            throw error
        }
    }
}
