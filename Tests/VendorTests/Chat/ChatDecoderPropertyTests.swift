import Actors
import Legs
import TestSupport
import Testing

/// What holds for every stream, whole or broken.
@Suite("Chat decoders")
struct ChatDecoderPropertyTests {
    static let streams: [ChatVendor: [UInt8]] = [
        .openAI: Array(
            ([": keep-alive\r\n\r\n"]
                + [
                    OpenAIChatDecoderTests.delta(#"{"role":"assistant","content":"Grüße 😀"}"#),
                    OpenAIChatDecoderTests.call(
                        #"{"index":0,"id":"a","function":{"name":"one","arguments":"{\"ä\":"}}"#
                    ),
                    OpenAIChatDecoderTests.call(#"{"index":0,"function":{"arguments":"\"é\"}"}}"#),
                    OpenAIChatDecoderTests.tools, "[DONE]",
                ].map { "data: \($0)\r\n\r\n" }).joined().utf8
        ),
        .anthropic: Array(
            [
                AnthropicDecoderTests.start, AnthropicDecoderTests.text("Grüße 😀"),
                AnthropicDecoderTests.tool(1, "a", "one"), AnthropicDecoderTests.json(1, #"{\"ä\":"#),
                AnthropicDecoderTests.json(1, #"\"é\"}"#), AnthropicDecoderTests.end("tool_use"),
                AnthropicDecoderTests.stop,
            ].map { "data: \($0)\n\n" }.joined().utf8
        ),
    ]

    @Test(arguments: ChatVendor.allCases)
    func `a stream means the same however its bytes arrive`(_ vendor: ChatVendor) throws {
        let bytes = try #require(Self.streams[vendor])
        let whole = vendor.decode(bytes)
        #expect(whole.fault == nil)
        #expect(whole.deltas.first == .text("Grüße 😀"))
        #expect(whole.deltas.contains(.call(ToolCall(id: "a", name: "one", arguments: #"{"ä":"é"}"#))))
        for size in 1...64 {
            #expect(vendor.decode(bytes, inPiecesOf: size).deltas == whole.deltas, "pieces of \(size)")
        }
    }

    @Test(arguments: ChatVendor.allCases)
    func `a stream cut anywhere before its end is cut and nothing else`(_ vendor: ChatVendor) throws {
        let bytes = try #require(Self.streams[vendor])
        let whole = vendor.decode(bytes).deltas
        for end in 0..<bytes.count {
            let (deltas, fault) = vendor.decode(Array(bytes[..<end]))
            #expect(deltas == Array(whole.prefix(deltas.count)))
            if deltas != whole { #expect(fault as? ChatFault == .cut, "cut at \(end)") }
        }
    }

    @Test(arguments: ChatVendor.allCases)
    func `a broken stream gives at most one end, last, and no broken text`(_ vendor: ChatVendor) throws {
        let bytes = try #require(Self.streams[vendor])
        let limits = ChatLimits(answerBytes: 64, calls: 2)
        for seed in 0..<500 {
            var random = SeededGenerator(seed: UInt64(seed))
            var broken = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: broken.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: broken[at] = .random(in: 0...255, using: &random)
                case 1: broken.remove(at: at)
                case 2: broken.insert(.random(in: 0...255, using: &random), at: at)
                default: broken.insert(contentsOf: bytes.dropFirst(at).prefix(40), at: at)
                }
            }
            let (deltas, fault) = vendor.decode(broken, limits: limits)
            let ends = deltas.indices.filter { if case .finished = deltas[$0] { true } else { false } }
            #expect(ends.isEmpty ? fault != nil : ends == [deltas.count - 1], "seed \(seed)")
            var taken = 0
            for delta in deltas {
                switch delta {
                case .text(let text):
                    taken += text.utf8.count
                    #expect(!text.unicodeScalars.contains("\u{FFFD}"), "seed \(seed)")
                case .call(let call): taken += call.arguments.utf8.count
                case .working, .usage, .replaced, .finished: break
                }
            }
            // A call without arguments counts nothing and is given as `{}`.
            #expect(taken <= limits.answerBytes + 2 * limits.calls, "seed \(seed)")
        }
    }

    @Test(arguments: ChatVendor.allCases)
    func `an answer without an end has a limit`(_ vendor: ChatVendor) {
        let event =
            switch vendor {
            case .openAI: OpenAIChatDecoderTests.delta(#"{"content":"and so on "}"#)
            case .anthropic: AnthropicDecoderTests.text("and so on ")
            }
        let bytes = Array(String(repeating: "data: \(event)\n\n", count: 20).utf8)
        let (deltas, fault) = vendor.decode(bytes, limits: ChatLimits(answerBytes: 100))
        #expect(deltas.count == 10)
        #expect(fault as? ChatFault == .tooLong(100))
    }

    @Test(arguments: ChatVendor.allCases)
    func `an answer that calls without end has a limit`(_ vendor: ChatVendor) {
        let events = (0..<5).map { index in
            switch vendor {
            case .openAI:
                OpenAIChatDecoderTests.call(#"{"index":\#(index),"id":"\#(index)","function":{"name":"one"}}"#)
            case .anthropic: AnthropicDecoderTests.tool(index, "\(index)", "one")
            }
        }
        let bytes = Array(events.map { "data: \($0)\n\n" }.joined().utf8)
        #expect(vendor.decode(bytes, limits: ChatLimits(calls: 4)).fault as? ChatFault == .tooManyCalls(4))
    }

    @Test func `after a tool's result a model may have nothing to add`() throws {
        var openAI = OpenAIChatDecoder(mayBeEmpty: true, nonce: "n")
        #expect(try openAI.push(event: "message", data: "[DONE]") == [.finished(.stop)])
        var anthropic = AnthropicDecoder(mayBeEmpty: true, nonce: "n")
        #expect(try anthropic.push(event: "message_stop", data: "{}") == [.finished(.stop)])
    }
}
