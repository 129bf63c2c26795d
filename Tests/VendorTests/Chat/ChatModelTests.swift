import Actors
import AsyncHTTPClient
import Engine
import Legs
import NIOPosix
import TestSupport
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("Chat models")
    struct ChatModelTests {
        @Test(arguments: ChatVendor.allCases)
        func `an answer comes token by token, with what it cost`(_ vendor: ChatVendor) async throws {
            try await vendor.run { model, server in
                server.answer { request in
                    var answer = ScriptedAnswer.say("You said: \(request.said)")
                    answer.usage = .init(input: 30, output: 7, cached: 10)
                    answer.pieces.insert(
                        contentsOf: [.ping, .comment("keep-alive"), .raw(event: "new", data: "{}")],
                        at: 1
                    )
                    return answer
                }
                let outcome = await ChatOutcome.read(model.answer(.asking("Good morning 😀")))
                #expect(outcome.error == nil)
                #expect(
                    outcome.deltas == [
                        .text("You"), .text(" said:"), .text(" Good"), .text(" morning"), .text(" 😀"),
                        .usage(ChatUsage(inputTokens: 30, outputTokens: 7, cachedTokens: 10)), .finished(.stop),
                    ]
                )
                let request = try #require(server.record.requests.first)
                #expect(request.system == "You answer the telephone.")
                #expect(request.maximumTokens == 400)
            }
        }

        @Test(arguments: ChatVendor.allCases)
        func `tools are called, answered, and the answer goes on`(_ vendor: ChatVendor) async throws {
            try await vendor.run { model, server in
                server.answer { request in
                    guard request.results.isEmpty else {
                        return .say("It is " + request.results.joined(separator: " and ") + ".")
                    }
                    return .call(
                        [
                            .init("get_weather", #"{"city":"Lisboa é 😀"}"#, id: "a"),
                            .init("get_weather", "{oops", id: "b"),
                            .init("opening_hours", "", id: "c"),
                        ],
                        saying: "One moment.",
                        characters: 3
                    )
                }
                var request = ChatRequest.asking("Weather?", tools: [.weather, .hours])
                let first = await ChatOutcome.read(model.answer(request))
                #expect(first.error == nil)
                #expect(first.text == "One moment.")
                #expect(first.finishes == [.tools])
                // Three characters an event: it is seen that the model is at work.
                #expect(first.deltas.contains(.working))
                #expect(
                    first.calls == [
                        ToolCall(id: "a", name: "get_weather", arguments: #"{"city":"Lisboa é 😀"}"#),
                        ToolCall(id: "b", name: "get_weather", arguments: "{oops"),
                        ToolCall(id: "c", name: "opening_hours", arguments: "{}"),
                    ]
                )
                request.messages.append(.assistant(first.text, calls: first.calls))
                request.messages += [
                    .tool(id: "a", content: "warm", isError: false), .tool(id: "b", content: "unknown", isError: true),
                    .tool(id: "c", content: "late", isError: false),
                ]
                let second = await ChatOutcome.read(model.answer(request))
                #expect(second.error == nil)
                #expect(second.text == "It is warm and unknown and late.")
                #expect(server.record.refusals == [])
                #expect(server.record.requests.last?.tools.sorted() == ["get_weather", "opening_hours"])
            }
        }

        @Test(arguments: ChatVendor.allCases)
        func `a warmed connection carries every request that follows`(_ vendor: ChatVendor) async throws {
            try await vendor.run { model, server in
                await model.warm()
                #expect(server.record.warms == 1)
                for _ in 0..<5 {
                    #expect(await ChatOutcome.read(model.answer(.asking("Hi"))).finishes == [.stop])
                }
                #expect(server.record.connections == 1)
            }
        }

        @Test(arguments: ChatVendor.allCases)
        func `an error in the middle keeps what was said before it`(_ vendor: ChatVendor) async throws {
            try await vendor.run { model, server in
                server.answer { _ in ScriptedAnswer([.text("Well,")], end: .error(type: "overloaded_error")) }
                let outcome = await ChatOutcome.read(model.answer(.asking("Hi")))
                #expect(outcome.deltas == [.text("Well,")])
                #expect(outcome.legError?.code == "busy")
                #expect(outcome.legError?.isRetryable == true)
            }
        }

        @Test(arguments: ChatVendor.allCases)
        func `what the vendor refuses is refused without its words`(_ vendor: ChatVendor) async throws {
            try await vendor.run { model, server in
                let request = ChatRequest(
                    system: "",
                    messages: [.user("Hi"), .tool(id: "of no call", content: "x", isError: false)]
                )
                let outcome = await ChatOutcome.read(model.answer(request))
                #expect(outcome.deltas == [])
                #expect(outcome.legError?.code == "refused")
                #expect(outcome.legError?.isRetryable == false)
                #expect(outcome.legError?.cause == "the answer was status 400 (invalid_request_error)")
                #expect(server.record.refusals.count == 1)
            }
        }

        @Test(arguments: ChatVendor.allCases)
        func `a wrong key is refused`(_ vendor: ChatVendor) async throws {
            try await vendor.run { _, server in
                let client = VendorHTTP.client(group: MultiThreadedEventLoopGroup.singleton)
                let model: any ChatModel =
                    switch vendor {
                    case .openAI: OpenAIChatModel(.init(model: "m", baseURL: server.baseURL), client: client)
                    case .anthropic:
                        AnthropicModel(.init(model: "m", key: "no", baseURL: server.baseURL), client: client)
                    }
                let outcome = await ChatOutcome.read(model.answer(.asking("Hi")))
                #expect(outcome.legError?.code == "refused")
                try await client.shutdown()
            }
        }

        @Test func `a server of another path, without a key, that knows only max_tokens`() async throws {
            var manner = OpenAIChatManner()
            manner.basePath = "/tenants/7/v1"
            manner.takesMaxCompletionTokens = false
            manner.takesStreamOptions = false
            manner.takesTemperature = false
            let server = try await ChatServer.openAI(manner)
            let client = VendorHTTP.client(group: MultiThreadedEventLoopGroup.singleton)
            var configuration = OpenAIChatConfiguration(model: "qwen", baseURL: server.baseURL + "/")
            configuration.tokensMember = .maxTokens
            configuration.asksForUsage = false
            configuration.sendsTemperature = false
            let outcome = await ChatOutcome.read(OpenAIChatModel(configuration, client: client).answer(.asking("Hi")))
            #expect(outcome.deltas == [.text("Good"), .text(" morning."), .finished(.stop)])
            #expect(server.record.requests.first?.headers.contains { $0.name == "Authorization" } == false)
            try await client.shutdown()
            await server.stop()
        }

        @Test func `the version before takes a temperature, and the key in its own header`() async throws {
            var manner = AnthropicManner(key: ChatVendor.key)
            manner.takesBearer = false
            let server = try await ChatServer.anthropic(manner)
            let client = VendorHTTP.client(group: MultiThreadedEventLoopGroup.singleton)
            var configuration = AnthropicConfiguration(model: "m", key: ChatVendor.key, baseURL: server.baseURL)
            configuration.version = AnthropicConfiguration.samplingVersion
            configuration.keyHeader = .apiKey
            let outcome = await ChatOutcome.read(AnthropicModel(configuration, client: client).answer(.asking("Hi")))
            #expect(outcome.text == "Good morning.")
            #expect(server.record.requests.first?.body.contains(#""temperature":0.5"#) == true)
            try await client.shutdown()
            await server.stop()
        }
    }
}
