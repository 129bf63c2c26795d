import HTTPTypes
import Hummingbird
import NIOCore

/// A request's context: the peer's address besides what the library keeps.
public struct GatewayContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The socket's own peer; behind a proxy that is the proxy.
    let peer: SocketAddress?

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress
    }

    /// Who sent the request: behind trusted proxies the address they tell, else the socket's peer.
    func client(of request: Request) -> IPAddress? {
        request.headers[.parleyClient].flatMap { IPAddress($0) } ?? peer.flatMap { IPAddress($0) }
    }

    /// The request comes from this machine and not through a proxy, trusted or not.
    func isLocal(_ request: Request) -> Bool {
        guard !request.headers.contains(where: { Self.proxyNames.contains($0.name) }) else { return false }
        return peer.flatMap { IPAddress($0) }?.isLoopback ?? false
    }

    private static let proxyNames = Set(
        (ForwardingHeaders.names + [EdgeHeader.client]).compactMap { HTTPField.Name($0) }
    )
}
