import Caller
import Testing

@Suite("Webhook mix") struct WebhookMixTests {
    private let mix = WebhookMix(publicURL: "https://voice.example.net", token: "secret", to: "+15550100", run: 7)

    @Test func theSameNumberIsTheSameRequest() {
        for number in [0, 17, 19, 49, 1000] { #expect(mix.request(number) == mix.request(number)) }
    }

    @Test func oneInFiftyIsForgedAndOneInTwentyRepeatsTheOneBefore() {
        let intents = (0..<1000).map { mix.request($0).intent }
        #expect(intents.count { $0 == .tampered } == 20)
        // Where both fall on one number it is forged.
        #expect(intents.count { $0 == .replayed } == 40)
        for number in (0..<1000) where intents[number] == .replayed && intents[number - 1] == .honest {
            let before = mix.request(number - 1)
            #expect(mix.request(number).body == before.body && mix.request(number).signature == before.signature)
        }
    }

    @Test func aForgedRequestDiffersFromWhatWasSigned() throws {
        let forged = mix.request(49)
        #expect(forged.intent == .tampered)
        let fields = forged.body.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts[1].replacing("+", with: " ").replacing("%2B", with: "+").replacing("%3A", with: ":")
                .replacing("%2F", with: "/")
            return (name: String(parts[0]), value: String(value))
        }
        let right = TwilioSignature.sign(
            url: "https://voice.example.net" + forged.path,
            parameters: fields,
            token: "secret"
        )
        #expect(forged.signature != right)
    }

    @Test func aCallsRequestsComeInItsOrder() {
        let paths = (0..<4).map { mix.request($0).path }
        #expect(paths == ["/twilio/voice", "/twilio/status", "/twilio/status", "/twilio/recording"])
        #expect(mix.request(0).body.contains("CallStatus=ringing"))
        #expect(mix.request(2).body.contains("CallStatus=completed"))
    }
}
