/// The engine's address as the outside sees it.
package struct PublicURL: Sendable, Equatable {
    /// Without a trailing slash: `https://voice.example.net`. It may have a path, which a proxy in front takes off.
    package let base: String

    package init(_ text: String) {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        base = text
    }

    package func http(_ path: String) -> String { base + path }

    /// `ws` for `http`, `wss` for `https`.
    package func socket(_ path: String) -> String {
        base.hasPrefix("http") ? "ws" + base.dropFirst(4) + path : base + path
    }
}
