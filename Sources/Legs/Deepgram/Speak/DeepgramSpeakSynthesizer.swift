import Actors
import AsyncHTTPClient
import Engine
import Foundation
import NIOCore

/// Text to speech by Deepgram Aura: a socket that speaks one piece after another, or plain HTTP. Tells no words.
public final class DeepgramSpeakSynthesizer: Synthesizer {
    public let provider = "deepgram"
    private let configuration: DeepgramSpeakConfiguration
    private let desk: VoiceDesk
    private let http: VendorHTTP
    private let pool: VoicePool<AuraSocket.Key, AuraSocket>

    /// - Parameter client: shared with the other vendors; its event loops carry the sockets too.
    public init(_ configuration: DeepgramSpeakConfiguration, client: HTTPClient) {
        self.configuration = configuration
        let desk = VoiceDesk(provider: provider)
        self.desk = desk
        http = VendorHTTP(
            leg: .tts,
            provider: provider,
            baseURL: configuration.baseURL,
            headers: [("Authorization", "Token \(configuration.key.value)")],
            client: client,
            limits: configuration.network
        )
        let group = client.eventLoopGroup
        pool = VoicePool(configuration.pool, reuses: true) { key in
            try await AuraSocket.open(key, configuration, errors: desk.errors, group: group)
        }
    }

    public var statistics: VoiceStatistics { VoiceStatistics(pieces: desk.pieces, sockets: pool.statistics) }

    public func warm(_ profile: TenantProfile) async {
        switch configuration.transport {
        case .webSocket: await pool.warm(key(profile.voice, profile.language, rate: Frame.sampleRate))
        case .rest: await http.warm()
        }
    }

    /// Closes the sockets that wait, and keeps none from now on. Pieces under way come to their end.
    public func close() { pool.close() }

    public func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        let key = key(request.voice, request.language, rate: request.sampleRate)
        let encoding = key.format.encoding
        return SpeechPiece.stream(request, encoding: encoding, limits: configuration.limits, desk: desk) {
            [self] piece in
            guard VoiceChoice.isPlain(key.voice) else {
                throw desk.errors.voice("the configured voice is no model name: use one such as aura-2-<name>-en")
            }
            switch configuration.transport {
            case .webSocket:
                try await pool.speak(piece, key) { try await $0.speak(piece) ? $0 : nil }
            case .rest:
                try await VoiceDownload.read(piece) { try await self.post(piece.request.text, key) }
            }
        }
    }

    private func key(_ voice: String, _ language: String, rate: Int) -> AuraSocket.Key {
        AuraSocket.Key(
            voice: configuration.voice(for: voice, language: language),
            format: configuration.format ?? .matching(rate: rate)
        )
    }

    private struct Body: Encodable {
        var text: String
    }

    private func post(_ text: String, _ key: AuraSocket.Key) async throws -> VendorResponse {
        // Without `container=none` a WAV header comes first, which plays as a click.
        var parts = URLComponents()
        parts.path = "/v1/speak"
        parts.queryItems =
            AuraSocket.query(key, configuration) + [URLQueryItem(name: "container", value: "none")]
        return try await http.post(parts.string ?? parts.path, json: Body(text: text), accepts: "audio/*")
    }
}
