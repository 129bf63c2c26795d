import Foundation
import Gateway
import Testing

@Suite("Twilio signature")
struct TwilioSignatureTests {
    /// A vector as the server would see it: the raw body parsed by us, the URL as given.
    private func request(_ vector: [String: Any]) throws -> TwilioSignature.Request {
        let headers = vector["headers"] as? [String: String] ?? [:]
        let isForm = vector.text("content_type").hasPrefix("application/x-www-form-urlencoded")
        let body = Array(vector.text("raw_body").utf8)
        return TwilioSignature.Request(
            url: vector.text("url"),
            parameters: isForm ? try FormParameters(parsing: body) : FormParameters(),
            body: body,
            isForm: isForm,
            signature: headers["X-Twilio-Signature"],
            settings: headers["X-Twilio-Webhooks-Signature-Settings"]
        )
    }

    /// The vector's key is an auth token, or the shared key its settings header names.
    private func keys(_ vector: [String: Any]) -> TwilioSignature {
        let settings = (vector["headers"] as? [String: String])?["X-Twilio-Webhooks-Signature-Settings"] ?? ""
        guard let id = settings.firstMatch(of: /key=([^,]*)/)?.1 else {
            return TwilioSignature(tokens: [vector.text("auth_token")])
        }
        return TwilioSignature(tokens: [], sharedKeys: [String(id): vector.text("auth_token")])
    }

    @Test func everyVectorGetsItsVerdict() throws {
        var counts = [true: 0, false: 0]
        for vector in try WireVectors.list("twilio-signatures.json", "vectors") {
            let wanted = vector.flag("expected_valid")
            #expect(keys(vector).isValid(try request(vector)) == wanted, "\(vector.text("id"))")
            counts[wanted, default: 0] += 1
        }
        #expect(counts == [true: 21, false: 18])
    }

