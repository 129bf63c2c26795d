import Foundation

/// Lets RingCentral's notifications through and no others. Fails closed.
///
/// The vendor signs nothing: it sends back the static token chosen at subscription. `X-RingCentral-Signature` (hexadecimal
/// HMAC-SHA256 of the body) is the engine's own contract with a relay that adds it. Each configured secret must be proven:
/// with both configured a request needs both, so `RC_WEBHOOK_SECRET` is only set behind such a relay.
package struct RingCentralGuard: Sendable {
    /// The headers that prove a request's origin, as received.
    package struct Proof: Sendable, Equatable {
        /// `X-RingCentral-Signature`.
        package var signature: String?
        /// `Verification-Token` and `Validation-Token`: vendor's pages name either.
        package var tokens: [String]

        package init(signature: String? = nil, tokens: [String] = []) {
            self.signature = signature
            self.tokens = tokens
        }
    }

    package enum Verdict: Equatable, Sendable { case accepted, notConfigured, refused }

    /// Keys of the signature; two while one is rotated.
    private let secrets: [[UInt8]]
    /// Hashes of the static tokens: compared ones then have one length, so time tells nothing of a token's.
    private let tokens: [[UInt8]]
    /// `ENVIRONMENT=development`: a request that proves nothing is accepted. One that tries must be right.
    private let acceptsUnsigned: Bool

    package init(secrets: [String], tokens: [String], acceptsUnsigned: Bool) {
        self.secrets = secrets.filter { !$0.isEmpty }.map { Array($0.utf8) }
        self.tokens = tokens.filter { !$0.isEmpty }.map { MessageAuthentication.sha256(Array($0.utf8)) }
        self.acceptsUnsigned = acceptsUnsigned
    }

    private var isConfigured: Bool { !secrets.isEmpty || !tokens.isEmpty }

    /// Whether any request at all can pass.
    package var isOpen: Bool { isConfigured || acceptsUnsigned }

    /// For health and `parley check`.
    package var state: String {
        switch (secrets.isEmpty, tokens.isEmpty) {
        case (true, true): acceptsUnsigned ? "unsigned requests are accepted" : "no secret: refused"
        case (false, true): "signature checked (RingCentral sends none itself: a relay must add it)"
        case (true, false): "verification token checked"
        case (false, false):
            "signature and verification token checked (RingCentral sends no signature itself: a relay must add it)"
        }
    }

    package func verdict(_ proof: Proof, body: [UInt8]) -> Verdict {
        if acceptsUnsigned, proof.signature == nil, proof.tokens.isEmpty { return .accepted }
        guard isConfigured else { return .notConfigured }
        // Both are always computed, so that time does not tell which one failed.
        let signature = isSigned(proof, body)
        let token = hasToken(proof)
        return signature && token ? .accepted : .refused
    }

    private func isSigned(_ proof: Proof, _ body: [UInt8]) -> Bool {
        guard !secrets.isEmpty else { return true }
        guard let header = proof.signature else { return acceptsUnsigned }
        let given = Self.bytes(hexadecimal: header) ?? []
        var isValid = false
        for secret in secrets {
            let expected = MessageAuthentication.code(.sha256, key: secret, message: body)
            if MessageAuthentication.areEqual(expected, given) { isValid = true }
        }
        return isValid
    }

    private func hasToken(_ proof: Proof) -> Bool {
        guard !tokens.isEmpty else { return true }
        guard !proof.tokens.isEmpty else { return acceptsUnsigned }
        var isValid = false
        for given in proof.tokens.prefix(4) {
            let hash = MessageAuthentication.sha256(Array(given.utf8))
            for token in tokens where MessageAuthentication.areEqual(token, hash) { isValid = true }
        }
        return isValid
    }

    /// 64 hexadecimal digits of either case; nil for anything else.
    private static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = digit(digits[index]), let low = digit(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
