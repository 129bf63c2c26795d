import NIOHTTP1

/// The headers every answer carries, so that a browser which is shown one does nothing with it that was not meant.
package struct SecurityHeaders: Sendable, Equatable {
    /// The answer reaches its reader over TLS: of ours, or of the proxy in front.
    package let isSecure: Bool

    package init(isSecure: Bool) { self.isSecure = isSecure }

    /// Adds what the answer does not set itself.
    package func add(to headers: inout HTTPHeaders) {
        func add(_ name: String, _ value: String) {
            if !headers.contains(name: name) { headers.add(name: name, value: value) }
        }
        add("X-Content-Type-Options", "nosniff")
        add("Cache-Control", "no-store")
        // An answer that is a page for people sets a policy of its own.
        add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        add("Referrer-Policy", "no-referrer")
        // RFC 6797: a year; browsers read it over TLS only.
        if isSecure { add("Strict-Transport-Security", "max-age=31536000") }
    }
}
