import Actors
import AsyncHTTPClient
import NIOCore

/// A language model behind `POST {base}/v1/messages`, streamed.
public struct AnthropicModel: ChatModel {
    private let configuration: AnthropicConfiguration
    private let http: VendorHTTP

    /// - Parameter client: shared by all legs, so that connections are.
    public init(_ configuration: AnthropicConfiguration, client: HTTPClient) {
        self.configuration = configuration
        var headers = [("anthropic-version", configuration.version)]
        if let key = configuration.key {
            switch configuration.keyHeader {
            case .bearer: headers.append(("Authorization", "Bearer \(key)"))
            case .apiKey: headers.append(("x-api-key", key))
            }
        }
        http = VendorHTTP(
            leg: .llm,
            provider: configuration.provider,
            baseURL: configuration.baseURL,
            headers: headers,
            client: client,
            limits: configuration.transport
        )
    }

    public var provider: String { configuration.provider }

    public func warm() async { await http.warm() }

    public func answer(_ request: ChatRequest) -> AsyncThrowingStream<ChatDelta, any Error> {
        let decoder = AnthropicDecoder(
            limits: configuration.limits,
            mayBeEmpty: request.answersTool,
            nonce: String(UInt32.random(in: .min ... .max), radix: 16)
        )
        return ChatReading.answer(decoder, provider: provider, limits: configuration.limits) {
            [http, configuration] in
            // Members in the order of their names: the same prompt is the same text, which the prompt cache goes by.
            try await http.send(
                "POST",
                "/v1/messages",
                body: ByteBuffer(string: AnthropicRequest.body(request, configuration).serialized),
                contentType: "application/json",
                headers: [("Accept", "text/event-stream")]
            )
        }
    }
}
