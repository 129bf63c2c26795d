import Caller
import Testing

@Suite("Twilio signature")
struct TwilioSignatureTests {
    @Test func thePositiveVectorsAreReproduced() throws {
        let vectors = try #require(Vectors.object("twilio-signatures.json")["vectors"] as? [[String: Any]])
        var checked = 0
        for vector in vectors where vector["expected_valid"] as? Bool == true {
            guard vector["algorithm"] as? String == "HMAC_SHA1" else { continue }
            let pairs = try #require(vector["params"] as? [[String]]).map { (name: $0[0], value: $0[1]) }
            let url = try #require(vector["signed_url"] as? String)
            let headers = try #require(vector["headers"] as? [String: String])
            let signature = TwilioSignature.sign(
                url: url,
                parameters: pairs,
                token: try #require(vector["auth_token"] as? String)
            )
            #expect(signature == headers["X-Twilio-Signature"], "\(vector["id"] ?? "")")
            checked += 1
        }
        #expect(checked == 20)
    }

    @Test func theWebhookSendsTheStandardParametersAndEncodesThem() {
        var configuration = TwilioCallConfiguration(engineURL: "http://127.0.0.1:8080/", utterances: [])
        configuration.from = "+15550123"
        let webhook = VoiceWebhook(configuration: configuration)
        #expect(webhook.url == "http://127.0.0.1:8080/twilio/voice")
        let fields = Dictionary(uniqueKeysWithValues: webhook.parameters.map { ($0.name, $0.value) })
        for (name, value) in [
            ("CallStatus", "ringing"), ("Direction", "inbound"), ("ApiVersion", "2010-04-01"), ("Caller", "+15550123"),
            ("From", "+15550123"), ("To", "+15550100"), ("Called", "+15550100"),
        ] { #expect(fields[name] == value) }
        #expect(fields["CallSid"]?.wholeMatch(of: /CA[0-9a-f]{32}/) != nil)
        #expect(fields["AccountSid"]?.wholeMatch(of: /AC[0-9a-f]{32}/) != nil)
        #expect(webhook.body.contains("&From=%2B15550123&"))
    }
}
