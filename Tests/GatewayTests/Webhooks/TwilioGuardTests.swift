import Foundation
import Gateway
import NIOHTTP1
import Testing

@Suite("Twilio guard")
struct TwilioGuardTests {
    private static let token = "b5a7f0c2d4e6981f3a5c7e9b1d2f4a6c"

    private func guardian(_ tokens: [String], development: Bool = false, url: String = "https://voice.example.net")
        -> TwilioGuard
    {
        TwilioGuard(signature: TwilioSignature(tokens: tokens), publicURL: PublicURL(url), acceptsUnsigned: development)
    }

    private func request(_ header: String?) -> TwilioSignature.Request {
        TwilioSignature.Request(
            url: "https://voice.example.net/twilio/voice",
            parameters: FormParameters(pairs: [.init(name: "CallSid", value: "CA1")]),
            isForm: true,
            signature: header
        )
    }

    private var good: String {
        TwilioSigner(token: Self.token).sign("https://voice.example.net/twilio/voice", [("CallSid", "CA1")])
    }
    private let wrong = Data(repeating: 7, count: 20).base64EncodedString()

    @Test func productionTakesOnlyWhatIsSigned() {
        let guardian = guardian([Self.token])
        #expect(guardian.verdict(request(good)) == .accepted)
        #expect(guardian.verdict(request(wrong)) == .refused)
        #expect(guardian.verdict(request(nil)) == .refused)
        #expect(guardian.verdict(request("")) == .refused)
    }

    @Test func productionWithoutATokenIsNotConfigured() {
        for header in [good, wrong, nil] {
            #expect(guardian([]).verdict(request(header)) == .notConfigured)
            #expect(guardian([""]).verdict(request(header)) == .notConfigured)
        }
    }

    @Test func developmentTakesTheUnsignedButNotTheWrong() {
        for tokens in [[], [Self.token]] {
            #expect(guardian(tokens, development: true).verdict(request(nil)) == .accepted)
            #expect(
                guardian(tokens, development: true).verdict(request(wrong))
                    == (tokens.isEmpty ? .notConfigured : .refused)
            )
        }
        #expect(guardian([Self.token], development: true).verdict(request(good)) == .accepted)
        #expect(guardian([Self.token], development: true).verdict(request("")) == .refused)
    }

    @Test(arguments: [
        ("https://voice.example.net", "wss://voice.example.net/twilio/ws"),
        ("https://voice.example.net/", "wss://voice.example.net/twilio/ws"),
        ("https://voice.example.net/", "wss://voice.example.net/twilio/ws/"),
        ("https://voice.example.net:8443", "wss://voice.example.net/twilio/ws"),
        ("https://voice.example.net:8443", "wss://voice.example.net:8443/twilio/ws"),
        ("http://127.0.0.1:8080", "ws://127.0.0.1:8080/twilio/ws"),
    ])
    func anUpgradeIsSignedWithTheSocketsScheme(_ base: String, _ signed: String) {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/twilio/ws")
        let guardian = guardian([Self.token], url: base)
        #expect(guardian.verdict(upgrade: head) == .refused)
        head.headers.add(name: "x-twilio-signature", value: TwilioSigner(token: Self.token).sign(signed, []))
        #expect(guardian.verdict(upgrade: head) == .accepted)
        head.uri = "/twilio/ws?x=1"
        #expect(guardian.verdict(upgrade: head) == .refused)
        #expect(self.guardian([], url: base).verdict(upgrade: head) == .notConfigured)
    }

    @Test func anUpgradeSignedWithTheWebSchemeIsRefused() {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/twilio/ws")
        let signature = TwilioSigner(token: Self.token).sign("https://voice.example.net/twilio/ws", [])
        head.headers.add(name: "X-Twilio-Signature", value: signature)
        #expect(guardian([Self.token]).verdict(upgrade: head) == .refused)
    }

    /// The newer scheme: a key of its own, named in a header, beside or instead of the auth token.
    @Test func aSharedKeyIsEnoughToBeConfigured() throws {
        let vector = try #require(
            WireVectors.list("twilio-signatures.json", "vectors").first { $0.text("id").hasPrefix("tw-16") }
        )
        let headers = vector["headers"] as? [String: String] ?? [:]
        let settings = try #require(headers["X-Twilio-Webhooks-Signature-Settings"])
        let id = try #require(settings.firstMatch(of: /key=([^,]*)/)).1
        let guardian = TwilioGuard(
            signature: TwilioSignature(tokens: [], sharedKeys: [String(id): vector.text("auth_token")]),
            publicURL: PublicURL("https://voice.example.net"),
            acceptsUnsigned: false
        )
        var request = TwilioSignature.Request(
            url: vector.text("url"),
            parameters: try FormParameters(parsing: Array(vector.text("raw_body").utf8)),
            isForm: true,
            signature: headers["X-Twilio-Signature"],
            settings: settings
        )
        #expect(guardian.state == "checked")
        #expect(guardian.verdict(request) == .accepted)
        request.settings = nil
        #expect(guardian.verdict(request) == .refused)
    }
}
