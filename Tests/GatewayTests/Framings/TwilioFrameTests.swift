import Codecs
import Foundation
import Gateway
import Testing

@Suite("Twilio frame")
struct TwilioFrameTests {
    @Test func countersAreReadAsTextAndAsNumbers() throws {
        for (sequence, timestamp) in [(#""7""#, #""140""#), ("7", "140")] {
            let text =
                #"{"event":"media","sequenceNumber":\#(sequence),"media":{"timestamp":\#(timestamp),"payload":""}}"#
            let frame = try Received(text).frame
            #expect(frame.sequence == 7 && frame.timestamp == 140)
        }
    }

    @Test(arguments: ["-1", #""-1""#, "1.5", "1e3", #""x""#, "null", "true", "[1]", "99999999999999999999", #""""#])
    func aCounterThatIsNoneIsLeftOutAndTheMessageStands(_ value: String) throws {
        let text = #"{"sequenceNumber":\#(value),"event":"media","media":{"payload":"","timestamp":\#(value)}}"#
        let frame = try Received(text).frame
        #expect(frame.event == .media && frame.sequence == nil && frame.timestamp == nil)
    }

    @Test func unknownFieldsAndEventsAreNoFault() throws {
        let text =
            #"{"new":{"a":[1,{"b":null}]},"event":"media","media":{"payload":"/w==","extra":[true,false,-1.5e-3]},"z":""}"#
        #expect(try Received(text).audio() == [0xFF])
        for event in ["", "restart", "MEDIA", "media ", "mediax", "réponse"] {
            #expect(try Received(#"{"event":"\#(event)"}"#).frame.event == .unknown)
        }
    }

    @Test func keysMayComeInAnyOrder() throws {
        let parts = [
            #""event":"media""#, #""sequenceNumber":"3""#, #""streamSid":"MZ1""#,
            #""media":{"payload":"AQI=","track":"inbound","chunk":"2","timestamp":"40"}"#,
        ]
        for first in 0..<parts.count {
            for second in 0..<parts.count where second != first {
                let rest = parts.indices.filter { $0 != first && $0 != second }
                for tail in [rest, rest.reversed()] {
                    let message = try Received(
                        "{" + ([first, second] + tail).map { parts[$0] }.joined(separator: ",") + "}"
                    )
                    #expect(message.frame.event == .media && message.frame.sequence == 3)
                    #expect(message.frame.timestamp == 40 && message.frame.isInbound)
                    #expect(try message.audio() == [1, 2] && message.string(message.frame.streamSid) == "MZ1")
                }
            }
        }
    }

    @Test func slashesOfThePayloadMayBeEscaped() throws {
        let message = try Received(#"{"event":"media","media":{"payload":"\/\/\/\/\/w=="}}"#)
        #expect(message.frame.payload?.hasEscapes == true)
        #expect(try message.audio() == [0xFF, 0xFF, 0xFF, 0xFF])
    }

    @Test(arguments: [#"\u002f\/8="#, #"AQI\n="#, #"AQI\\"#, "AQI", "AQ=I", "AQJ=", "====", "AQI= "])
    func aPayloadThatIsNoBase64IsRefused(_ payload: String) throws {
        let message = try Received(#"{"event":"media","media":{"payload":"\#(payload)"}}"#)
        #expect(throws: Base64Error.self) { try message.audio() }
    }

    @Test(arguments: [0, 1, 80, 159, 160, 161, 320, 4000, 40_000])
    func aChunkMayHaveAnySize(_ size: Int) throws {
        let audio = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let message = try Received(#"{"event":"media","media":{"payload":"\#(Data(audio).base64EncodedString())"}}"#)
        #expect(try message.audio() == audio)
    }

    @Test func aPayloadLargerThanItsRoomIsRefused() throws {
        let text = Data(repeating: 1, count: 300).base64EncodedString()
        let message = try Received(#"{"event":"media","media":{"payload":"\#(text)"}}"#)
        #expect(throws: Base64Error.self) { try message.audio(capacity: 299) }
    }

    @Test func aMessageWithoutWhatItIsAboutIsAFault() {
        #expect(Received.fault(#"{"event":"media","media":{"track":"inbound"}}"#) == .missing(.payload))
        #expect(Received.fault(#"{"event":"media","media":{"payload":null}}"#) == .missing(.payload))
        #expect(Received.fault(#"{"event":"media","media":[]}"#) == .missing(.payload))
        #expect(Received.fault(#"{"event":"mark"}"#) == .missing(.name))
        #expect(Received.fault(#"{"event":"mark","mark":{"name":7}}"#) == .missing(.name))
        #expect(Received.fault(#"{"event":"dtmf","dtmf":{"track":"inbound_track"}}"#) == .missing(.digit))
        #expect(Received.fault("{}") == .noEvent)
        #expect(Received.fault(#"{"event":1}"#) == .noEvent)
        #expect(Received.fault(#"{"event":null,"media":{"payload":""}}"#) == .noEvent)
    }

    @Test(arguments: Array("0123456789*#ABCD"))
    func everyKeyOfTheKeypadIsRead(_ key: Character) throws {
        #expect(try Received(#"{"event":"dtmf","dtmf":{"digit":"\#(key)"}}"#).frame.digit == key.asciiValue)
    }

    @Test func aKeyMayBeANumberAndNothingElseIsAKey() throws {
        #expect(try Received(#"{"event":"dtmf","dtmf":{"digit":5}}"#).frame.digit == UInt8(ascii: "5"))
        for value in [#""""#, #""12""#, #""a""#, #""E""#, "12", "-1", "null", "{}", #""\u0031""#, #""é""#] {
            #expect(Received.fault(#"{"event":"dtmf","dtmf":{"digit":\#(value)}}"#) == .missing(.digit), "\(value)")
        }
    }

    @Test(arguments: ["p", "q1", "p-1", "p1x", "1", "", "P1", "p٣", "réponse 1 — fin", "p99999999999999999999", "p 1"])
    func aMarkThatIsNotOursHasNoNumber(_ name: String) throws {
        let message = try Received(#"{"event":"mark","mark":{"name":"\#(name)"}}"#)
        #expect(message.string(message.frame.name) == name && message.markNumber == nil)
    }

    @Test(arguments: [0, 1, 42, 999_999_999_999, Int64.max])
    func ourMarksComeBackAsTheirNumbers(_ number: Int64) throws {
        let message = try Received(#"{"event":"mark","mark":{"name":"\#(MarkName.text(number))"}}"#)
        #expect(message.markNumber == number)
    }
}
