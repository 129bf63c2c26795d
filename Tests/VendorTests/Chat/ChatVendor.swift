import Actors
import AsyncHTTPClient
import Legs
import NIOPosix
import Testing
import VendorServers

/// Both vendors' models, each against its server: what is said of one holds of the other.
enum ChatVendor: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case openAI, anthropic

    static let key = "sk-of-the-tests"

    var testDescription: String { rawValue }
    var provider: String { rawValue.lowercased() }

    func server() async throws -> ChatServer {
        switch self {
        case .openAI: try await .openAI(OpenAIChatManner(key: Self.key))
        case .anthropic: try await .anthropic(AnthropicManner(key: Self.key))
        }
    }

    func model(
        at baseURL: String,
        client: HTTPClient,
        limits: ChatLimits = ChatLimits(),
        transport: VendorLimits = VendorLimits()
    ) -> any ChatModel {
        switch self {
        case .openAI:
            var configuration = OpenAIChatConfiguration(model: "m", key: Self.key, baseURL: baseURL)
            configuration.limits = limits
            configuration.transport = transport
            return OpenAIChatModel(configuration, client: client)
        case .anthropic:
            var configuration = AnthropicConfiguration(model: "m", key: Self.key, baseURL: baseURL)
            configuration.limits = limits
            configuration.transport = transport
            return AnthropicModel(configuration, client: client)
        }
    }

    /// A decoder, fed as the wire is: bytes in pieces of any size.
    ///
    /// - Returns: what came of it, and the fault that ended it.
    func decode(
        _ bytes: [UInt8],
        inPiecesOf size: Int = .max,
        limits: ChatLimits = ChatLimits()
    ) -> (deltas: [ChatDelta], fault: (any Error)?) {
        switch self {
        case .openAI: run(OpenAIChatDecoder(limits: limits, nonce: "n"), bytes, size)
        case .anthropic: run(AnthropicDecoder(limits: limits, nonce: "n"), bytes, size)
        }
    }

    private func run(
        _ decoder: some ChatDecoder,
        _ bytes: [UInt8],
        _ size: Int
    ) -> (deltas: [ChatDelta], fault: (any Error)?) {
        var decoder = decoder
        var events = ServerSentEvents()
        var deltas: [ChatDelta] = []
        do {
            for start in stride(from: 0, to: bytes.count, by: min(size, max(1, bytes.count))) {
                let piece = bytes[start..<min(bytes.count, start + min(size, bytes.count))]
                for event in try events.push(piece) {
                    deltas += try decoder.push(event: event.name, data: event.data)
                }
            }
            deltas += try decoder.end()
            return (deltas, nil)
        } catch {
            return (deltas, error)
        }
    }

    /// A model and its server, both gone afterwards, with every connection between them.
    func run(
        limits: ChatLimits = ChatLimits(),
        transport: VendorLimits = VendorLimits(),
        _ body: (any ChatModel, ChatServer) async throws -> Void
    ) async throws {
        let server = try await server()
        let client = VendorHTTP.client(group: MultiThreadedEventLoopGroup.singleton)
        let model = model(at: server.baseURL, client: client, limits: limits, transport: transport)
        do {
            try await body(model, server)
        } catch {
            try? await client.shutdown()
            await server.stop()
            throw error
        }
        try await client.shutdown()
        await server.stop()
        // Nothing that was asked for, given up or failed keeps a connection.
        await server.until { $0.openConnections == 0 && $0.exchanges.allSatisfy { $0.end != nil } }
    }
}

extension ChatRequest {
    static func asking(_ text: String, tools: [ToolDeclaration] = []) -> ChatRequest {
        ChatRequest(system: "You answer the telephone.", messages: [.user(text)], tools: tools, temperature: 0.5)
    }
}

extension ToolDeclaration {
    static let weather = ToolDeclaration(
        name: "get_weather",
        description: "The weather of a city.",
        parameters: ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]]
    )
    static let hours = ToolDeclaration(
        name: "opening_hours",
        description: "When we are open.",
        parameters: ["type": "object", "properties": [:]]
    )
}
