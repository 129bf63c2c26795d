import Engine
import Foundation
import NIOCore

/// Deepgram's Aura text to speech on a loopback port: the Speak socket and `POST /v1/speak`.
public final class DeepgramSpeakServer: Sendable {
    public struct Settings: Sendable {
        public var common = VoiceServerSettings()
        /// From a `Clear` to its `Cleared`; nil: never.
        public var clearDelay: Duration? = .zero
        /// Audio messages that are already on their way when a `Clear` arrives, and come before its `Cleared`.
        public var audioAfterClear = 2
        /// Flushes taken in 60 s on one socket; more are answered with a warning and not done.
        public var flushesPerMinute = 20
        /// A warning is sent with each piece.
        public var warns = false
        /// The socket is closed with this code in place of a piece.
        public var closeCode: UInt16?
        /// Idle sockets are closed after this long; nil: never.
        public var idleTimeout: Duration?

        public init() {}
    }

    public let log = VoiceServerLog()
    private let knobs: VoiceServerKnobs<Settings>
    private let server: PlainServer

    public init(_ settings: Settings = Settings()) async throws {
        let knobs = VoiceServerKnobs(settings)
        self.knobs = knobs
        let log = log
        server = try await PlainServer { request, connection in
            let settings = knobs.now
            DeepgramSpeakRequestReader(request: request, settings: settings, log: log)
                .answer(connection) { knobs.now }
        }
    }

    public var url: String { server.http }
    public var openConnections: Int { server.openConnections }
    public func settings(_ change: (inout Settings) -> Void) { knobs.change(change) }
    public func idle() async { await server.idle() }
    public func stop() async { await server.stop() }
}

/// Judges a request by the vendor's page and answers it.
struct DeepgramSpeakRequestReader: Sendable {
    let request: PlainRequest
    let settings: DeepgramSpeakServer.Settings
    let log: VoiceServerLog

    private static let rates: [String: Set<Int>] = [
        "linear16": [8000, 16_000, 24_000, 32_000, 48_000], "mulaw": [8000, 16_000], "alaw": [8000, 16_000],
    ]

    /// - Parameter latest: the settings at a later time.
    func answer(_ connection: PlainConnection, latest: @escaping @Sendable () -> DeepgramSpeakServer.Settings) {
        guard request.method != "HEAD" else { return connection.answer(404) }
        guard request.path == "/v1/speak" else { return connection.answer(404) }
        let isKnown = request.headers.first(name: "Authorization") == "Token \(settings.common.key)"
        let refused = VoiceAnswers.refuse(
            isKnown ? settings.common.fault : .unauthorized,
            connection,
            unauthorized: #"{"err_code":"INVALID_AUTH","err_msg":"Invalid credentials.","request_id":"uuid"}"#,
            busy: #"{"category":"TOO_MANY_REQUESTS","message":"Too many","details":"","request_id":"uuid"}"#
        )
        guard !refused else { return }
        let query = Dictionary(request.query.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let isSocket = request.method == "GET"
        var names: Set = ["model", "encoding", "sample_rate", "speed", "mip_opt_out"]
        if !isSocket { names.formUnion(["container", "bit_rate", "callback", "tag"]) }
        for name in query.keys where !names.contains(name) { log.violation("query \(name)") }
        guard let encoding = query["encoding"], let rate = query["sample_rate"].flatMap(Int.init),
            Self.rates[encoding]?.contains(rate) == true, query["model"]?.hasPrefix("aura-") == true
        else {
            log.violation("model, encoding or sample_rate")
            return connection.answer(400, body: #"{"err_code":"Bad Request","err_msg":"…","request_id":"uuid"}"#.utf8)
        }
        let format = (rate: rate, isMuLaw: encoding == "mulaw")
        if isSocket {
            DeepgramSpeakStream(format: format, log: log, latest: latest).open(request, connection)
        } else {
            if query["container"] != "none" { log.violation("a WAV header would be played") }
            post(format, connection)
        }
    }

    private func post(_ format: (rate: Int, isMuLaw: Bool), _ connection: PlainConnection) {
        guard let body = try? JSONDecoder().decode([String: String].self, from: Data(request.body.readableBytesView)),
            let text = body["text"], body.count == 1, !text.isEmpty, text.count <= 2000
        else {
            log.violation("body")
            return connection.answer(400, body: "Bad Request".utf8)
        }
        let number = log.change { record in
            record.requests.append(.init(target: request.target, body: String(buffer: request.body)))
            record.pieces.append(text)
            return record.requests.count - 1
        }
        let arrived = ContinuousClock.now
        let isWhole = Locked(false)
        connection.channel.closeFuture.whenComplete { [log] _ in
            guard !isWhole.withLock({ $0 }) else { return }
            log.change { record in
                record.requests[number].isAbandoned = true
                record.requests[number].abandonedAt = .now
            }
        }
        VoiceAnswers.speak(
            VoiceTone.bytes(text, rate: format.rate, isMuLaw: format.isMuLaw),
            arrived: arrived,
            bytesPerSecond: format.rate * (format.isMuLaw ? 1 : 2),
            mediaType: format.isMuLaw ? "audio/mulaw" : "audio/l16;rate=\(format.rate)",
            settings: settings.common.meeting(text),
            connection,
            broke: { [log] in log.reset(text) }
        ) { isWhole.withLock { $0 = true } }
    }
}
