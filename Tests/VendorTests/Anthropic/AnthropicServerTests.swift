import Testing
import VendorServers

extension VendorLoopback {
    /// The server of the tests, judged by requests written by hand from the vendor's page.
    @Suite("Anthropic server")
    struct AnthropicServerTests {
        static let headers = [
            ("Authorization", "Bearer k"), ("Content-Type", "application/json"), ("anthropic-version", "2026-10-21"),
        ]
        static let user = #"{"role":"user","content":"Hi"}"#
        static let called =
            #"{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"one","input":{}}]}"#
        static let result = #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"x"}]}"#

        static func body(_ messages: [String], _ more: String = "") -> String {
            #"{"model":"m","max_tokens":9,"stream":true,"messages":[\#(messages.joined(separator: ","))]\#(more)}"#
        }

        /// Body, and a part of what the vendor says of it; nil takes it.
        static let requests: [(body: String, refusal: String?)] = [
            (body([user]), nil),
            (body([user, called, result]), nil),
            (body([user], #","system":"s""#), nil),
            (body([user], #","system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}]"#), nil),
            ("{", "parse"),
            (#"{"max_tokens":9,"stream":true,"messages":[\#(user)]}"#, "model"),
            (#"{"model":"m","stream":true,"messages":[\#(user)]}"#, "max_tokens"),
            (#"{"model":"m","max_tokens":0,"stream":true,"messages":[\#(user)]}"#, "max_tokens"),
            (#"{"model":"m","max_tokens":9,"stream":true}"#, "messages"),
            (body([]), "messages"),
            (body([user], #","max_completion_tokens":5"#), "Extra inputs"),
            (body([user], #","temperature":1"#), "temperature"),
            (body([#"{"role":"system","content":"s"}"#, user]), "role"),
            (body([#"{"role":"assistant","content":"Hi"}"#]), "first message"),
            (body([user, user]), "alternate"),
            (body([#"{"role":"user","content":""}"#]), "empty"),
            (body([#"{"role":"user","content":[{"type":"text","text":" "}]}"#]), "non-whitespace"),
            (body([user, called]), "tool_result"),
            (body([user, called, user]), "tool_result"),
            (body([user, called, result, #"{"role":"assistant","content":"x"}"#, result]), "unexpected"),
            (
                body([
                    user, called,
                    #"{"role":"user","content":[{"type":"text","text":"x"},{"type":"tool_result","tool_use_id":"a"}]}"#,
                ]), "immediately after"
            ),
            (
                body([
                    user, #"{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"one","input":"{}"}]}"#,
                ]),
                "input"
            ),
            (body([user], #","system":[{"type":"text","text":""}]"#), "non-whitespace"),
            (body([user], #","tools":[{"name":"a"}]"#), "input_schema"),
            (body([user], #","tools":[{"name":"a b","input_schema":{"type":"object"}}]"#), "name"),
            (body([user], #","system":[{"type":"text","text":"s","cache_control":{"type":"forever"}}]"#), "ephemeral"),
        ]

        @Test(arguments: requests.indices)
        func `what the vendor would refuse is refused`(_ index: Int) async throws {
            let (body, refusal) = Self.requests[index]
            let server = try await ChatServer.anthropic(AnthropicManner(key: "k"))
            let answer = try await RawExchange.post("/v1/messages", body, headers: Self.headers, to: server)
            #expect(answer.status == (refusal == nil ? 200 : 400))
            if let refusal {
                #expect(try RawExchange.refusal(answer.body)?.contains(refusal) == true, "\(answer.body)")
            }
            await server.stop()
        }

        @Test(arguments: [
            (["Authorization"], 401), (["anthropic-version"], 400), (["Content-Type"], 400), ([], 200),
        ])
        func `every header is needed`(_ missing: [String], _ status: Int) async throws {
            let server = try await ChatServer.anthropic(AnthropicManner(key: "k"))
            let headers = Self.headers.filter { !missing.contains($0.0) }
            let answer = try await RawExchange.post(
                "/v1/messages",
                Self.body([Self.user]),
                headers: headers,
                to: server
            )
            #expect(answer.status == status)
            await server.stop()
        }

        @Test func `an answer is blocks with their beginnings and ends`() async throws {
            let server = try await ChatServer.anthropic(AnthropicManner(key: "k"))
            server.answer { _ in
                ScriptedAnswer(
                    [.text("Hello"), .ping, .call(index: 0, id: "toolu_1", name: "one"), .arguments(index: 0, "{}")],
                    end: .tools,
                    usage: .init(input: 25, output: 89)
                )
            }
            let answer = try await RawExchange.post(
                "/v1/messages",
                Self.body([Self.user]),
                headers: Self.headers,
                to: server
            )
            let names = answer.body.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { $0.dropFirst(7) }
            #expect(
                names == [
                    "message_start", "content_block_start", "content_block_delta", "ping", "content_block_stop",
                    "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop",
                ]
            )
            #expect(
                answer.body.hasSuffix(
                    """
                    event: message_delta
                    data: {"delta":{"stop_reason":"tool_use","stop_sequence":null},"type":"message_delta","usage":{"output_tokens":89}}

                    event: message_stop
                    data: {"type":"message_stop"}


                    """
                )
            )
            await server.stop()
        }
    }
}
