import Actors
import AsyncHTTPClient
import Engine
import Foundation
import NIOCore

/// Text to speech by ElevenLabs: a WebSocket for each piece, opened ahead, with the words' times; or plain HTTP.
public final class ElevenLabsSynthesizer: Synthesizer {
    public let provider = "elevenlabs"
    private let configuration: ElevenLabsConfiguration
    private let desk: VoiceDesk
    private let http: VendorHTTP
    private let pool: VoicePool<ElevenLabsSocket.Key, ElevenLabsSocket>

    /// - Parameters:
    ///   - client: shared with the other vendors; its event loops carry the sockets too.
    public init(_ configuration: ElevenLabsConfiguration, client: HTTPClient) {
        self.configuration = configuration
        let desk = VoiceDesk(provider: provider)
        self.desk = desk
        http = VendorHTTP(
            leg: .tts,
            provider: provider,
            baseURL: configuration.baseURL,
            headers: [("xi-api-key", configuration.key.value)],
            client: client,
            limits: configuration.network
        )
        let group = client.eventLoopGroup
        pool = VoicePool(configuration.pool, reuses: false) { key in
            try await ElevenLabsSocket.open(key, configuration, errors: desk.errors, group: group)
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
            switch configuration.transport {
            case .webSocket: try await speakOnSocket(piece, key)
            case .rest:
                try await VoiceDownload.read(piece) { try await self.post(piece.request, key) }
            }
        }
    }

    private func key(_ voice: String, _ language: String, rate: Int) -> ElevenLabsSocket.Key {
        ElevenLabsSocket.Key(
            voice: configuration.voice(for: voice, language: language),
            format: configuration.format ?? .matching(rate: rate),
            language: configuration.languageCode(language)
        )
    }

    private func speakOnSocket(_ piece: SpeechPiece, _ key: ElevenLabsSocket.Key) async throws {
        try await pool.speak(piece, key) { connection in
            try await connection.speak(piece)
            return nil
        }
    }

    private func post(_ request: SpeechRequest, _ key: ElevenLabsSocket.Key) async throws -> VendorResponse {
        guard VoiceChoice.isPlain(key.voice) else {
            throw desk.errors.voice("the configured voice is no voice id: use the id from the vendor's voice page")
        }
        return try await http.post(
            "/v1/text-to-speech/\(key.voice)/stream?output_format=\(key.format.rawValue)",
            json: ElevenLabsRequest.Body(
                text: request.text,
                model: configuration.model,
                language: key.language,
                settings: configuration.settings,
                textNormalization: configuration.textNormalization
            ),
            accepts: "audio/*"
        )
    }
}
