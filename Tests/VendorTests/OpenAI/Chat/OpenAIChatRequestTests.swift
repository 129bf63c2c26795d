import Actors
import Legs
import Testing

@Suite("OpenAI chat request")
struct OpenAIChatRequestTests {
    private func body(
        _ request: ChatRequest,
        _ change: (inout OpenAIChatConfiguration) -> Void = { _ in }
    ) -> JSON {
        var configuration = OpenAIChatConfiguration(model: "m")
        change(&configuration)
        return OpenAIChatRequest.body(request, configuration)
    }

    @Test func `a request is what the page shows`() throws {
        let request = ChatRequest(
            system: "You are a receptionist.",
            messages: [
                .user("Weather in Lisbon?"),
                .assistant("", calls: [ToolCall(id: "call_1", name: "get_weather", arguments: #"{"city":"Lisbon"}"#)]),
                .tool(id: "call_1", content: "21 degrees", isError: false),
            ],
            tools: [.weather],
            maximumTokens: 200,
            temperature: 0.3
        )
        let expected = try JSON(
            parsing: #"""
                {"model":"m","stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":200,
                 "temperature":0.3,
                 "messages":[{"role":"system","content":"You are a receptionist."},
                  {"role":"user","content":"Weather in Lisbon?"},
                  {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",
                   "function":{"name":"get_weather","arguments":"{\"city\":\"Lisbon\"}"}}]},
                  {"role":"tool","tool_call_id":"call_1","content":"21 degrees"}],
                 "tools":[{"type":"function","function":{"name":"get_weather","description":"The weather of a city.",
                  "parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]}
                """#.utf8
        )
        #expect(body(request) == expected)
    }

    @Test func `settings for servers that differ`() {
        let request = ChatRequest.asking("Hi", tools: [.hours])
        let plain = body(request) {
            $0.tokensMember = .maxTokens
            $0.asksForUsage = false
            $0.sendsTemperature = false
            $0.parallelCalls = false
            $0.extra = ["reasoning_effort": "low", "model": "another", "stream": false]
        }
        #expect(plain["max_tokens"] == 400)
        #expect(plain["max_completion_tokens"] == nil)
        #expect(plain["stream_options"] == nil)
        #expect(plain["temperature"] == nil)
        #expect(plain["parallel_tool_calls"] == false)
        #expect(plain["reasoning_effort"] == "low")
        #expect(plain["model"] == "m")
        #expect(plain["stream"] == true)
    }

    @Test func `without tools nothing is said of them`() {
        let plain = body(.asking("Hi")) { $0.parallelCalls = true }
        #expect(plain["tools"] == nil)
        #expect(plain["parallel_tool_calls"] == nil)
    }

    @Test func `an unanswered caller is one message and an empty answer none`() {
        let request = ChatRequest(
            system: " ",
            messages: [.user("Hello?"), .assistant(" ", calls: []), .user("Are you there?"), .user("")]
        )
        #expect(body(request)["messages"] == [["role": "user", "content": "Hello?\nAre you there?"]])
    }

    @Test(arguments: ["{x: oops", "", "[1]", "null"])
    func `arguments that are no object go back as an empty one`(_ arguments: String) {
        let request = ChatRequest(
            system: "",
            messages: [.assistant("", calls: [ToolCall(id: "a", name: "one", arguments: arguments)])]
        )
        let call = body(request)["messages"]?.list?.first?["tool_calls"]?.list?.first
        #expect(call?["function"]?["arguments"] == "{}")
    }

    @Test func `equal prompts are equal texts`() {
        let request = ChatRequest.asking("Hi", tools: [.weather, .hours])
        #expect(Set((0..<20).map { _ in body(request).serialized }).count == 1)
    }

    @Test func `a configuration never shows its key`() {
        let configuration = OpenAIChatConfiguration(model: "m", key: "sk-secret")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("sk-secret"))
        }
    }
}
