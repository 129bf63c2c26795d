import Foundation

/// The JWT of a Ringover webhook (RFC 7519, RFC 7515 compact form): HS512 and nothing else.
///
/// Its claims hold the event again: as an object or a text under `payload`, beside the called `url`, or as the claims
/// themselves. A token that does not hold this body, or was made for another address, proves nothing.
package enum RingoverToken {
    /// Longer ones are not looked at.
    private static let longest = 262_144
    /// Claims of the format, not of the event.
    private static let registered: Set<String> = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]

    package static func withoutBearer(_ header: String) -> String {
        header.lowercased().hasPrefix("bearer ") ? String(header.dropFirst(7)) : header
    }

    /// - Returns: the claims, if the token is whole and signed with this key.
    package static func claims(of text: String, key: [UInt8]) -> JSONValue? {
        guard text.utf8.count <= longest else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = document(parts[0]), header["alg"] == .text("HS512"),
            // RFC 7515 section 4.1.11: what must be understood and is not, makes the token invalid.
            header["crit"] == nil, let given = bytes(parts[2])
        else { return nil }
        let signed = Array(text.utf8.prefix(parts[0].count + 1 + parts[1].count))
        let expected = MessageAuthentication.code(.sha512, key: key, message: signed)
        guard MessageAuthentication.areEqual(expected, given) else { return nil }
        return document(parts[1])
    }

    /// - Parameter now: seconds since 1970.
    package static func isFor(_ claims: JSONValue, body: JSONValue, url: String, now: Int64) -> Bool {
        guard case .object(let members) = claims else { return false }
        if let expiry = members["exp"] {
            guard case .number(let number) = expiry, number.double > Double(now) else { return false }
        }
        if let claimed = members["url"] {
            guard case .text(let claimed) = claimed, isSamePlace(claimed, url) else { return false }
        }
        switch members["payload"] {
        case .text(let text)?: return (try? JSONValue(parsing: Array(text.utf8))) == body
        case let payload?: return payload == body
        case nil:
            let event = members.filter { !registered.contains($0.key) && $0.key != "url" }
            return .object(event) == body
        }
    }

    /// Host and path; a proxy in between may have changed scheme and port.
    private static func isSamePlace(_ claimed: String, _ called: String) -> Bool {
        guard let claimed = URLComponents(string: claimed), let called = URLComponents(string: called),
            let host = claimed.host, !host.isEmpty
        else { return false }
        return host.lowercased() == called.host?.lowercased()
            && claimed.percentEncodedPath == called.percentEncodedPath
    }

    private static func document(_ part: Substring.UTF8View) -> JSONValue? {
        bytes(part).flatMap { try? JSONValue(parsing: $0) }
    }

    /// Base64url without padding (RFC 7515 section 2), strictly.
    private static func bytes(_ part: Substring.UTF8View) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(part.count + 2)
        for byte in part {
            switch byte {
            case UInt8(ascii: "-"): text.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): text.append(UInt8(ascii: "/"))
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
            default: text.append(byte)
            }
        }
        while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return Base64Text.bytes(text)
    }
}
