import NIOHTTP1

/// Who sent a request and under which address it was reached, as far as proxies we trust tell.
package struct ForwardedRequest: Equatable, Sendable {
    /// The first address from our end that is no trusted proxy's; nil when the socket has no address.
    package let client: IPAddress?
    /// `https://voice.example.net`, as the outermost trusted proxy was asked; nil when no trusted proxy says so.
    package let external: String?

    /// Proxies looked at, counted from our end.
    private static let maximumHops = 32

    /// - Parameters:
    ///   - peer: the socket's own peer. Only when it is a trusted proxy do the headers count.
    ///   - proxies: the trusted ones.
    package init(headers: HTTPHeaders, peer: IPAddress?, proxies: AddressList) {
        guard let peer, proxies.contains(peer) else {
            client = peer
            external = nil
            return
        }
        let standard = headers["Forwarded"]
        let older = headers["X-Forwarded-For"]
        let hops = ForwardedHop.parse(forwarded: standard)
        let first = Self.walk(hops, from: peer, proxies)
        let second = Self.walk(ForwardedHop.parse(forwardedFor: older), from: peer, proxies)
        // A proxy writes one of the two and passes the other on as it came, from the client: when they disagree,
        // neither can be believed, and the request is the proxy's own.
        if !standard.isEmpty, !older.isEmpty {
            client = first.client == second.client ? first.client : peer
        } else {
            client = standard.isEmpty ? second.client : first.client
        }
        let said = Self.xForwarded(headers) ?? first.outermost
        external = said.flatMap { hop in
            guard let scheme = hop.scheme, ["http", "https"].contains(scheme) else { return nil }
            guard let host = hop.host ?? headers["Host"].first, Self.isAuthority(host) else { return nil }
            return "\(scheme)://\(host)"
        }
    }

    /// From the nearest proxy outwards, as long as each one is trusted.
    private static func walk(
        _ hops: [ForwardedHop],
        from peer: IPAddress,
        _ proxies: AddressList
    ) -> (client: IPAddress, outermost: ForwardedHop?) {
        var client = peer
        var outermost: ForwardedHop?
        for hop in hops.suffix(maximumHops).reversed() {
            outermost = hop
            // What cannot be read could be anyone: the proxy that said it answers for it.
            guard let next = hop.client else { break }
            client = next
            guard proxies.contains(next) else { break }
        }
        return (client, outermost)
    }

    /// One value each: a list cannot be matched with the hops.
    private static func xForwarded(_ headers: HTTPHeaders) -> ForwardedHop? {
        let schemes = headers[canonicalForm: "X-Forwarded-Proto"]
        guard schemes.count == 1 else { return nil }
        let hosts = headers[canonicalForm: "X-Forwarded-Host"]
        guard hosts.count <= 1 else { return nil }
        return ForwardedHop(client: nil, scheme: schemes[0].lowercased(), host: hosts.first.map(String.init))
    }

    /// Host and perhaps port (RFC 3986 section 3.2), of the characters names and addresses have.
    package static func isAuthority(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["),
                    UInt8(ascii: "]"):
                    true
                default: false
                }
            }
    }
}
