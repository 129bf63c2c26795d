import Gateway
import TestSupport
import Testing

@Suite("Ringover metadata")
struct RingoverMetadataTests {
    private func read(_ text: String) -> RingoverMetadata? { try? RingoverMetadata(parsing: Array(text.utf8).span) }

    @Test(arguments: [
        #"{"call_id":1234567890987654400}"#, #"{"callId":"1234567890987654400"}"#, #"{"id":"1234567890987654400"}"#,
        #"{"uuid":" 1234567890987654400 "}"#, #"{"id":null,"data":{"call_id":1234567890987654400}}"#,
        #"{"event":"start","metadata":{"uuid":"1234567890987654400"}}"#, "1234567890987654400",
        "\n1234567890987654400\n",
    ]) func theCallsIDIsFoundUnderEveryName(_ text: String) { #expect(read(text)?.callID == "1234567890987654400") }

    @Test func theTenantComesFromItsNameOrOurNumber() {
        #expect(read(#"{"tenant":"clinic"}"#)?.tenant == "clinic")
        #expect(read(#"{"to":"33184800000","from":"33612345678"}"#)?.ownNumber == "+33184800000")
        #expect(read(#"{"direction":"outbound","to":33612345678,"from":33184800000}"#)?.ownNumber == "+33184800000")
        #expect(read(#"{"to_number":"101"}"#)?.ownNumber == nil)
    }

    @Test func whatSaysNothingIsMetadataAllTheSame() {
        for text in ["{}", "hello there", #"{"id":""}"#, #"{"id":[1]}"#, "", String(repeating: "x", count: 500)] {
            #expect(read(text) == RingoverMetadata(), "\(text)")
        }
        #expect(read(#"{"event":"x"}"#) == nil && read(#"{"type":"x"}"#) == nil && read("[]") == nil)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func whateverComesNothingBreaks(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let original = Array(#"{"call_id":"7","to":"33184800000","sampleRate":16000,"data":{"uuid":"x"}}"#.utf8)
        var read = 0
        for _ in 0..<2000 {
            var text = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                text[Int.random(in: 0..<text.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if (try? RingoverMetadata(parsing: text.span)) != nil { read += 1 }
            let cut = Int.random(in: 0..<text.count, using: &random)
            _ = try? RingoverMetadata(parsing: Array(text[..<cut]).span)
        }
        #expect(read > 0)
    }
}
