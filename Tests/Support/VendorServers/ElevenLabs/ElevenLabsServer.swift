import Engine
import Foundation
import NIOCore

/// ElevenLabs' text to speech on a loopback port: `stream-input` and `POST …/stream`.
public final class ElevenLabsServer: Sendable {
    public struct Settings: Sendable {
        public var common = VoiceServerSettings()
        /// Words that are read otherwise than they are written: `10` as `ten`.
        public var reads: [String: String] = [:]
        /// Which times a message has.
        public var alignment = Alignment.both
        /// Without text for this long a socket is closed; nil: what the client asked for, 20 s by default.
        public var inactivityTimeout: Duration?
        /// An error in place of a piece: the vendor's word, and the close code that follows.
        public var error: (word: String, code: UInt16)?

        public enum Alignment: Sendable, CaseIterable { case both, normalizedOnly, none }

        public init() {}
    }

    static let formats: [String: (rate: Int, isMuLaw: Bool)] = [
        "ulaw_8000": (8000, true), "pcm_8000": (8000, false), "pcm_16000": (16_000, false),
        "pcm_22050": (22_050, false),
        "pcm_24000": (24_000, false), "pcm_32000": (32_000, false), "pcm_44100": (44_100, false),
        "pcm_48000": (48_000, false),
    ]

    public let log = VoiceServerLog()
    private let knobs: VoiceServerKnobs<Settings>
    private let server: PlainServer

    public init(_ settings: Settings = Settings()) async throws {
        let knobs = VoiceServerKnobs(settings)
        self.knobs = knobs
        let log = log
        server = try await PlainServer { request, connection in
            let settings = knobs.now
            ElevenLabsRequestReader(request: request, settings: settings, log: log)
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
struct ElevenLabsRequestReader: Sendable {
    let request: PlainRequest
    let settings: ElevenLabsServer.Settings
    let log: VoiceServerLog

    /// - Parameter latest: the settings at a later time.
    func answer(_ connection: PlainConnection, latest: @escaping @Sendable () -> ElevenLabsServer.Settings) {
        let parts = request.path.split(separator: "/").map(String.init)
        // A warm-up may ask for anything.
        guard request.method != "HEAD" else { return connection.answer(404) }
        guard parts.count == 4, parts[0] == "v1", parts[1] == "text-to-speech" else { return connection.answer(404) }
        let key = settings.common.key
        let isKnown = request.headers.first(name: "xi-api-key") == key
        let refused = VoiceAnswers.refuse(
            isKnown ? settings.common.fault : .unauthorized,
            connection,
            unauthorized: #"{"detail":{"status":"invalid_api_key","message":"Invalid API key"}}"#,
            busy: #"{"detail":{"status":"too_many_concurrent_requests","message":"Too many concurrent requests"}}"#
        )
        guard !refused else { return }
        let query = Dictionary(request.query.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        guard let format = ElevenLabsServer.formats[query["output_format"] ?? "mp3_44100_128"] else {
            log.violation("output_format \(query["output_format"] ?? "missing")")
            return connection.answer(400, body: #"{"detail":{"status":"invalid_output_format"}}"#.utf8)
        }
        switch (request.method, parts[3]) {
        case ("GET", "stream-input"):
            check(
                query,
                ["model_id", "output_format", "inactivity_timeout", "language_code", "apply_text_normalization"]
            )
            ElevenLabsStream(query: query, format: format, log: log, latest: latest).open(request, connection)
        case ("POST", "stream"):
            check(query, ["output_format"])
            post(format, connection)
        default:
            connection.answer(404)
        }
    }

    private func check(_ query: [String: String], _ names: Set<String>) {
        for name in query.keys where !names.contains(name) { log.violation("query \(name)") }
        if let seconds = query["inactivity_timeout"], Int(seconds).map({ (1...180).contains($0) }) != true {
            log.violation("inactivity_timeout \(seconds)")
        }
        if names.contains("model_id"), query["model_id"]?.isEmpty != false { log.violation("model_id is missing") }
    }

    private struct Body: Decodable {
        var text: String
        var model_id: String
        var language_code: String?
        var voice_settings: [String: Setting]?
    }

    private func post(_ format: (rate: Int, isMuLaw: Bool), _ connection: PlainConnection) {
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(request.body.readableBytesView)),
            !body.text.isEmpty
        else {
            log.violation("body")
            let detail = #"{"detail":[{"loc":["body","text"],"msg":"field required","type":"value_error.missing"}]}"#
            return connection.answer(422, headers: [("Content-Type", "application/json")], body: detail.utf8)
        }
        let number = log.change { record in
            record.requests.append(.init(target: request.target, body: String(buffer: request.body)))
            record.pieces.append(body.text)
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
            VoiceTone.bytes(body.text, rate: format.rate, isMuLaw: format.isMuLaw),
            arrived: arrived,
            bytesPerSecond: format.rate * (format.isMuLaw ? 1 : 2),
            mediaType: format.isMuLaw ? "audio/basic" : "audio/pcm",
            settings: settings.common.meeting(body.text),
            connection,
            broke: { [log] in log.reset(body.text) }
        ) { isWhole.withLock { $0 = true } }
    }

    /// A voice setting: a number or a flag.
    enum Setting: Decodable {
        case number(Double)
        case flag(Bool)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let flag = try? value.decode(Bool.self) {
                self = .flag(flag)
            } else {
                self = .number(try value.decode(Double.self))
            }
        }
    }
}
