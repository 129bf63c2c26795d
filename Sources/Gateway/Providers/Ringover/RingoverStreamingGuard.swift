import Foundation
import NIOHTTP1

/// Lets media sockets in that show a token: in the path behind the socket's own, as `?token=`, or in a header.
///
/// The vendor documents no authentication of its own; the URL that is entered at Ringover carries ours. Fails closed.
package struct RingoverStreamingGuard: Sendable {
    /// Valid now; two while one is rotated.
    package let tokens: [String]
    /// `ENVIRONMENT=development`: a socket without a token is accepted. One with a token must still be right.
    package let acceptsUnsigned: Bool

    package init(tokens: [String], acceptsUnsigned: Bool) {
        self.tokens = tokens.filter { !$0.isEmpty }
        self.acceptsUnsigned = acceptsUnsigned
    }

    package enum Verdict: Equatable { case accepted, notConfigured, refused }

    /// - Parameter path: the socket's own, without a slash at its end.
    package func verdict(_ head: HTTPRequestHead, path: String) -> Verdict {
        let shown = Self.shown(head, path: path)
        if acceptsUnsigned, shown.isEmpty { return .accepted }
        guard !tokens.isEmpty else { return .notConfigured }
        var isValid = false
        // Every pair is compared, so that time tells nothing about which one matched.
        for given in shown {
            for token in tokens where MessageAuthentication.areEqual(Array(given.utf8), Array(token.utf8)) {
                isValid = true
            }
        }
        return isValid ? .accepted : .refused
    }

    private static func shown(_ head: HTTPRequestHead, path: String) -> [String] {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var shown: [String] = []
        if let own = parts.first, own.hasPrefix(path + "/") {
            let rest = own.dropFirst(path.count + 1)
            if !rest.isEmpty { shown.append(plain(rest)) }
        }
        for pair in (parts.count > 1 ? parts[1] : "").split(separator: "&") where pair.hasPrefix("token=") {
            shown.append(plain(pair.dropFirst("token=".count)))
        }
        for header in head.headers["Authorization"] where header.lowercased().hasPrefix("bearer ") {
            shown.append(String(header.dropFirst("bearer ".count)))
        }
        return shown + head.headers["X-Parley-Token"]
    }

    private static func plain(_ text: Substring) -> String { text.removingPercentEncoding ?? String(text) }

    /// For health and `parley check`.
    package var state: String {
        !tokens.isEmpty ? "checked" : acceptsUnsigned ? "sockets without a token are accepted" : "no token: refused"
    }
}
