import Engine
import Foundation
import NIOCore

/// OpenAI's text to speech on a loopback port: `POST /v1/audio/speech`.
public final class OpenAISpeechServer: Sendable {
    public typealias Settings = VoiceServerSettings

    private static let voices: Set<String> = [
        "alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse", "marin",
        "cedar",
    ]

    public let log = VoiceServerLog()
    private let knobs: VoiceServerKnobs<Settings>
    private let server: PlainServer

    public init(_ settings: Settings = Settings()) async throws {
        let knobs = VoiceServerKnobs(settings)
        self.knobs = knobs
        let log = log
        server = try await PlainServer { request, connection in
            Self.answer(request, knobs.now, log, connection)
        }
    }

    /// The base URL, `/v1` included.
    public var url: String { server.http + "/v1" }
    public var openConnections: Int { server.openConnections }
    public func settings(_ change: (inout Settings) -> Void) { knobs.change(change) }
    public func idle() async { await server.idle() }
    public func stop() async { await server.stop() }

    private struct Body: Decodable {
        var model: String
        var input: String
        var voice: String
        var response_format: String?
        var speed: Double?
        var instructions: String?

        var fault: String? {
            if model.isEmpty { return "model" }
            if input.isEmpty || input.unicodeScalars.count > 4096 { return "input" }
            if !voices.contains(voice) { return "voice" }
            if response_format != "pcm" { return "response_format" }
            if let speed, !(0.25...4).contains(speed) { return "speed" }
            return nil
        }
    }

    private static func answer(
        _ request: PlainRequest,
        _ settings: Settings,
        _ log: VoiceServerLog,
        _ connection: PlainConnection
    ) {
        guard request.method != "HEAD" else { return connection.answer(404) }
        guard request.method == "POST", request.target == "/v1/audio/speech" else { return connection.answer(404) }
        let isKnown = request.headers.first(name: "Authorization") == "Bearer \(settings.key)"
        let refused = VoiceAnswers.refuse(
            isKnown ? settings.fault : .unauthorized,
            connection,
            unauthorized: error("invalid_api_key"),
            busy: error("rate_limit_exceeded")
        )
        guard !refused else { return }
        let body = try? JSONDecoder().decode(Body.self, from: Data(request.body.readableBytesView))
        guard let body, body.fault == nil else {
            log.violation("body: \(body?.fault ?? "JSON")")
            return connection.answer(400, body: error("invalid_value").utf8)
        }
        let number = log.change { record in
            record.requests.append(.init(target: request.target, body: String(buffer: request.body)))
            record.pieces.append(body.input)
            return record.requests.count - 1
        }
        let arrived = ContinuousClock.now
        let isWhole = Locked(false)
        connection.channel.closeFuture.whenComplete { _ in
            guard !isWhole.withLock({ $0 }) else { return }
            log.change { record in
                record.requests[number].isAbandoned = true
                record.requests[number].abandonedAt = .now
            }
        }
        VoiceAnswers.speak(
            VoiceTone.bytes(body.input, rate: 24_000, isMuLaw: false),
            arrived: arrived,
            bytesPerSecond: 48_000,
            mediaType: "audio/pcm",
            settings: settings.meeting(body.input),
            connection,
            broke: { log.reset(body.input) }
        ) { isWhole.withLock { $0 = true } }
    }

    private static func error(_ code: String) -> String {
        #"{"error":{"message":"Something in prose","type":"invalid_request_error","param":null,"code":"\#(code)"}}"#
    }
}
