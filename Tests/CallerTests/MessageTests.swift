import Caller
import Foundation
import NIOCore
import Testing

@Suite("Provider messages")
struct ProviderMessagesTests {
    private static let streamSid = "MZ00112233445566778899aabbccddeeff"

    /// What the vendor sent in a call, and the same call written by us, compare field by field: names, values and
    /// JSON types.
    @Test(arguments: ["twilio-stream-minimal.jsonl", "twilio-stream-transcript.jsonl"])
    func aCallIsWrittenAsTheVendorWritesIt(_ file: String) throws {
        let lines = try Vectors.lines(file).filter { $0["dir"] as? String == "from_provider" && $0["msg"] != nil }
        let starts = lines.compactMap { ($0["msg"] as? [String: Any])?["start"] as? [String: Any] }
        let start = try #require(starts.first)
        var messages = ProviderMessages(
            streamSid: Self.streamSid,
            callSid: start["callSid"] as? String ?? "",
            accountSid: start["accountSid"] as? String ?? "",
            customParameters: start["customParameters"] as? [String: String] ?? [:]
        )
        var compared = 0
        for line in lines {
            let expected = try #require(line["msg"] as? [String: Any])
            guard let written = write(expected, with: &messages) else { break }
            let ours = try Vectors.parse(written) as NSDictionary
            #expect(ours == expected as NSDictionary)
            compared += 1
        }
        #expect(compared >= 8)
    }

    /// Nil for a key press: this caller presses none, so its numbers lag behind the vendor's from there on.
    private func write(_ message: [String: Any], with messages: inout ProviderMessages) -> String? {
        switch message["event"] as? String {
        case "connected": return ProviderMessages.connected
        case "start": return messages.start()
        case "mark": return messages.mark((message["mark"] as? [String: Any])?["name"] as? String ?? "")
        case "stop": return messages.stop()
        case "media":
            let media = message["media"] as? [String: Any]
            let payload = Data(base64Encoded: media?["payload"] as? String ?? "") ?? Data()
            var buffer = ByteBuffer()
            let timestamp = (media?["timestamp"] as? String).flatMap(Int.init) ?? -1
            messages.media(Array(payload)[...], timestamp: timestamp, into: &buffer)
            return String(buffer: buffer)
        default: return nil
        }
    }

    @Test func namesFromOutsideAreEscaped() throws {
        var messages = ProviderMessages(
            streamSid: Self.streamSid,
            callSid: "CA",
            accountSid: "AC",
            customParameters: ["a\"b": "c\\d\n\u{1}é👍"]
        )
        let start = try Vectors.parse(messages.start())["start"] as? [String: Any]
        #expect(start?["customParameters"] as? [String: String] == ["a\"b": "c\\d\n\u{1}é👍"])
        let mark = try Vectors.parse(messages.mark("x\"\t"))["mark"] as? [String: Any]
        #expect(mark?["name"] as? String == "x\"\t")
    }
}

@Suite("Engine messages")
struct EngineMessageTests {
    private static let streamSid = "MZ00112233445566778899aabbccddeeff"

    @Test func theCatalogueIsTreatedAsTheProviderTreatsIt() throws {
        let all = try #require(Vectors.object("twilio-stream-messages.json")["messages"] as? [[String: Any]])
        var checked = 0
        for message in all where message["dir"] as? String == "to_provider" && message["frame"] as? String == "text" {
            let expected = try #require(message["expect"] as? [String: Any])
            let text = try #require(message["text"] as? String)
            let read = EngineMessage.read(Array(text.utf8), streamSid: Self.streamSid)
            #expect((read.fault == nil) == (expected["valid"] as? Bool), "\(message["id"] ?? "")")
            #expect(read.fault?.vendorCode == expected["provider_warning"] as? Int, "\(message["id"] ?? "")")
            checked += 1
        }
        #expect(checked >= 6)
    }

    @Test func aPayloadIsDecodedWhateverTheOrderSpaceAndEscapes() {
        let texts = [
            #"{"event":"media","streamSid":"S","media":{"payload":"/+//"}}"#,
            #"{"media":{"payload":"\/+\/\/"},"event":"media","streamSid":"S"}"#,
            " {\n \"streamSid\" : \"S\" ,\t\"event\":\"media\",\r\n\"media\":{ \"payload\":\"\\u002f+//\" } } ",
        ]
        for text in texts {
            let read = EngineMessage.read(Array(text.utf8), streamSid: "S")
            #expect(read.message == .media([0xFF, 0xEF, 0xFF]))
            #expect(read.fault == nil)
        }
    }

    @Test(arguments: [
        (#"{"event":"clear","streamSid":"X"}"#, ProtocolFault.wrongStream),
        (#"{"event":"clear"}"#, .missingField),
        (#"{"streamSid":"S"}"#, .missingField),
        (#"{"event":"dtmf","streamSid":"S"}"#, .unknownEvent),
        (#"{"event":"media","streamSid":"S","media":{"payload":"%%"}}"#, .badPayload),
        (#"{"event":"media","streamSid":"S","media":{"payload":""}}"#, .badPayload),
        (#"{"event":"media","streamSid":"S","media":"x"}"#, .missingField),
        (#"{"event":"clear","streamSid":"S","#, .undecodable),
        (#"[1,2]"#, .undecodable),
        ("", .undecodable),
        ("nonsense", .undecodable),
        (#"{"event":"clear","streamSid":"S"} x"#, .undecodable),
        (#"{"event":"cl\ud800ear","streamSid":"S"}"#, .undecodable),
    ])
    func whatCannotBeActedOnIsDroppedAndNamed(_ text: String, _ fault: ProtocolFault) {
        let read = EngineMessage.read(Array(text.utf8), streamSid: "S")
        #expect(read.message == nil)
        #expect(read.fault == fault)
    }

    @Test func extraFieldsAreWarnedOfAndTheMessageIsActedOn() {
        let texts: [(String, EngineMessage)] = [
            (#"{"event":"clear","streamSid":"S","x":[1,{"a":null}]}"#, .clear),
            (#"{"event":"mark","streamSid":"S","mark":{"name":"m"},"sequenceNumber":4.5e3}"#, .mark("m")),
            (#"{"event":"mark","streamSid":"S","mark":{"name":"m","x":true}}"#, .mark("m")),
        ]
        for (text, message) in texts {
            let read = EngineMessage.read(Array(text.utf8), streamSid: "S")
            #expect(read.message == message)
            #expect(read.fault == .extraField)
        }
    }

    @Test func everyCutOfAMessageIsUndecodable() {
        let text = Array(#"{"event":"mark","streamSid":"S","mark":{"name":"a\u00e9\"b"},"n":[1,-2.5,true]}"#.utf8)
        #expect(EngineMessage.read(text, streamSid: "S").message == .mark("aé\"b"))
        for length in 0..<text.count {
            #expect(EngineMessage.read(Array(text[..<length]), streamSid: "S").fault == .undecodable)
        }
    }

    @Test func mutatedBytesNeverCrash() {
        let text = Array(#"{"event":"media","streamSid":"S","media":{"payload":"\/\u002f\ud83d\udc4d"}}"#.utf8)
        for index in text.indices {
            for value in UInt8.min...UInt8.max {
                var mutated = text
                mutated[index] = value
                _ = EngineMessage.read(mutated, streamSid: "S")
            }
        }
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(EngineMessage.read(deep, streamSid: "S").fault == .undecodable)
    }
}
