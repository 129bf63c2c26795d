import Actors
import Legs
import TestSupport
import Testing

@Suite("ElevenLabs messages")
struct ElevenLabsMessageTests {
    @Test func aMessageOfTheVendorsPageIsRead() throws {
        let message = try ElevenLabsMessage(
            parsing: #"""
                {"audio":"AAECAw==","isFinal":null,"alignment":{"chars":["H","i"],"charStartTimesMs":[0,80],
                "charDurationsMs":[80,90]},"normalizedAlignment":null,"something":{"new":1}}
                """#
        )
        #expect(try message.audioBytes() == [0, 1, 2, 3])
        #expect(message.isFinal == nil)
        #expect(message.alignment?.chars == ["H", "i"])
        #expect(message.error == nil)
    }

    @Test(arguments: [
        "", "{", "null", "[]", "{\"audio\":1}", "{\"alignment\":{\"chars\":[1]}}", "{\"alignment\":{}}",
        "{\"isFinal\":\"x\"}",
    ]) func whatIsNoMessageIsRefused(text: String) {
        #expect(throws: (any Error).self) { _ = try ElevenLabsMessage(parsing: text) }
    }

    @Test(arguments: ["AAA", "A", "****", "AAAA=", "AA==AA==", "AAAA\\nAAAA"]) func whatIsNoBase64IsRefused(
        audio: String
    ) throws {
        let message = try ElevenLabsMessage(parsing: #"{"audio":"\#(audio)"}"#)
        #expect(throws: (any Error).self) { _ = try message.audioBytes() }
    }

    @Test func chunksAreAddedUpByTheirAudio() throws {
        func chunk(_ characters: String) throws -> ElevenLabsMessage {
            let chars = characters.map { "\"\($0)\"" }.joined(separator: ",")
            let starts = characters.indices.map { "\(characters.distance(from: characters.startIndex, to: $0) * 10)" }
            let durations = characters.map { _ in "10" }
            return try ElevenLabsMessage(
                parsing: #"{"alignment":{"chars":[\#(chars)],"charStartTimesMs":[\#(starts.joined(separator: ","))],"#
                    + #""charDurationsMs":[\#(durations.joined(separator: ","))]}}"#
            )
        }
        var timing = ElevenLabsTiming(text: "One two.", rate: 8000)
        #expect(timing.add(try chunk("One t"), at: 0).map(\.samples) == [0..<240, 320..<400])
        #expect(timing.add(try chunk(""), at: 400).isEmpty)
        #expect(timing.add(try chunk("wo. "), at: 400).map(\.samples) == [0..<240, 320..<640])
        #expect(timing.finish(total: 720).isEmpty)
    }

    @Test(arguments: [
        #"{"chars":["a","b"],"charStartTimesMs":[0],"charDurationsMs":[1,1]}"#,
        #"{"chars":["a"],"charStartTimesMs":[-1],"charDurationsMs":[1]}"#,
        #"{"chars":["a"],"charStartTimesMs":[1e300],"charDurationsMs":[1]}"#,
    ]) func timesThatAreNoneAreEstimated(alignment: String) throws {
        var timing = ElevenLabsTiming(text: "a b", rate: 8000)
        #expect(timing.add(try ElevenLabsMessage(parsing: #"{"alignment":\#(alignment)}"#), at: 0).isEmpty)
        let words = timing.finish(total: 100)
        #expect(words.map(\.isEstimated) == [true, true])
        #expect(words.map(\.samples) == [0..<50, 50..<100])
    }

    @Test func mutatedMessagesAreReadOrRefused() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let text =
            #"{"audio":"AAECAw==","isFinal":true,"alignment":{"chars":["H"],"charStartTimesMs":[0],"charDurationsMs":[8]}}"#
        for _ in 0..<2000 {
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let message = try? ElevenLabsMessage(parsing: String(decoding: bytes, as: UTF8.self)) else {
                continue
            }
            var timing = ElevenLabsTiming(text: "Hi", rate: 8000)
            _ = timing.add(message, at: 0)
            #expect(timing.finish(total: 80).count == 1 || timing.finish(total: 80).isEmpty, "seed \(seed)")
            if let audio = try? message.audioBytes() { #expect(audio.count <= 6) }
        }
    }
}
