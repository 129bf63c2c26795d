import Testing
import VendorServers

extension VendorLoopback {
    /// The server of the tests, judged by requests written by hand from the vendor's page.
    @Suite("OpenAI chat server")
    struct OpenAIChatServerTests {
        static let headers = [("Authorization", "Bearer k"), ("Content-Type", "application/json")]
        static let user = #"{"role":"user","content":"Hi"}"#
        static let called =
            #"{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"one","arguments":"{}"}}]}"#
        static let result = #"{"role":"tool","tool_call_id":"a","content":"x"}"#

        static func body(_ messages: [String], _ more: String = "") -> String {
            #"{"model":"m","stream":true,"messages":[\#(messages.joined(separator: ","))]\#(more)}"#
        }

        /// Body, and a part of what the vendor says of it; nil takes it.
        static let requests: [(body: String, refusal: String?)] = [
            (body([user]), nil),
            (body([#"{"role":"system","content":"s"}"#, user, called, result, user]), nil),
            (body([#"{"role":"user","content":[{"type":"text","text":"Hi"}]}"#]), nil),
            (body([user], #","max_tokens":5,"temperature":2,"stream_options":{"include_usage":true}"#), nil),
            ("{", "parse"),
            ("[]", "parse"),
            (#"{"stream":true,"messages":[\#(user)]}"#, "model"),
            (#"{"model":"m","messages":[\#(user)]}"#, "streams"),
            (#"{"model":"m","stream":1,"messages":[\#(user)]}"#, "stream"),
            (#"{"model":"m","stream":true}"#, "messages"),
            (body([]), "messages"),
            (body([#"{"role":"robot","content":"Hi"}"#]), "robot"),
            (body([#"{"role":"user"}"#]), "content"),
            (body([#"{"role":"assistant","content":null}"#]), "content"),
            (body([user, result]), "must be a response"),
            (body([user, called, user]), "must be followed"),
            (body([user, called]), "must be followed"),
            (body([user, called, result, result]), "must be a response"),
            (body([user], #","max_tokens":0"#), "max_tokens"),
            (body([user], #","max_tokens":1.5"#), "max_tokens"),
            (body([user], #","max_tokens":5,"max_completion_tokens":5"#), "same time"),
            (body([user], #","temperature":3"#), "temperature"),
            (body([user], #","tools":[]"#), "too short"),
            (body([user], #","parallel_tool_calls":true"#), "only allowed when"),
            (body([user], #","tools":[{"type":"function","function":{"name":"two words"}}]"#), "name"),
            (
                body([user], #","tools":[{"type":"function","function":{"name":"a","parameters":{"type":"string"}}}]"#),
                "object"
            ),
        ]

        @Test(arguments: requests.indices)
        func `what the vendor would refuse is refused`(_ index: Int) async throws {
            let (body, refusal) = Self.requests[index]
            let server = try await ChatServer.openAI(OpenAIChatManner(key: "k"))
            let answer = try await RawExchange.post("/v1/chat/completions", body, headers: Self.headers, to: server)
            #expect(answer.status == (refusal == nil ? 200 : 400))
            if let refusal {
                #expect(try RawExchange.refusal(answer.body)?.contains(refusal) == true, "\(answer.body)")
            }
            await server.stop()
        }

        @Test func `no key, another path`() async throws {
            let server = try await ChatServer.openAI(OpenAIChatManner(key: "k"))
            let body = Self.body([Self.user])
            let noKey = try await RawExchange.post(
                "/v1/chat/completions",
                body,
                headers: [("Content-Type", "application/json")],
                to: server
            )
            #expect(noKey.status == 401)
            #expect(try await RawExchange.post("/v2", body, headers: Self.headers, to: server).status == 404)
            await server.stop()
        }

        @Test func `an answer is chunks, usage and the mark of the end`() async throws {
            let server = try await ChatServer.openAI(OpenAIChatManner(key: "k"))
            server.answer { _ in ScriptedAnswer([.text("Hello")], usage: .init(input: 9, output: 2)) }
            let body = Self.body([Self.user], #","stream_options":{"include_usage":true}"#)
            let answer = try await RawExchange.post("/v1/chat/completions", body, headers: Self.headers, to: server)
            let head =
                #""created":1,"id":"chatcmpl-1","model":"m","object":"chat.completion.chunk","system_fingerprint":"fp""#
            let lines = [
                #"data: {"choices":[{"delta":{"content":"","role":"assistant"},"finish_reason":null,"index":0}],\#(head),"usage":null}"#,
                #"data: {"choices":[{"delta":{"content":"Hello"},"finish_reason":null,"index":0}],\#(head),"usage":null}"#,
                #"data: {"choices":[{"delta":{},"finish_reason":"stop","index":0}],\#(head),"usage":null}"#,
                #"data: {"choices":[],\#(head),"usage":{"completion_tokens":2,"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":0},"total_tokens":11}}"#,
                "data: [DONE]",
            ]
            #expect(answer.body == lines.map { $0 + "\n\n" }.joined())
            await server.stop()
        }
    }
}
