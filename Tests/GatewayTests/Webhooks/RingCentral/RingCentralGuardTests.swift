import Foundation
import Gateway
import Testing

@Suite("RingCentral guard")
struct RingCentralGuardTests {
    private struct Vector {
        let id: String
        let isHMAC: Bool
        let key: String
        let body: [UInt8]
        let proof: RingCentralGuard.Proof
        let isValid: Bool
    }

    private static func vectors() throws -> [Vector] {
        try WireVectors.list("ringcentral-signatures.json", "vectors").map { entry in
            var proof = RingCentralGuard.Proof()
            for (name, value) in entry.object("headers") {
                switch name.lowercased() {
                case "x-ringcentral-signature": proof.signature = value as? String
                case "verification-token", "validation-token": proof.tokens.append(value as? String ?? "")
                default: break
                }
            }
            return Vector(
                id: entry.text("id"),
                isHMAC: entry.text("scheme") == "spec-hmac-sha256-hex",
                key: entry.text("key"),
                body: Array(entry.text("raw_body").utf8),
                proof: proof,
                isValid: entry.flag("expected_valid")
            )
        }
    }

    private static func guardian(_ vector: Vector, keys: [String]? = nil, development: Bool = false) -> RingCentralGuard
    {
        let keys = keys ?? [vector.key]
        return RingCentralGuard(
            secrets: vector.isHMAC ? keys : [],
            tokens: vector.isHMAC ? [] : keys,
            acceptsUnsigned: development
        )
    }

    @Test func everyVectorHasItsVerdict() throws {
        let vectors = try Self.vectors()
        #expect(vectors.count == 16)
        for vector in vectors {
            let wanted: RingCentralGuard.Verdict = vector.isValid ? .accepted : .refused
            #expect(Self.guardian(vector).verdict(vector.proof, body: vector.body) == wanted, "\(vector.id)")
            let rotated = Self.guardian(vector, keys: ["another one", vector.key])
            #expect(rotated.verdict(vector.proof, body: vector.body) == wanted, "\(vector.id), while rotating")
            let old = Self.guardian(vector, keys: ["another one", "and another"])
            #expect(old.verdict(vector.proof, body: vector.body) == .refused, "\(vector.id), with other keys")
        }
    }

    @Test func aChangedByteOfBodyOrSignatureIsRefused() throws {
        let vector = try #require(try Self.vectors().first { $0.id == "rc-s03" })
        let guardian = Self.guardian(vector)
        for index in vector.body.indices {
            var body = vector.body
            body[index] ^= 1
            #expect(guardian.verdict(vector.proof, body: body) == .refused)
        }
        let signature = try #require(vector.proof.signature)
        for index in signature.indices {
            var changed = signature
            changed.replaceSubrange(index...index, with: signature[index] == "0" ? "1" : "0")
            #expect(guardian.verdict(.init(signature: changed), body: vector.body) == .refused)
        }
        for odd in ["", " ", signature + "00", " " + signature, signature + "\n", String(repeating: "ß", count: 32)] {
            #expect(guardian.verdict(.init(signature: odd), body: vector.body) == .refused)
        }
    }

    @Test func withBothSecretsBothMustBeProven() throws {
        let vector = try #require(try Self.vectors().first { $0.id == "rc-s01" })
        let guardian = RingCentralGuard(secrets: [vector.key], tokens: ["static"], acceptsUnsigned: false)
        let signature = vector.proof.signature
        #expect(guardian.verdict(.init(signature: signature, tokens: ["static"]), body: vector.body) == .accepted)
        #expect(guardian.verdict(.init(signature: signature, tokens: []), body: vector.body) == .refused)
        #expect(guardian.verdict(.init(signature: signature, tokens: ["other"]), body: vector.body) == .refused)
        #expect(guardian.verdict(.init(signature: nil, tokens: ["static"]), body: vector.body) == .refused)
        #expect(guardian.verdict(.init(tokens: ["other", "static"]), body: vector.body) == .refused)
    }

    @Test func eitherTokenHeaderWillDo() {
        let guardian = RingCentralGuard(secrets: [], tokens: ["static"], acceptsUnsigned: false)
        #expect(guardian.verdict(.init(tokens: ["random", "static"]), body: [1]) == .accepted)
        #expect(guardian.verdict(.init(signature: "no matter", tokens: ["static"]), body: [1]) == .accepted)
        #expect(guardian.verdict(.init(tokens: ["random"]), body: [1]) == .refused)
        #expect(guardian.verdict(.init(tokens: [""]), body: [1]) == .refused)
    }

    @Test func productionWithoutASecretTakesNothing() {
        for keys in [[], [""]] {
            let guardian = RingCentralGuard(secrets: keys, tokens: keys, acceptsUnsigned: false)
            #expect(!guardian.isOpen)
            #expect(guardian.verdict(.init(), body: [1]) == .notConfigured)
            #expect(guardian.verdict(.init(signature: "00", tokens: [""]), body: [1]) == .notConfigured)
        }
    }

    @Test func developmentTakesWhatProvesNothingButNotWhatIsWrong() throws {
        let open = RingCentralGuard(secrets: [], tokens: [], acceptsUnsigned: true)
        #expect(open.isOpen)
        #expect(open.verdict(.init(), body: [1]) == .accepted)
        #expect(open.verdict(.init(tokens: ["x"]), body: [1]) == .notConfigured)
        #expect(open.verdict(.init(signature: "x"), body: [1]) == .notConfigured)
        for vector in try Self.vectors() {
            let guardian = Self.guardian(vector, development: true)
            let isSilent = vector.proof.signature == nil && vector.proof.tokens.isEmpty
            let wanted: RingCentralGuard.Verdict = vector.isValid || isSilent ? .accepted : .refused
            #expect(guardian.verdict(vector.proof, body: vector.body) == wanted, "\(vector.id)")
        }
    }

    @Test func handshakesAreAnsweredAsTheVectorsSay() throws {
        let handshakes = try WireVectors.list("ringcentral-signatures.json", "handshakes")
        #expect(handshakes.count == 5)
        for entry in handshakes {
            let request = entry.object("request")
            let tokens = request.object("headers").filter { $0.key.lowercased() == "validation-token" }
                .compactMap { $0.value as? String }
            let decision = RingCentralHandshake(tokens: tokens, body: Array(request.text("body").utf8))
            let response = entry.object("response")
            if response.number("status") == 200 {
                #expect(decision == .echo(response.object("headers").text("Validation-Token")), "\(entry.text("id"))")
            } else {
                #expect(decision == .unsafeToken || decision == .nothing, "\(entry.text("id"))")
            }
        }
    }

    @Test(arguments: ["a\rb", "a\nb", "a b", "", "é", "a\0", "\u{7F}", String(repeating: "a", count: 513)])
    func aTokenThatCannotBeSentBackIsNot(_ token: String) {
        #expect(RingCentralHandshake(tokens: [token], body: []) == .unsafeToken)
        #expect(RingCentralHandshake(tokens: [token], body: [0x7B]) == .notification(echo: nil))
    }

    @Test func onlyABodyMakesANotification() {
        #expect(RingCentralHandshake(tokens: ["t"], body: Array(" \r\n\t".utf8)) == .echo("t"))
        #expect(RingCentralHandshake(tokens: ["t"], body: [0x7B]) == .notification(echo: "t"))
        #expect(RingCentralHandshake(tokens: ["t", "u"], body: []) == .unsafeToken)
        #expect(RingCentralHandshake(tokens: [], body: []) == .nothing)
        #expect(RingCentralHandshake(tokens: [], body: [0x7B]) == .notification(echo: nil))
    }
}
