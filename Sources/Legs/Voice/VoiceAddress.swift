import Foundation

/// Addresses from a configured base URL.
package enum VoiceAddress {
    /// The address of a WebSocket: `wss` where the base is `https`.
    /// - Throws: `LegError` "refused" for a base that is no address.
    package static func socket(
        base: String,
        path: String,
        query: [URLQueryItem],
        errors: VoiceErrors
    ) throws -> String {
        guard var parts = URLComponents(string: base), let scheme = parts.scheme?.lowercased(), parts.host != nil else {
            throw errors.refused("the base URL is no address: use one such as https://api.example.com")
        }
        switch scheme {
        case "https", "wss": parts.scheme = "wss"
        case "http", "ws": parts.scheme = "ws"
        default: throw errors.refused("the base URL is neither https nor http")
        }
        parts.path = (parts.path.hasSuffix("/") ? String(parts.path.dropLast()) : parts.path) + path
        parts.queryItems = query
        // A plus sign means a space to many servers (application/x-www-form-urlencoded).
        parts.percentEncodedQuery = parts.percentEncodedQuery?.replacing("+", with: "%2B")
        guard let address = parts.string else { throw errors.refused("the base URL is no address") }
        return address
    }
}
