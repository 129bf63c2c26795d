import Actors
import Legs
import Testing

/// Streams written by hand from the vendor's page.
@Suite("Anthropic decoder")
struct AnthropicDecoderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The data of events; their names are the data's own.
        var stream: [String]
        var deltas: [ChatDelta]
        var fault: ChatFault?

        init(_ name: String, _ stream: [String], _ deltas: [ChatDelta], fault: ChatFault? = nil) {
            testDescription = name
            self.stream = stream
            self.deltas = deltas
            self.fault = fault
        }
    }

    static let start =
        #"{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":20,"cache_read_input_tokens":4,"cache_creation_input_tokens":1,"output_tokens":1}}}"#
    static func text(_ text: String) -> String {
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\#(text)"}}"#
    }
    static func json(_ index: Int, _ piece: String) -> String {
        #"{"type":"content_block_delta","index":\#(index),"delta":{"type":"input_json_delta","partial_json":"\#(piece)"}}"#
    }
    static func tool(_ index: Int, _ id: String, _ name: String, input: String = "{}") -> String {
        #"{"type":"content_block_start","index":\#(index),"content_block":{"type":"tool_use","id":"\#(id)","name":"\#(name)","input":\#(input)}}"#
    }
    static func end(_ reason: String) -> String {
        #"{"type":"message_delta","delta":{"stop_reason":"\#(reason)","stop_sequence":null},"usage":{"output_tokens":9}}"#
    }
    static let block = #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#
    static let close = #"{"type":"content_block_stop","index":0}"#
    static let stop = #"{"type":"message_stop"}"#
    static let ping = #"{"type":"ping"}"#
    static let usage = ChatDelta.usage(ChatUsage(inputTokens: 25, outputTokens: 9, cachedTokens: 4))

    static let cases: [Case] = [
        Case(
            "text with pings",
            [ping, start, block, ping, text("Hello"), text(" there"), close, ping, end("end_turn"), stop],
            [.text("Hello"), .text(" there"), usage, .finished(.stop)]
        ),
        Case("cut off behind the reason", [start, text("Hello"), end("end_turn")], [.text("Hello")], fault: .cut),
        Case("cut off", [start, text("Hello")], [.text("Hello")], fault: .cut),
        Case("nothing at all", [], [], fault: .cut),
        Case("no reason", [text("Hello"), stop], [.text("Hello"), .finished(.stop)]),
        Case(
            "a stop sequence",
            [text("a"), end("stop_sequence"), stop],
            [.text("a"), .usage(.init(inputTokens: 0, outputTokens: 9)), .finished(.stop)]
        ),
        Case("too few tokens", [start, text("a"), end("max_tokens"), stop], [.text("a"), usage, .finished(.length)]),
        Case(
            "no room left",
            [start, text("a"), end("model_context_window_exceeded"), stop],
            [.text("a"), usage, .finished(.length)]
        ),
        Case("a reason nobody knows", [start, text("a"), end("bored"), stop], [.text("a"), usage, .finished(.stop)]),
        Case("refused", [start, end("refusal"), stop], [usage, .finished(.filtered)]),
        Case("empty", [start, end("end_turn"), stop], [], fault: .empty(.stop)),
        Case(
            "a call in pieces",
            [
                start, tool(0, "toolu_1", "get_weather"), json(0, ""), json(0, #"{\"city\": \"Lis"#),
                json(0, #"bon\"}"#), close, end("tool_use"), stop,
            ],
            [
                .call(ToolCall(id: "toolu_1", name: "get_weather", arguments: #"{"city": "Lisbon"}"#)), usage,
                .finished(.tools),
            ]
        ),
        Case(
            "two calls behind a text, their pieces in turns",
            [
                start, block, text("One moment."), close, tool(1, "a", "one"), tool(2, "b", "two"),
                json(2, #"{\"x\""#), json(1, #"{\"y\""#), json(2, ":1}"), json(1, ":2}"), end("tool_use"), stop,
            ],
            [
                .text("One moment."), .call(ToolCall(id: "a", name: "one", arguments: #"{"y":2}"#)),
                .call(ToolCall(id: "b", name: "two", arguments: #"{"x":1}"#)), usage, .finished(.tools),
            ]
        ),
        Case(
            "a call without arguments, and one that comes whole",
            [start, tool(0, "a", "one"), tool(1, "b", "two", input: #"{"x":1}"#), end("tool_use"), stop],
            [
                .call(ToolCall(id: "a", name: "one", arguments: "{}")),
                .call(ToolCall(id: "b", name: "two", arguments: #"{"x":1}"#)), usage, .finished(.tools),
            ]
        ),
        Case(
            "a call that the maximum of tokens cut",
            [start, text("a"), tool(1, "a", "one"), json(1, #"{\"x"#), end("max_tokens"), stop],
            [.text("a"), usage, .finished(.length)]
        ),
        Case(
            "thoughts, a server's tool, citations and kinds nobody knows are not said",
            [
                start, #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s"}}"#,
                #"{"type":"content_block_start","index":1,"content_block":{"type":"server_tool_use","id":"s","name":"web"}}"#,
                json(1, "{}"),
                #"{"type":"content_block_delta","index":2,"delta":{"type":"citations_delta","citation":{"a":1}}}"#,
                #"{"type":"content_block_delta","index":2,"delta":{"type":"dream_delta","text":"x"}}"#,
                #"{"type":"weather_report","delta":[1,2]}"#, text("Hello"), end("end_turn"), stop,
            ],
            [.text("Hello"), usage, .finished(.stop)]
        ),
        Case(
            "overloaded in the middle",
            [start, text("Hello"), #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#],
            [.text("Hello")],
            fault: .vendor(.init("overloaded_error"))
        ),
        Case("half a character", [text(#"a\ud83d"#), stop], [.text("a"), .finished(.stop)]),
        Case(
            "no JSON",
            [#"{"type":"content_block_delta","delta":"#],
            [],
            fault: .malformed("an event that is not the JSON it should be")
        ),
        Case(
            "one index twice",
            [tool(0, "a", "one"), tool(0, "b", "two")],
            [],
            fault: .malformed("two blocks of one index")
        ),
    ]

    @Test(arguments: cases, [true, false])
    func `a stream gives its pieces and its one fault`(_ stream: Case, isNamed: Bool) {
        let events = stream.stream.map { data in
            // Up to the next quotation mark behind `{"type":"`.
            let name = data.dropFirst(9).prefix { $0 != "\"" }
            return (isNamed ? "event: \(name)\n" : "") + "data: \(data)\n\n"
        }
        let (deltas, fault) = ChatVendor.anthropic.decode(Array(events.joined().utf8))
        #expect(deltas == stream.deltas)
        #expect(fault as? ChatFault == stream.fault)
    }

    @Test func `an event nobody knows need not be JSON`() {
        let bytes =
            "event: surprise\ndata: not JSON\n\nevent: content_block_delta\ndata: \(Self.text("a"))\n\n"
            + "event: message_stop\ndata: \(Self.stop)\n\n"
        let (deltas, fault) = ChatVendor.anthropic.decode(Array(bytes.utf8))
        #expect(deltas == [.text("a"), .finished(.stop)])
        #expect(fault == nil)
    }
}
