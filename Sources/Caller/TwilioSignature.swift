import Foundation

/// The signature on every request of the provider.
///
/// - Source: twilio.com/docs/usage/security, "Validating requests"; repeated names as in twilio-python 9.13.0.
public enum TwilioSignature {
    /// The header that carries it.
    public static let header = "X-Twilio-Signature"

    /// - Parameters:
    ///   - url: the whole address as the receiver is meant to see it; for a media socket with the ws or wss scheme.
    ///   - parameters: the decoded form fields; none for a GET, a JSON body or a socket.
    /// - Returns: HMAC-SHA1 of address and sorted fields under the account's token, in base64 (28 characters).
    public static func sign(url: String, parameters: [(name: String, value: String)], token: String) -> String {
        let hash = KeyedHash.authenticate(
            Array(stringToSign(url: url, parameters: parameters).utf8),
            key: Array(token.utf8),
            .sha1
        )
        return Data(hash).base64EncodedString()
    }

    /// Names in byte order; of a repeated name each distinct value once, sorted; empty values leave their name.
    static func stringToSign(url: String, parameters: [(name: String, value: String)]) -> String {
        var values: [[UInt8]: Set<[UInt8]>] = [:]
        for parameter in parameters {
            values[Array(parameter.name.utf8), default: []].insert(Array(parameter.value.utf8))
        }
        var bytes = Array(url.utf8)
        for name in values.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            for value in values[name, default: []].sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                bytes += name
                bytes += value
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
