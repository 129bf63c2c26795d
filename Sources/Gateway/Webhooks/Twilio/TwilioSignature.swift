import Foundation

/// Checks `X-Twilio-Signature`.
///
/// - Source: twilio.com/docs/usage/security and the official SDK's `RequestValidator` (9.13.0), whose answers the vectors
///   in the tests record.
package struct TwilioSignature: Sendable {
    package struct Request: Sendable {
        /// The URL the sender used: scheme, host, port if any, path and query as received.
        package var url: String
        package var parameters: FormParameters
        /// For JSON bodies; the signature then covers the URL only, and the URL carries the body's hash.
        package var body: [UInt8]
        package var isForm: Bool
        /// `X-Twilio-Signature`.
        package var signature: String?
        /// `X-Twilio-Webhooks-Signature-Settings`.
        package var settings: String?

        package init(
            url: String,
            parameters: FormParameters = FormParameters(),
            body: [UInt8] = [],
            isForm: Bool,
            signature: String?,
            settings: String? = nil
        ) {
            self.url = url
            self.parameters = parameters
            self.body = body
            self.isForm = isForm
            self.signature = signature
            self.settings = settings
        }
    }

    /// Auth tokens that are valid now; two while a token is rotated.
    package let tokens: [String]
    /// Shared keys of the newer scheme, by key id.
    package let sharedKeys: [String: String]

    package init(tokens: [String], sharedKeys: [String: String] = [:]) {
        self.tokens = tokens.filter { !$0.isEmpty }
        self.sharedKeys = sharedKeys
    }

    package func isValid(_ request: Request) -> Bool {
        // Compared as it is written: decoded base64 would also take its other spellings.
        guard let given = request.signature.map({ Array($0.utf8) }), !given.isEmpty,
            let settings = SignatureSettings(request.settings), hasBodyHash(request)
        else { return false }
        let suffix = Self.signedBytes(of: request)
        var isValid = false
        // Every candidate is computed, so that time tells nothing about which one matched.
        for key in keys(for: settings) {
            for url in Self.candidates(of: request.url) {
                let code = MessageAuthentication.code(
                    settings.digest,
                    key: Array(key.utf8),
                    message: Array(url.utf8) + suffix
                )
                let expected = Array(Data(code).base64EncodedString().utf8)
                if MessageAuthentication.areEqual(expected, given) { isValid = true }
            }
        }
        return isValid
    }

    private func keys(for settings: SignatureSettings) -> [String] {
        guard let id = settings.key else { return tokens }
        return sharedKeys[id].map { [$0] } ?? []
    }

    /// Names and values in the order of the name's bytes; a repeated name contributes its distinct values, sorted.
    package static func signedParameters(of request: Request) -> String {
        String(decoding: signedBytes(of: request), as: UTF8.self)
    }

    /// Sorting whole pairs gives the same order as sorting each name's values, and puts equal pairs side by side.
    private static func signedBytes(of request: Request) -> [UInt8] {
        guard request.isForm else { return [] }
        let sorted = request.parameters.pairs.sorted { left, right in
            left.name.utf8.elementsEqual(right.name.utf8)
                ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        var bytes: [UInt8] = []
        for (index, pair) in sorted.enumerated() where index == 0 || !isSame(sorted[index - 1], pair) {
            bytes += pair.name.utf8
            bytes += pair.value.utf8
        }
        return bytes
    }

    /// Byte by byte: strings that only look the same (Unicode's canonical equivalence) are different to the sender.
    private static func isSame(_ left: FormParameters.Pair, _ right: FormParameters.Pair) -> Bool {
        left.name.utf8.elementsEqual(right.name.utf8) && left.value.utf8.elementsEqual(right.value.utf8)
    }

    /// A JSON body's hash must be in the URL and right.
    private func hasBodyHash(_ request: Request) -> Bool {
        guard !request.isForm, !request.body.isEmpty else { return true }
        guard let query = request.url.split(separator: "?", maxSplits: 1).dropFirst().first else { return false }
        for part in query.split(separator: "&") where part.hasPrefix("bodySHA256=") {
            let given = Array(part.dropFirst("bodySHA256=".count).utf8)
            let hash = MessageAuthentication.sha256(request.body).map { byte in
                let hex = String(byte, radix: 16)
                return hex.count == 1 ? "0" + hex : hex
            }.joined()
            return MessageAuthentication.areEqual(given, Array(hash.utf8))
        }
        return false
    }

    /// The vendor signs with or without the port; for sockets also with a trailing slash. A query that is empty may have lost
    /// its question mark on the way to the signer.
    package static func candidates(of url: String) -> [String] {
        if url.hasSuffix("?"), url.firstIndex(of: "?") == url.index(before: url.endIndex) {
            let plain = candidates(of: String(url.dropLast()))
            return plain + plain.map { $0 + "?" }
        }
        guard let scheme = url.range(of: "://") else { return [url] }
        let rest = url[scheme.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = String(rest[..<end])
        let tail = String(rest[end...])
        let prefix = String(url[..<scheme.upperBound])
        let colon = authority.lastIndex(of: ":").flatMap { index in
            authority[authority.index(after: index)...].allSatisfy(\.isNumber) && !authority.hasSuffix("]")
                ? index : nil
        }
        let host = colon.map { String(authority[..<$0]) } ?? authority
        let port = colon.map { String(authority[$0...]) } ?? (prefix.hasSuffix("s://") ? ":443" : ":80")
        var urls = [prefix + host + tail, prefix + host + port + tail]
        if prefix.hasPrefix("ws"), !tail.hasSuffix("/"), !tail.contains("?") { urls += urls.map { $0 + "/" } }
        return urls
    }
}

/// `key=<id>,algorithm=<HMAC_SHA1|HMAC_SHA256>`; no header means the auth token and SHA-1.
private struct SignatureSettings {
    var key: String?
    var digest: MessageAuthentication.Digest = .sha1

    init?(_ header: String?) {
        for part in header?.split(separator: ",") ?? [] {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2 else { return nil }
            switch (pair[0], pair[1]) {
            case ("key", let id): key = id
            case ("algorithm", "HMAC_SHA1"): digest = .sha1
            case ("algorithm", "HMAC_SHA256"): digest = .sha256
            case ("algorithm", _): return nil
            default: break
            }
        }
    }
}
