import Actors
import AsyncHTTPClient
import Foundation
import NIOCore

/// Text to speech by `POST {base}/audio/speech`: 24 kHz samples in a chunked answer, brought to the line's rate. Tells no words.
public final class OpenAISpeechSynthesizer: Synthesizer {
    public let provider = "openai"
    private let configuration: OpenAISpeechConfiguration
    private let desk: VoiceDesk
    private let http: VendorHTTP

    /// - Parameter client: shared with the other vendors.
    public init(_ configuration: OpenAISpeechConfiguration, client: HTTPClient) {
        self.configuration = configuration
        desk = VoiceDesk(provider: provider)
        let key = configuration.key.value
        let optional = [
            ("Authorization", key.isEmpty ? nil : "Bearer \(key)"),
            ("OpenAI-Organization", configuration.organization),
            ("OpenAI-Project", configuration.project),
        ]
        http = VendorHTTP(
            leg: .tts,
            provider: provider,
            baseURL: configuration.baseURL,
            headers: optional.compactMap { name, value in value.map { (name, $0) } },
            client: client,
            limits: configuration.network
        )
    }

    public var statistics: VoiceStatistics { VoiceStatistics(pieces: desk.pieces) }

    public func warm(_ profile: TenantProfile) async { await http.warm() }

    public func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        let encoding = VoiceEncoding.pcm(rate: configuration.sampleRate)
        return SpeechPiece.stream(request, encoding: encoding, limits: configuration.limits, desk: desk) {
            [self] piece in
            try await VoiceDownload.read(piece) {
                try await self.http.post("/audio/speech", json: self.body(piece.request), accepts: "audio/*")
            }
        }
    }

    private func body(_ request: SpeechRequest) -> Body {
        Body(
            model: configuration.model,
            input: request.text,
            voice: configuration.voice(for: request.voice, language: request.language),
            instructions: configuration.instructions,
            speed: configuration.speed
        )
    }

    private struct Body: Encodable {
        var model: String
        var input: String
        var voice: String
        var responseFormat = "pcm"
        var instructions: String?
        var speed: Double?

        enum CodingKeys: String, CodingKey {
            case model, input, voice, instructions, speed
            case responseFormat = "response_format"
        }
    }
}
