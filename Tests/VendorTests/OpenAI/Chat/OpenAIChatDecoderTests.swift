import Actors
import Legs
import Testing

/// Streams written by hand from the vendor's page and from what compatible servers are known to send.
@Suite("OpenAI chat decoder")
struct OpenAIChatDecoderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
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

    static func delta(_ delta: String, finish: String? = nil) -> String {
        #"{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":\#(delta),"finish_reason":"#
            + (finish.map { "\"\($0)\"" } ?? "null") + #"}],"usage":null}"#
    }
    static func call(_ members: String) -> String { delta(#"{"tool_calls":[\#(members)]}"#) }
    static let hello = delta(#"{"role":"assistant","content":"Hello"}"#)
    static let stop = delta("{}", finish: "stop")
    static let tools = delta("{}", finish: "tool_calls")
    static let weather = ToolCall(id: "call_1", name: "get_weather", arguments: #"{"city":"Lisbon"}"#)

    static let cases: [Case] = [
        Case(
            "text, usage and the end",
            [
                delta(#"{"role":"assistant","content":""}"#), hello, delta(#"{"content":" there"}"#), stop,
                #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}"#,
                "[DONE]",
            ],
            [
                .text("Hello"), .text(" there"), .usage(ChatUsage(inputTokens: 9, outputTokens: 2, cachedTokens: 4)),
                .finished(.stop),
            ]
        ),
        Case("no mark of the end behind a reason", [hello, stop], [.text("Hello"), .finished(.stop)]),
        Case("no reason before the mark of the end", [hello, "[DONE]"], [.text("Hello"), .finished(.stop)]),
        Case("cut off", [hello], [.text("Hello")], fault: .cut),
        Case("nothing at all", [], [], fault: .cut),
        Case(
            "usage on the last chunk with content, without a total",
            [
                #"{"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#,
                "[DONE]",
            ],
            [.text("Hi"), .usage(ChatUsage(inputTokens: 3, outputTokens: 1)), .finished(.stop)]
        ),
        Case(
            "too few tokens",
            [hello, delta("{}", finish: "length"), "[DONE]"],
            [.text("Hello"), .finished(.length)]
        ),
        Case(
            "withheld",
            [delta(#"{"refusal":"I cannot"}"#), delta("{}", finish: "content_filter"), "[DONE]"],
            [.finished(.filtered)]
        ),
        Case("empty", [delta(#"{"role":"assistant"}"#), stop, "[DONE]"], [], fault: .empty(.stop)),
        Case("only spaces", [delta(#"{"content":" \n"}"#), stop, "[DONE]"], [.text(" \n")], fault: .empty(.stop)),
        Case("all tokens thought away", [delta("{}", finish: "length"), "[DONE]"], [], fault: .empty(.length)),
        Case(
            "members and objects nobody knows",
            [
                #"{"choices":[],"prompt_filter_results":[{}]}"#, "{}", #"{"timings":{"a":1},"choices":null}"#,
                delta(#"{"reasoning_content":"hm","content":null,"obfuscation":"x"}"#),
                #"{"choices":[{"index":1,"delta":{"content":"another answer"}}]}"#, hello, stop, "[DONE]",
            ],
            [.text("Hello"), .finished(.stop)]
        ),
        Case(
            "a call in pieces, inside a word and a character's escape",
            [
                call(#"{"index":0,"id":"call_1","type":"function","function":{"name":"get_weather","arguments":""}}"#),
                call(#"{"index":0,"function":{"arguments":"{\"ci"}}"#),
                call(#"{"index":0,"function":{"arguments":"ty\":\"Lis"}}"#),
                call(#"{"index":0,"function":{"arguments":"bon\"}"}}"#), tools, "[DONE]",
            ],
            [.call(weather), .finished(.tools)]
        ),
        Case(
            "two calls, their pieces in turns",
            [
                call(
                    #"{"index":0,"id":"a","function":{"name":"one","arguments":""}},{"index":1,"id":"b","function":{"name":"two","arguments":""}}"#
                ),
                call(#"{"index":1,"function":{"arguments":"{\"x\""}}"#),
                call(#"{"index":0,"function":{"arguments":"{\"y\""}}"#),
                call(#"{"index":1,"function":{"arguments":":1}"}}"#),
                call(#"{"index":0,"function":{"arguments":":2}"}}"#), tools, "[DONE]",
            ],
            [
                .call(ToolCall(id: "a", name: "one", arguments: #"{"y":2}"#)),
                .call(ToolCall(id: "b", name: "two", arguments: #"{"x":1}"#)), .finished(.tools),
            ]
        ),
        Case(
            "a whole call in one chunk without id and index, the reason being stop",
            [call(#"{"function":{"name":"get_weather","arguments":"{\"city\":\"Lisbon\"}"}}"#), stop, "[DONE]"],
            [
                .call(ToolCall(id: "call_n_0", name: "get_weather", arguments: #"{"city":"Lisbon"}"#)),
                .finished(.tools),
            ]
        ),
        Case(
            "whole calls that all have index 0",
            [
                call(#"{"index":0,"id":"a","function":{"name":"one","arguments":"{}"}}"#),
                call(#"{"index":0,"id":"b","function":{"name":"one","arguments":"{}"}}"#), tools, "[DONE]",
            ],
            [
                .call(ToolCall(id: "a", name: "one", arguments: "{}")),
                .call(ToolCall(id: "b", name: "one", arguments: "{}")), .finished(.tools),
            ]
        ),
        Case(
            "whole calls without ids and indices",
            [
                call(#"{"function":{"name":"one","arguments":"{}"}},{"function":{"name":"two","arguments":"{}"}}"#),
                "[DONE]",
            ],
            [
                .call(ToolCall(id: "call_n_0", name: "one", arguments: "{}")),
                .call(ToolCall(id: "call_n_1", name: "two", arguments: "{}")), .finished(.tools),
            ]
        ),
        Case(
            "an id in every piece of one call",
            [
                call(#"{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\":"}}"#),
                call(#"{"index":0,"id":"other","function":{"arguments":"1}"}}"#), tools, "[DONE]",
            ],
            [.call(ToolCall(id: "a", name: "one", arguments: #"{"x":1}"#)), .finished(.tools)]
        ),
        Case(
            "arguments as an object",
            [call(#"{"index":0,"id":"a","function":{"name":"one","arguments":{"x":1}}}"#), tools],
            [.call(ToolCall(id: "a", name: "one", arguments: #"{"x":1}"#)), .finished(.tools)]
        ),
        Case(
            "no arguments",
            [call(#"{"index":0,"id":"a","function":{"name":"one"}}"#), tools],
            [.call(ToolCall(id: "a", name: "one", arguments: "{}")), .finished(.tools)]
        ),
        Case(
            "arguments that are no JSON",
            [call(#"{"index":0,"id":"a","function":{"name":"one","arguments":"{x: oops"}}"#), tools],
            [.call(ToolCall(id: "a", name: "one", arguments: "{x: oops")), .finished(.tools)]
        ),
        Case(
            "a call that the maximum of tokens cut",
            [
                hello, call(#"{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x"}}"#),
                delta("{}", finish: "length"),
            ],
            [.text("Hello"), .finished(.length)]
        ),
        Case(
            "a call without a name",
            [call(#"{"index":0,"id":"a","function":{"arguments":"{}"}}"#), tools],
            [],
            fault: .malformed("a tool call without a name")
        ),
        Case(
            "half a character as a replacement",
            [delta("{\"content\":\"caf\u{FFFD}\"}"), stop],
            [.text("caf"), .finished(.stop)]
        ),
        Case(
            "half a character as an escape",
            [delta(#"{"content":"a\ud83d"}"#), delta(#"{"content":"\ude00b\ud83d\ude00"}"#), stop],
            [.text("a"), .text("b😀"), .finished(.stop)]
        ),
        Case(
            "an error in the middle",
            [hello, #"{"error":{"message":"m","type":"server_error","param":null,"code":null}}"#],
            [.text("Hello")],
            fault: .vendor(.init("server_error"))
        ),
        Case(
            "an error with a number",
            [#"{"error":{"message":"m","type":"BadRequestError","code":400}}"#],
            [],
            fault: .vendor(.init("BadRequestError", status: 400))
        ),
        Case("an error that is a text", [#"{"error":"out of memory"}"#], [], fault: .vendor(.init(nil))),
        Case(
            "an error that is the whole object",
            [#"{"object":"error","message":"m","code":503}"#],
            [],
            fault: .vendor(.init(nil, status: 503))
        ),
        Case("no error in an empty one", [#"{"error":{}}"#, hello, stop], [.text("Hello"), .finished(.stop)]),
        Case(
            "no JSON",
            [hello, #"{"choices":"#],
            [.text("Hello")],
            fault: .malformed("an event that is not the JSON it should be")
        ),
        Case(
            "choices of another type",
            [#"{"choices":"none"}"#],
            [],
            fault: .malformed("an event that is not the JSON it should be")
        ),
        Case("words behind the end", [hello, stop, "[DONE]", hello], [.text("Hello"), .finished(.stop)]),
    ]

    @Test(arguments: cases)
    func `a stream gives its pieces and its one fault`(_ stream: Case) {
        let bytes = stream.stream.map { "data: \($0)\n\n" }.joined()
        let (deltas, fault) = ChatVendor.openAI.decode(Array(bytes.utf8))
        #expect(deltas == stream.deltas)
        #expect(fault as? ChatFault == stream.fault)
    }
}
