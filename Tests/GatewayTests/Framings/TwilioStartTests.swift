import Foundation
import Gateway
import Testing

@Suite("Twilio start")
struct TwilioStartTests {
    private func read(_ start: String, outer: String = "") throws -> TwilioStart {
        try JSONDecoder().decode(TwilioStart.self, from: Data(#"{"event":"start",\#(outer)"start":{\#(start)}}"#.utf8))
    }

    private let format = #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}"#

    @Test func theFormatsNumbersMayBeText() throws {
        let text = #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":"8000","channels":"1"}"#
        #expect(try read(#""callSid":"CA1","streamSid":"MZ1",\#(text)"#).format == .muLaw)
    }

    @Test func whatTheVendorAlwaysSendsAndACloneLeavesOutHasADefault() throws {
        let text = #""callSid":"CA1","mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000}"#
        let start = try read(text, outer: #""streamSid":"MZ9","#)
        #expect(start.streamSid == "MZ9" && start.accountSid == "" && start.tracks == ["inbound"])
        #expect(start.format == .muLaw && start.customParameters.isEmpty)
    }

    @Test(arguments: [
        #""streamSid":"MZ1""#, #""callSid":"CA1""#,
        #""callSid":"CA1","streamSid":"MZ1","mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":"fast"}"#,
        #""callSid":"CA1","streamSid":"MZ1","mediaFormat":{"sampleRate":8000}"#,
        #""callSid":7,"streamSid":"MZ1","mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000}"#,
    ])
    func withoutItsIdsOrItsFormatItIsRefused(_ start: String) {
        #expect(throws: DecodingError.self) { try read(start) }
    }

    @Test(arguments: [
        #"{"encoding":"audio/l16","sampleRate":16000,"channels":1}"#,
        #"{"encoding":"audio/x-mulaw","sampleRate":16000}"#,
        #"{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":2}"#,
        #"{"encoding":"audio/x-alaw","sampleRate":8000}"#,
    ])
    func anotherFormatIsReadAndIsNotOurs(_ format: String) throws {
        #expect(try read(#""callSid":"CA1","streamSid":"MZ1","mediaFormat":\#(format)"#).format != .muLaw)
    }
}
