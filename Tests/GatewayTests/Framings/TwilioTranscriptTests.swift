import Foundation
import Gateway
import Testing

/// Whole recorded streams through the framing.
@Suite("Twilio transcripts")
struct TwilioTranscriptTests {
    /// Ways to write the same message: escaped slashes in the audio, another key order, white space.
    static let writings: [JSONSerialization.WritingOptions] = [
        [], [.withoutEscapingSlashes], [.sortedKeys, .prettyPrinted],
    ]

    private struct Call {
        var audio: [UInt8] = []
        var firstTimestamp: Int64?
        var sequences: [Int64] = []
        var mediaMessages = 0
        var digits = ""
        var marks: [String] = []
        var oddities: [TwilioStreamMachine.Oddity] = []
        var start: TwilioStart?
        var hasStopped = false

        init(_ messages: [String]) throws {
            var machine = TwilioStreamMachine()
            for text in messages {
                let message = try Received(text)
                if let sequence = message.frame.sequence { sequences.append(sequence) }
                let sid = message.string(message.frame.streamSid)
                switch machine.handle(message.frame, isOurStream: sid == nil || sid == start?.streamSid) {
                case .none: #expect(message.frame.event == .connected)
                case .readStart:
                    start = try message.start
                    machine.started()
                case .media:
                    audio += try message.audio()
                    mediaMessages += 1
                    if firstTimestamp == nil { firstTimestamp = message.frame.timestamp }
                case .digit: digits.unicodeScalars.append(UnicodeScalar(message.frame.digit ?? 0))
                case .mark:
                    #expect(message.markNumber == nil, "these marks are not this engine's")
                    marks.append(message.string(message.frame.name) ?? "")
                case .stop: hasStopped = true
                case .reject(let oddity): oddities.append(oddity)
                }
            }
        }
    }

    @Test(arguments: writings)
    func theLongCallComesToWhatItsExpectationsSay(_ options: JSONSerialization.WritingOptions) throws {
        let expect = try WireVectors.object("twilio-stream-transcript.expect.json")
        let call = try Call(WireVectors.messages("twilio-stream-transcript.jsonl", options))
        let inbound = expect.object("inbound")
        #expect(call.mediaMessages == inbound.number("media_messages"))
        #expect(call.audio.count == inbound.number("bytes"))
        let hash = MessageAuthentication.sha256(call.audio).map { String(format: "%02x", $0) }.joined()
        #expect(hash == inbound.text("sha256_mulaw"))
        #expect(call.firstTimestamp == inbound.number("first_timestamp_ms").map(Int64.init))
        #expect(call.sequences == Array(1...Int64(try #require(expect.number("last_sequence_number")))))
        #expect(call.digits == expect.text("digits"))
        #expect(call.marks == expect.pairs("marks_returned_in_order").map { $0[0] })
        #expect(call.start?.callSid == expect.text("call_sid") && call.start?.streamSid == expect.text("stream_sid"))
        #expect(call.hasStopped && call.oddities.isEmpty)
    }

    @Test(arguments: writings)
    func theSmallestCallIsHeard(_ options: JSONSerialization.WritingOptions) throws {
        let call = try Call(WireVectors.messages("twilio-stream-minimal.jsonl", options))
        #expect(call.mediaMessages == 5 && call.audio == [UInt8](repeating: 0xFF, count: 800))
        #expect(call.sequences == Array(1...7) && call.hasStopped && call.oddities.isEmpty)
    }

    @Test func theAgentsOwnTrackIsLeftOut() throws {
        let call = try Call(WireVectors.messages("twilio-stream-both-tracks.jsonl", []))
        #expect(call.start?.tracks == ["inbound", "outbound"])
        #expect(!call.oddities.isEmpty && call.oddities.allSatisfy { $0 == .outboundTrack })
        // The two tracks carry different bytes: silence and 0x7F.
        #expect(!call.audio.isEmpty && call.audio.allSatisfy { $0 == 0xFF })
        #expect(call.mediaMessages == call.oddities.count)
    }
}
