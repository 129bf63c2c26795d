import Codecs
import Engine
import Foundation
import Gateway
import NIOCore
import Testing

@Suite("Twilio encoder")
struct TwilioEncoderTests {
    static let sids = ["MZ00112233445566778899aabbccddeeff", "", #"a"b\c"#, "tab\there", "é😀", "\u{0}\u{1f}\u{7f}"]

    private func written(_ sid: String, _ write: (TwilioEncoder, inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer()
        write(TwilioEncoder(streamSid: sid), &buffer)
        return Self.text(&buffer)
    }

    /// The payload of the one text frame in `buffer`: final, not masked, as long as its head says.
    private static func text(_ buffer: inout ByteBuffer) -> String {
        #expect(buffer.readInteger(as: UInt8.self) == 0x81)
        var count = Int(buffer.readInteger(as: UInt8.self) ?? 0xFF)
        #expect(count < 127)
        if count == 126 { count = Int(buffer.readInteger(as: UInt16.self) ?? 0) }
        let text = String(buffer: buffer)
        #expect(text.utf8.count == count)
        return text
    }

    private func expect(_ text: String, _ wanted: [String: Any]) throws {
        let object = try WireVectors.parse(Data(text.utf8))
        #expect(NSDictionary(dictionary: object) == NSDictionary(dictionary: wanted), "\(text)")
    }

    @Test(arguments: sids) func mediaHasTheVendorsFieldsAndNoOthers(_ sid: String) throws {
        var frame = FrameBytes(repeating: 0)
        for index in 0..<160 { frame[index] = UInt8(truncatingIfNeeded: index * 3) }
        let text = written(sid) { $0.writeMedia(frame, to: &$1) }
        let audio = (0..<160).map { frame[$0] }
        try expect(text, ["event": "media", "streamSid": sid, "media": ["payload": Data(audio).base64EncodedString()]])
        let received = try Received(text)
        #expect(try received.audio() == audio && received.frame.event == .media)
    }

    @Test(arguments: sids) func markHasTheVendorsFieldsAndNoOthers(_ sid: String) throws {
        for number in [0, 7, Int64.max] {
            let text = written(sid) { $0.writeMark(number, to: &$1) }
            try expect(text, ["event": "mark", "streamSid": sid, "mark": ["name": "p\(number)"]])
            #expect(try Received(text).markNumber == number)
        }
    }

    @Test(arguments: sids) func clearHasTheVendorsFieldsAndNoOthers(_ sid: String) throws {
        let text = written(sid) { $0.writeClear(to: &$1) }
        try expect(text, ["event": "clear", "streamSid": sid])
        #expect(try Received(text).frame.event == .unknown)
    }

    /// The catalogue's valid messages are the shapes we write.
    @Test func theCataloguesMessagesToTheProviderHaveTheSameShape() throws {
        var shapes: [String: [String: Any]] = [:]
        for message in try WireVectors.list("twilio-stream-messages.json", "messages")
        where message.text("dir") == "to_provider" && message.object("expect").flag("valid") {
            let object = try WireVectors.parse(Data(message.text("text").utf8))
            shapes[object.text("event")] = object
        }
        #expect(shapes.keys.sorted() == ["clear", "mark", "media"])
        let texts = [
            written("MZ1") { $0.writeMedia(FrameBytes(repeating: 0xFF), to: &$1) },
            written("MZ1") { $0.writeMark(1, to: &$1) }, written("MZ1") { $0.writeClear(to: &$1) },
        ]
        for text in texts {
            let ours = try WireVectors.parse(Data(text.utf8))
            let theirs = try #require(shapes[ours.text("event")])
            #expect(ours.keys.sorted() == theirs.keys.sorted())
            for key in ours.keys { #expect(ours.object(key).keys.sorted() == theirs.object(key).keys.sorted()) }
        }
    }

    @Test func aQuotedTextIsAJSONString() throws {
        for text in Self.sids + ["line\nfeed", "\u{2028}", "</script>"] {
            let object = try WireVectors.parse(Data(#"{"t":\#(TwilioEncoder.quoted(text))}"#.utf8))
            #expect(object.text("t") == text)
        }
    }
}
