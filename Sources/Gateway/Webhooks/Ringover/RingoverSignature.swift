import Foundation

/// Checks that a webhook comes from Ringover, in each of the ways in use.
///
/// - Sources: `hmac`: python sample of github.com/ringover/ringover-webhooks. `jwt`: its Node and Go samples and the PHP SDK,
///   which do not compare the token with the body; this does. `v3`: integrators' notes, no vendor sample. `key`: PHP SDK.
package enum RingoverSignature {
    package typealias Scheme = RingoverSettings.WebhookScheme

    package struct Request: Sendable {
        package var method: String
        /// As the sender saw it: scheme, host, path and query.
        package var url: String
        package var body: [UInt8]
        /// `X-Ringover-Signature`.
        package var plain: String?
        /// `X-Ringover-Webhook-Signature`.
        package var webhook: String?
        /// `X-Ringover-Webhook-Signature-V3`.
        package var third: String?
        /// `X-Ringover-Request-Signature-V3-Timestamp`.
        package var thirdTimestamp: String?
        package var authorization: String?

        package init(method: String, url: String, body: [UInt8]) {
            self.method = method
            self.url = url
            self.body = body
        }

        /// It does not even claim to come from Ringover.
        package var isUnsigned: Bool { plain == nil && webhook == nil && third == nil && authorization == nil }
    }

    /// Seconds a V3 request may be old or early.
    package static let replayWindow: Int64 = 300

    /// - Parameters:
    ///   - document: the body as values; nil when it is no JSON. A JWT is then never valid.
    ///   - now: seconds since 1970.
    package static func isValid(
        _ request: Request,
        document: JSONValue?,
        schemes: [Scheme],
        keys: [String],
        now: Int64
    ) -> Bool {
        var isValid = false
        // Every key is tried, so that time tells nothing about which one matched.
        for key in keys where !key.isEmpty {
            let key = Array(key.utf8)
            for scheme in schemes {
                let proof =
                    switch scheme {
                    case .hmac: hasCode(request, key)
                    case .jwt: hasToken(request, document, key, now)
                    case .v3: hasThird(request, key, now)
                    case .key: hasKey(request, key)
                    }
                if proof { isValid = true }
            }
        }
        return isValid
    }

    private static func hasCode(_ request: Request, _ key: [UInt8]) -> Bool {
        guard let given = request.plain.flatMap({ Hexadecimal.bytes($0) }) else { return false }
        return MessageAuthentication.areEqual(
            MessageAuthentication.code(.sha256, key: key, message: request.body),
            given
        )
    }

    private static func hasToken(_ request: Request, _ document: JSONValue?, _ key: [UInt8], _ now: Int64) -> Bool {
        // The vendor repeats the token in the `Authorization` header, which it has given up.
        guard let text = request.webhook ?? request.authorization.map(RingoverToken.withoutBearer), let document,
            let claims = RingoverToken.claims(of: text, key: key)
        else { return false }
        return RingoverToken.isFor(claims, body: document, url: request.url, now: now)
    }

    private static func hasThird(_ request: Request, _ key: [UInt8], _ now: Int64) -> Bool {
        guard let given = request.third.flatMap({ Base64Text.bytes(Array($0.utf8)) }),
            let written = request.thirdTimestamp,
            1...12 ~= written.utf8.count, written.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let time = Int64(written),
            abs(now - time) <= replayWindow
        else { return false }
        let message = Array((request.method + request.url).utf8) + request.body + Array(written.utf8)
        return MessageAuthentication.areEqual(
            MessageAuthentication.code(.sha256, key: key, message: message),
            given
        )
    }

    private static func hasKey(_ request: Request, _ key: [UInt8]) -> Bool {
        if let given = request.webhook, MessageAuthentication.areEqual(Array(given.utf8), key) { return true }
        guard let given = request.authorization else { return false }
        let expected = "Bearer " + Data(key).base64EncodedString()
        return MessageAuthentication.areEqual(Array(given.utf8), Array(expected.utf8))
    }
}

/// Hexadecimal text.
package enum Hexadecimal {
    /// - Returns: nil when it is not pairs of hexadecimal digits, or longer than 64 bytes.
    package static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0, 2...128 ~= digits.count else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digit(digits[index]), let low = digit(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
