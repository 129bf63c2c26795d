import Caller
import Testing

@Suite struct WaterfallTests {
    private func lines(_ spans: String) throws -> [String] {
        let data = #"{"callSid":"C","turn":1,"stages":{"total":540},"spans":"# + spans + "}"
        let event = try #require(EngineEvent(.init(name: "call_turn", data: data)))
        var narrator = CallNarrator(followsWords: true, styled: false)
        return Array(narrator.lines(for: event).dropFirst())
    }

    @Test func everyStageIsABarOverTheTimeSinceTheLastWord() throws {
        let lines = try lines(
            #"[{"stage":"first_frame","fromMs":520,"toMs":540},{"stage":"endpoint","fromMs":0,"toMs":520},"#
                + #"{"stage":"stt_final","fromMs":-20,"toMs":270}]"#
        )
        #expect(lines.map { $0.split(separator: " ").first.map(String.init) } == ["end", "transcript", "first"])
        #expect(lines[0].count { $0 == "=" } == 46 && lines[0].hasSuffix("0 to 520 ms"))
        #expect(lines[1].count { $0 == "=" } == 24 && lines[1].hasSuffix("-20 to 270 ms"))
        #expect(lines[2].count { $0 == "=" } == 2)
    }

    @Test(arguments: [
        "[]", "null", #"[{"stage":"endpoint","fromMs":"x","toMs":1}]"#, #"[{"stage":"odd","fromMs":0,"toMs":5}]"#,
    ])
    func whatIsNotKnownIsNotDrawn(spans: String) throws {
        #expect(try lines(spans).isEmpty)
    }
}
