import Actors
import AsyncHTTPClient

/// A language model behind `POST {base}/chat/completions`, streamed.
public struct OpenAIChatModel: ChatModel {
    private let configuration: OpenAIChatConfiguration
    private let http: VendorHTTP

    /// - Parameter client: shared by all legs, so that connections are.
    public init(_ configuration: OpenAIChatConfiguration, client: HTTPClient) {
        self.configuration = configuration
        var headers: [(String, String)] = []
        if let key = configuration.key { headers.append(("Authorization", "Bearer \(key)")) }
        if let organization = configuration.organization { headers.append(("OpenAI-Organization", organization)) }
        if let project = configuration.project { headers.append(("OpenAI-Project", project)) }
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
            to: "/chat/completions",
            of: http,
            limits: configuration.limits
        ) { nonce in
            OpenAIChatDecoder(limits: configuration.limits, mayBeEmpty: request.answersTool, nonce: nonce)
        } body: { [configuration] in
            OpenAIChatRequest.body(request, configuration)
        }
    }
}
