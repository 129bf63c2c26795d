import Actors
import AsyncHTTPClient

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
        ChatReading.answer(
            to: "/v1/messages",
            of: http,
            limits: configuration.limits
        ) { nonce in
            AnthropicDecoder(limits: configuration.limits, mayBeEmpty: request.answersTool, nonce: nonce)
        } body: { [configuration] in
            AnthropicRequest.body(request, configuration)
        }
    }
}
