import Foundation
import Gateway
import Testing

@Suite("Ringover signatures")
struct RingoverSignatureTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        var id = ""
        var testDescription: String { id }
        var scheme = RingoverSettings.WebhookScheme.hmac
        var request: RingoverSignature.Request
        var key = ""
        var now: Int64 = 0
        var isValid = false

        var document: JSONValue? { try? JSONValue(parsing: request.body) }

        func isAccepted(by schemes: [RingoverSettings.WebhookScheme], keys: [String]? = nil) -> Bool {
            RingoverSignature.isValid(request, document: document, schemes: schemes, keys: keys ?? [key], now: now)
        }
    }

    static let names: [String: RingoverSettings.WebhookScheme] = [
        "spec-hmac-sha256-hex": .hmac, "vendor-v1-jwt-hs512": .jwt, "vendor-v3-hmac-base64": .v3,
        "vendor-api-key": .key,
    ]

    static let vectors: [Vector] = {
        let rows = (try? WireVectors.list("ringover-signatures.json", "vectors")) ?? []
        return rows.map { row in
            let hex = row.text("body_hex")
            let body = hex.isEmpty ? Array(row.text("raw_body").utf8) : bytes(hex)
            var request = RingoverSignature.Request(method: row.text("method"), url: row.text("url"), body: body)
            for (name, value) in row.object("headers") {
                let value = value as? String
                switch name.lowercased() {
                case "x-ringover-signature": request.plain = value
                case "x-ringover-webhook-signature": request.webhook = value
                case "x-ringover-webhook-signature-v3": request.third = value
                case "x-ringover-request-signature-v3-timestamp": request.thirdTimestamp = value
                case "authorization": request.authorization = value
                default: Issue.record("an unknown header in \(row.text("id")): \(name)")
                }
            }
            return Vector(
                id: row.text("id"),
                scheme: names[row.text("scheme")] ?? .hmac,
                request: request,
                key: row.text("key"),
                now: Int64(row.number("now") ?? 1_763_715_710),
                isValid: row.flag("expected_valid")
            )
        }
    }()

    static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    @Test func thereIsAVectorOfEveryScheme() {
        #expect(Self.vectors.count == 42 && Self.vectors.filter(\.isValid).count == 15)
        #expect(Set(Self.vectors.map(\.scheme)) == Set(RingoverSettings.WebhookScheme.allCases))
    }

    @Test(arguments: vectors) func everyVectorIsJudgedAsItSays(_ vector: Vector) {
        #expect(vector.isAccepted(by: [vector.scheme]) == vector.isValid)
        // With every scheme that signs something, the answer is the same.
        if vector.scheme != .key { #expect(vector.isAccepted(by: [.hmac, .jwt, .v3]) == vector.isValid) }
    }

    @Test(arguments: vectors.filter(\.isValid)) func aProofCountsOnlyWhereItsSchemeIsAskedFor(_ vector: Vector) {
        for scheme in RingoverSettings.WebhookScheme.allCases where scheme != vector.scheme {
            #expect(!vector.isAccepted(by: [scheme]), "\(scheme)")
        }
        #expect(!vector.isAccepted(by: []))
        #expect(!vector.isAccepted(by: [vector.scheme], keys: []))
        #expect(!vector.isAccepted(by: [vector.scheme], keys: [""]))
    }

    @Test(arguments: vectors.filter(\.isValid)) func whileAKeyIsRotatedBothAreGood(_ vector: Vector) {
        #expect(vector.isAccepted(by: [vector.scheme], keys: ["the-next-key", vector.key]))
        #expect(vector.isAccepted(by: [vector.scheme], keys: [vector.key, "the-next-key"]))
        #expect(!vector.isAccepted(by: [vector.scheme], keys: ["the-next-key"]))
    }

    @Test(arguments: vectors.filter { $0.isValid && $0.scheme != .key && !$0.request.body.isEmpty })
    func noByteOfTheBodyMayChange(_ vector: Vector) {
        var changed = vector
        for index in stride(from: 0, to: vector.request.body.count, by: 7) {
            changed.request.body = vector.request.body
            changed.request.body[index] ^= 1
            #expect(!changed.isAccepted(by: [vector.scheme]), "byte \(index)")
        }
    }

    @Test func aThirdSignatureIsGoodForFiveMinutesEitherWay() throws {
        let vector = try #require(Self.vectors.first { $0.id == "ro-w01" })
        let time = try #require(Int64(vector.request.thirdTimestamp ?? ""))
        for (offset, isGood) in [(-301, false), (-300, true), (0, true), (300, true), (301, false)] {
            var moved = vector
            moved.now = time + Int64(offset)
            #expect(moved.isAccepted(by: [.v3]) == isGood, "\(offset) s")
        }
    }

    // MARK: Tokens of our own making

    private static let body = #"{"event":"hangup","resource":"call","data":{"call_id":1234567890987654400,"x":1.50}}"#
    private static let url = "https://voice.example.net/api/v1/webhooks/ringover/event"

    private func isGood(header: String = #"{"alg":"HS512","typ":"JWT"}"#, claims: String, url: String = url) -> Bool {
        func text(_ bytes: [UInt8]) -> String {
            Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
                .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
        }
        let signed = text(Array(header.utf8)) + "." + text(Array(claims.utf8))
        let code = MessageAuthentication.code(.sha512, key: Array("k".utf8), message: Array(signed.utf8))
        var request = RingoverSignature.Request(method: "POST", url: url, body: Array(Self.body.utf8))
        request.webhook = signed + "." + text(code)
        let document = try? JSONValue(parsing: request.body)
        return RingoverSignature.isValid(request, document: document, schemes: [.jwt], keys: ["k"], now: 1000)
    }

    @Test func aTokenIsComparedByValuesAndNotByBytes() {
        let reordered = #"{"resource":"call","data":{"x":15e-1,"call_id":1234567890987654400},"event":"hangup"}"#
        #expect(isGood(claims: #"{"url":"\#(Self.url)","payload":\#(reordered)}"#))
        #expect(isGood(claims: reordered))
        // One more than a double can tell apart from the body's.
        let near = reordered.replacingOccurrences(of: "654400", with: "654401")
        #expect(!isGood(claims: #"{"payload":\#(near)}"#))
    }

    @Test func theClaimsOfTheFormatBelongToNoEvent() {
        let event = Self.body.dropLast()
        #expect(isGood(claims: event + #","iat":1,"iss":"ringover","exp":1001}"#))
        #expect(!isGood(claims: event + #","exp":1000}"#), "expired this very second")
        #expect(!isGood(claims: event + #","exp":"never"}"#))
        #expect(!isGood(claims: event + #","extra":1}"#))
    }

    @Test(arguments: [
        ("https://voice.example.net/api/v1/webhooks/ringover/event", true),
        ("http://VOICE.example.net:8080/api/v1/webhooks/ringover/event?a=b", true),
        ("https://voice.example.net/api/v1/webhooks/ringover", false), ("https://voice.example.net", false),
        ("https://other.example.net/api/v1/webhooks/ringover/event", false), ("", false), ("not an address", false),
    ]) func aTokenIsForOneAddress(_ claimed: String, _ expected: Bool) {
        #expect(isGood(claims: #"{"url":"\#(claimed)","payload":\#(Self.body)}"#) == expected)
    }

    @Test(arguments: [
        #"{"alg":"HS256"}"#, #"{"alg":"none"}"#, #"{"alg":"hs512"}"#, #"{"alg":"RS256"}"#, #"{"alg":null}"#, "{}",
        #"{"alg":"HS512","alg":"none"}"#, #"{"alg":"HS512","crit":["b64"],"b64":false}"#, #"["HS512"]"#, "HS512", "",
    ]) func noOtherHeaderIsTaken(_ header: String) {
        #expect(!isGood(header: header, claims: Self.body))
    }

    @Test(arguments: ["null", "[]", "\"text\"", "{}", #"{"payload":null}"#, #"{"payload":[]}"#, #"{"payload":"{"}"#])
    func noOtherClaimsAreTaken(_ claims: String) {
        #expect(isGood(claims: Self.body))
        #expect(!isGood(claims: claims))
    }
}