    @Test func theStringToSignIsTheVendors() throws {
        var checked = 0
        for vector in try WireVectors.list("twilio-signatures.json", "vectors") {
            guard let text = vector["string_to_sign"] as? String else { continue }
            let request = try request(vector)
            let suffix = TwilioSignature.signedParameters(of: request)
            #expect(
                TwilioSignature.candidates(of: request.url).map { $0 + suffix }.contains(text),
                "\(vector.text("id"))"
            )
            checked += 1
        }
        #expect(checked == 21)
    }

    @Test func everyRecordedCallbackPasses() throws {
        let file = try WireVectors.object("twilio-webhooks.json")
        let signature = TwilioSignature(tokens: [file.text("auth_token")])
        var checked = 0
        for vector in try WireVectors.list("twilio-webhooks.json", "requests") {
            let request = try request(vector)
            #expect(signature.isValid(request), "\(vector.text("id"))")
            var tampered = request
            tampered.parameters.pairs[0].value += "x"
            #expect(!signature.isValid(tampered), "\(vector.text("id"))")
            checked += 1
        }
        #expect(checked == 32)
    }

    @Test func whileATokenIsRotatedBothCount() throws {
        let vectors = try WireVectors.list("twilio-signatures.json", "vectors")
        let request = try request(try #require(vectors.first))
        #expect(TwilioSignature(tokens: ["new token", "12345"]).isValid(request))
        #expect(TwilioSignature(tokens: ["12345", "new token"]).isValid(request))
        #expect(!TwilioSignature(tokens: ["new token"]).isValid(request))
    }

    @Test func withoutATokenNothingIsValid() throws {
        let empty = MessageAuthentication.code(.sha1, key: [], message: Array("https://a.example/".utf8))
        let request = TwilioSignature.Request(
            url: "https://a.example/",
            isForm: true,
            signature: Data(empty).base64EncodedString()
        )
        for tokens in [[], [""]] as [[String]] {
            #expect(!TwilioSignature(tokens: tokens).isValid(request), "an empty key must not be a key")
        }
        #expect(!TwilioSignature(tokens: [], sharedKeys: ["k": "secret"]).isValid(request))
    }

    @Test func aSharedKeyIsNotTakenForAnotherAndNotForATokens() throws {
        let vectors = try WireVectors.list("twilio-signatures.json", "vectors")
        let vector = try #require(vectors.first { $0.text("id") == "tw-16-shared-key-sha256" })
        let request = try request(vector)
        #expect(!TwilioSignature(tokens: [vector.text("auth_token")]).isValid(request))
        #expect(!TwilioSignature(tokens: [], sharedKeys: ["other": vector.text("auth_token")]).isValid(request))
    }

    @Test(arguments: [
        "", " ", "=", "AAAA", "not base64 at all", "L/OH5YylLD5NRKLltdqwSvS0BnU", "L/OH5YylLD5NRKLltdqwSvS0BnU=\n",
        // The same bytes in another spelling: the bits behind the last byte are set.
        "L/OH5YylLD5NRKLltdqwSvS0BnV=",
    ])
    func aBrokenHeaderIsRefused(_ header: String) throws {
        var request = try request(try #require(WireVectors.list("twilio-signatures.json", "vectors").first))
        request.signature = header
        #expect(!TwilioSignature(tokens: ["12345"]).isValid(request))
    }

    @Test(arguments: ["algorithm", "algorithm=", "algorithm=hmac_sha1", "key=,algorithm=NONE", ",=,", "key"])
    func brokenSettingsAreRefused(_ settings: String) throws {
        var request = try request(try #require(WireVectors.list("twilio-signatures.json", "vectors").first))
        request.settings = settings
        // A header without anything in it means the defaults; one with an unknown part does not.
        #expect(!TwilioSignature(tokens: ["12345"]).isValid(request) || settings == ",=,")
    }

    @Test(arguments: [
        ("https://a.example/x", ["https://a.example/x", "https://a.example:443/x"]),
        ("https://a.example:8443/x?y=1", ["https://a.example/x?y=1", "https://a.example:8443/x?y=1"]),
        ("http://a.example", ["http://a.example", "http://a.example:80"]),
        (
            "wss://a.example/x",
            ["wss://a.example/x", "wss://a.example:443/x", "wss://a.example/x/", "wss://a.example:443/x/"]
        ),
        ("ws://a.example:81/x/", ["ws://a.example/x/", "ws://a.example:81/x/"]),
        ("https://[::1]:8080/x", ["https://[::1]/x", "https://[::1]:8080/x"]),
        ("https://[::1]/x", ["https://[::1]/x", "https://[::1]:443/x"]),
        (
            "https://a.example/x?",
            [
                "https://a.example/x", "https://a.example:443/x", "https://a.example/x?", "https://a.example:443/x?",
            ]
        ),
        ("https://a.example/x?a?", ["https://a.example/x?a?", "https://a.example:443/x?a?"]),
        ("nonsense", ["nonsense"]),
    ])
    func theSignedURLMayHaveAPortOrNone(_ url: String, _ candidates: [String]) {
        #expect(Set(TwilioSignature.candidates(of: url)) == Set(candidates))
    }

    /// Every byte of a recorded request, changed in every bit: nothing that means something else passes.
    @Test(arguments: ["tw-03", "tw-07", "tw-08", "tw-11", "tw-12", "tw-16"])
    func aChangedBodyNeverPasses(_ id: String) throws {
        let vector = try #require(
            WireVectors.list("twilio-signatures.json", "vectors").first { $0.text("id").hasPrefix(id) }
        )
        let signature = keys(vector)
        let original = try request(vector)
        let meaning = TwilioSignature.signedParameters(of: original)
        #expect(signature.isValid(original))
        var refused = 0
        for index in original.body.indices {
            for bit in 0..<8 {
                var body = original.body
                body[index] ^= 1 << bit
                guard let parameters = try? FormParameters(parsing: body) else { continue }
                var changed = original
                changed.parameters = parameters
                // Only another spelling of the very same parameters may pass: `%2b` for `%2B`.
                let isSame = Array(TwilioSignature.signedParameters(of: changed).utf8) == Array(meaning.utf8)
                #expect(signature.isValid(changed) == isSame, "byte \(index), bit \(bit)")
                if !isSame { refused += 1 }
            }
        }
        #expect(refused > original.body.count * 4)
    }

    @Test(arguments: ["tw-03", "tw-10", "tw-11", "tw-12", "tw-13", "tw-16", "tw-20"])
    func aChangedAddressNeverPasses(_ id: String) throws {
        let vector = try #require(
            WireVectors.list("twilio-signatures.json", "vectors").first { $0.text("id").hasPrefix(id) }
        )
        let signature = keys(vector)
        let original = try request(vector)
        for index in original.url.utf8.indices {
            for bit in 0..<7 {
                var bytes = Array(original.url.utf8)
                bytes[original.url.utf8.distance(from: original.url.startIndex, to: index)] ^= 1 << bit
                var changed = original
                changed.url = String(decoding: bytes, as: UTF8.self)
                #expect(!signature.isValid(changed), "\(changed.url)")
            }
        }
    }

    @Test(arguments: ["tw-01", "tw-13", "tw-16", "tw-20"])
    func aChangedSignatureNeverPasses(_ id: String) throws {
        let vector = try #require(
            WireVectors.list("twilio-signatures.json", "vectors").first { $0.text("id").hasPrefix(id) }
        )
        let signature = keys(vector)
        let original = try request(vector)
        let header = Array(try #require(original.signature).utf8)
        for index in header.indices {
            for bit in 0..<7 {
                var bytes = header
                bytes[index] ^= 1 << bit
                var changed = original
                changed.signature = String(decoding: bytes, as: UTF8.self)
                #expect(!signature.isValid(changed), "byte \(index), bit \(bit)")
            }
            var shorter = original
            shorter.signature = String(decoding: header[..<index], as: UTF8.self)
            #expect(!signature.isValid(shorter))
        }
    }

    /// Names and values are compared byte by byte, as the sender sorts them.
    @Test func lettersThatOnlyLookTheSameAreDifferent() {
        let composed = FormParameters.Pair(name: "City", value: "\u{E9}")
        let decomposed = FormParameters.Pair(name: "City", value: "e\u{301}")
        let request = TwilioSignature.Request(
            url: "https://a.example/",
            parameters: FormParameters(pairs: [composed, decomposed, composed]),
            isForm: true,
            signature: nil
        )
        let text = Array(TwilioSignature.signedParameters(of: request).utf8)
        #expect(text == Array("Citye\u{301}City\u{E9}".utf8))
    }
}
