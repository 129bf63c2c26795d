import Actors
import Engine
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

extension VendorSocket {
    /// Connects, with TLS for `wss`, and upgrades.
    ///
    /// - Parameters:
    ///   - url: `ws:` or `wss:`; `http:` and `https:` are taken as these.
    ///   - headers: sent with the handshake, the key among them.
    ///   - tls: nil: the system's certificates are trusted.
    /// - Throws: `LegError` as `VendorHTTP.send` for a handshake that is not answered with 101; "timeout" when none comes
    ///   in `VendorLimits.response`; "unavailable" when nothing can be connected to. `CancellationError`.
    public static func connect(
        _ url: String,
        headers: [(String, String)],
        leg: LegKind,
        provider: String,
        limits: VendorLimits = VendorLimits(),
        group: any EventLoopGroup,
        tls: NIOSSLContext? = nil
    ) async throws -> VendorSocket {
        let failure = VendorFailure(leg: leg, provider: provider)
        guard let address = SocketLocation(url) else { throw failure.refused("the address is not a WebSocket's") }
        let handshake = SocketHandshake(
            address: address,
            headers: headers,
            limits: limits,
            failure: failure,
            tls: address.isSecure ? try tls ?? SocketHandshake.trust.get() : nil
        )
        do {
            return try await handshake.perform(on: group.next())
        } catch {
            try Task.checkCancellation()
            throw failure.connection(error)
        }
    }
}

/// Where a WebSocket's URL leads (RFC 6455 section 3).
struct SocketLocation: Sendable {
    let host: String
    let port: Int
    /// With its query.
    let path: String
    let isSecure: Bool

    init?(_ url: String) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(), let host = parts.host,
            !host.isEmpty
        else { return nil }
        switch scheme {
        case "ws", "http": isSecure = false
        case "wss", "https": isSecure = true
        default: return nil
        }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (isSecure ? 443 : 80)
        path =
            (parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath)
            + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    }

    /// As the `Host` header has it.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// For TLS; nil for an address in numbers, which has none (RFC 6066 section 3).
    var serverName: String? {
        (try? SocketAddress(ipAddress: host, port: port)) == nil ? host : nil
    }
}
