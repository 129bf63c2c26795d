import Actors
import Legs
import Testing

@Suite("Anthropic request")
struct AnthropicRequestTests {
    private func body(_ request: ChatRequest, _ change: (inout AnthropicConfiguration) -> Void = { _ in }) -> JSON {
        var configuration = AnthropicConfiguration(model: "m", key: nil)
        change(&configuration)
        return AnthropicRequest.body(request, configuration)
    }

    @Test func `a request is what the page shows`() throws {
        let request = ChatRequest(
            system: "You are a receptionist.",
            messages: [
                .user("Weather in Lisbon and Porto?"),
                .assistant(
                    "One moment.",
                    calls: [
                        ToolCall(id: "toolu_1", name: "get_weather", arguments: #"{"city":"Lisbon"}"#),
                        ToolCall(id: "toolu_2", name: "get_weather", arguments: "no JSON"),
                    ]
                ),
                .tool(id: "toolu_1", content: "21 degrees", isError: false),
                .tool(id: "toolu_2", content: "which city?", isError: true),
                .user("And hurry."),
            ],
            tools: [.hours, .weather],
            maximumTokens: 200,
            temperature: 0.3
        )
        let expected = try JSON(
            parsing: #"""
                {"model":"m","stream":true,"max_tokens":200,
                 "system":[{"type":"text","text":"You are a receptionist.","cache_control":{"type":"ephemeral"}}],
                 "messages":[{"role":"user","content":[{"type":"text","text":"Weather in Lisbon and Porto?"}]},
                  {"role":"assistant","content":[{"type":"text","text":"One moment."},
                   {"type":"tool_use","id":"toolu_1","name":"get_weather","input":{"city":"Lisbon"}},
                   {"type":"tool_use","id":"toolu_2","name":"get_weather","input":{}}]},
                  {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"21 degrees"},
                   {"type":"tool_result","tool_use_id":"toolu_2","content":"which city?","is_error":true},
                   {"type":"text","text":"And hurry."}]}],
                 "tools":[{"name":"opening_hours","description":"When we are open.",
                   "input_schema":{"type":"object","properties":{}}},
                  {"name":"get_weather","description":"The weather of a city.",
                   "input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},
                   "cache_control":{"type":"ephemeral"}}]}
                """#.utf8
        )
        #expect(body(request) == expected)
    }

    @Test func `a temperature goes only to the version that takes one, at most 1`() {
        var request = ChatRequest.asking("Hi")
        request.temperature = 1.5
        #expect(body(request)["temperature"] == nil)
        #expect(body(request) { $0.version = AnthropicConfiguration.samplingVersion }["temperature"] == .number(1))
    }

    @Test func `without the cache nothing is marked`() {
        let text = body(.asking("Hi", tools: [.hours])) { $0.cachesPrompt = false }.serialized
        #expect(!text.contains("cache_control"))
    }

    @Test func `parties alternate and no block is empty`() {
        let request = ChatRequest(
            system: "",
            messages: [
                .user("Hello?"), .assistant("", calls: []), .user("Are you there?"), .assistant("Yes.", calls: []),
                .assistant("How can I help?", calls: []), .user(" "),
            ]
        )
        #expect(
            body(request)["messages"] == [
                ["role": "user", "content": [["type": "text", "text": "Hello?\nAre you there?"]]],
                ["role": "assistant", "content": [["type": "text", "text": "Yes.\nHow can I help?"]]],
            ]
        )
        #expect(body(request)["system"] == nil)
    }

    @Test func `a configuration never shows its key`() {
        let configuration = AnthropicConfiguration(model: "m", key: "sk-secret")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("sk-secret"))
        }
    }
}
