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

    /// The request comes from this machine and not through a proxy on it.
    func isLocal(_ request: Request) -> Bool {
        guard request.headers[.forwarded] == nil, request.headers[.xForwardedFor] == nil else { return false }
        guard let address = peer?.ipAddress else { return false }
        return address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
    }
}

extension HTTPField.Name {
    static let forwarded = HTTPField.Name("Forwarded")!
    static let xForwardedFor = HTTPField.Name("X-Forwarded-For")!
}
