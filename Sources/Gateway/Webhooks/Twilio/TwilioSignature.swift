import Glibc

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
    private let tokenBytes: [[UInt8]]
    /// Shared keys of the newer scheme, by key id.
    package let sharedKeys: [String: String]

    package init(tokens: [String], sharedKeys: [String: String] = [:]) {
        self.tokens = tokens.filter { !$0.isEmpty }
        tokenBytes = self.tokens.map { Array($0.utf8) }
        self.sharedKeys = sharedKeys
    }

    package func isValid(_ request: Request) -> Bool {
        // Compared as it is written: decoded base64 would also take its other spellings.
        guard let given = request.signature.map({ Array($0.utf8) }), !given.isEmpty,
            let settings = SignatureSettings(request.settings), hasBodyHash(request)
        else { return false }
        let signed = SignedText(request)
        let candidates = Self.candidates(of: Array(request.url.utf8))
        var message: [UInt8] = []
        message.reserveCapacity(request.url.utf8.count + 8 + signed.bytes.count)
        var isValid = false
        // Every candidate is computed, so that time tells nothing about which one matched.
        for key in keys(for: settings) {
            for url in candidates {
                message.removeAll(keepingCapacity: true)
                message += url
                message += signed.bytes
                let code = MessageAuthentication.code(settings.digest, key: key, message: message)
                if MessageAuthentication.areEqual(MessageAuthentication.base64(code), given) { isValid = true }
            }
        }
        return isValid
    }

    private func keys(for settings: SignatureSettings) -> [[UInt8]] {
        guard let id = settings.key else { return tokenBytes }
        return sharedKeys[id].map { [Array($0.utf8)] } ?? []
    }

    /// Names and values in the order of the name's bytes; a repeated name contributes its distinct values, sorted.
    package static func signedParameters(of request: Request) -> String {
        String(decoding: SignedText(request).bytes, as: UTF8.self)
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
        candidates(of: Array(url.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func candidates(of url: [UInt8]) -> [[UInt8]] {
        let question = UInt8(ascii: "?")
        if url.last == question, url.firstIndex(of: question) == url.count - 1 {
            let plain = candidates(of: Array(url.dropLast()))
            return plain + plain.map { $0 + [question] }
        }
        guard let colon = url.firstIndex(of: UInt8(ascii: ":")), url[colon...].starts(with: "://".utf8) else {
            return [url]
        }
        let start = colon + 3
        let end = url[start...].firstIndex { $0 == UInt8(ascii: "/") || $0 == question } ?? url.endIndex
        let authority = url[start..<end]
        let tail = url[end...]
        let port = authority.lastIndex(of: UInt8(ascii: ":")).flatMap { index in
            // Inside brackets a colon belongs to an address.
            authority[(index + 1)...].allSatisfy { (0x30...0x39).contains($0) } ? index : nil
        }
        let standard = url[..<colon].last == UInt8(ascii: "s") ? Array(":443".utf8) : Array(":80".utf8)
        var urls =
            port.map { [url[..<$0] + tail, url[...]] }
            ?? [url[...], url[..<end] + standard + tail]
        if url.starts(with: "ws".utf8), tail.last != UInt8(ascii: "/"), !tail.contains(question) {
            urls += urls.map { $0 + [UInt8(ascii: "/")] }
        }
        return urls.map { Array($0) }
    }
}

/// What the sender put behind the URL: names and values in the order of their bytes, equal pairs once. Byte by byte, because
/// strings that only look the same (Unicode's canonical equivalence) are different to the sender.
private struct SignedText {
    private struct Pair {
        /// The name's first eight bytes, the first the highest: what most comparisons are decided by.
        var head: UInt64
        var name: Range<Int>
        var value: Range<Int>
    }

    private(set) var bytes: [UInt8] = []

    init(_ request: TwilioSignature.Request) {
        guard request.isForm, !request.parameters.pairs.isEmpty else { return }
        var unsorted: [UInt8] = []
        unsorted.reserveCapacity(max(request.body.count, 256))
        var pairs: [Pair] = []
        pairs.reserveCapacity(request.parameters.pairs.count)
        for pair in request.parameters.pairs {
            let start = unsorted.count
            unsorted += pair.name.utf8
            let middle = unsorted.count
            unsorted += pair.value.utf8
            var head: UInt64 = 0
            for index in start..<start + 8 { head = head << 8 | (index < middle ? UInt64(unsorted[index]) : 0) }
            pairs.append(Pair(head: head, name: start..<middle, value: middle..<unsorted.count))
        }
        // Sorting whole pairs gives the same order as sorting each name's values, and puts equal pairs side by side.
        unsorted.withUnsafeBytes { text in
            pairs.sort { left, right in
                if left.head != right.head { return left.head < right.head }
                let byName = Self.compare(text, left.name, right.name)
                return byName == 0 ? Self.compare(text, left.value, right.value) < 0 : byName < 0
            }
            bytes.reserveCapacity(text.count)
            for (index, pair) in pairs.enumerated() {
                if index > 0, pairs[index - 1].head == pair.head,
                    Self.compare(text, pairs[index - 1].name, pair.name) == 0,
                    Self.compare(text, pairs[index - 1].value, pair.value) == 0
                {
                    continue
                }
                bytes += text[pair.name.lowerBound..<pair.value.upperBound]
            }
        }
    }

    private static func compare(_ text: UnsafeRawBufferPointer, _ left: Range<Int>, _ right: Range<Int>) -> Int {
        let shared = min(left.count, right.count)
        if shared > 0, let base = text.baseAddress {
            let order = memcmp(base + left.lowerBound, base + right.lowerBound, shared)
            if order != 0 { return Int(order) }
        }
        return left.count - right.count
    }
}

/// `key=<id>,algorithm=<HMAC_SHA1|HMAC_SHA256>`; no header means the auth token and SHA-1.
private struct SignatureSettings {
    var key: String?
    var digest: MessageAuthentication.Digest = .sha1

    init?(_ header: String?) {
        for part in header?.split(separator: ",") ?? [] {
            let pair = part.split(separator: "=", maxSplits: 1).map(Self.trimmed)
            guard pair.count == 2 else { return nil }
            switch (pair[0], pair[1]) {
            case ("key", let id): key = String(id)
            case ("algorithm", "HMAC_SHA1"): digest = .sha1
            case ("algorithm", "HMAC_SHA256"): digest = .sha256
            case ("algorithm", _): return nil
            default: break
            }
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0.isWhitespace }
        return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
    }
}
