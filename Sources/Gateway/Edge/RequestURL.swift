import HTTPTypes
import Hummingbird
import NIOHTTP1

/// What the edge found out about a request, in headers of its own that no client can send: it removes theirs first.
enum EdgeHeader {
    /// The client's address, when it is not the socket's peer.
    static let client = "parley-client"
    /// The address the client asked, when a trusted proxy tells it and PARLEY_PUBLIC_URL does not.
    static let external = "parley-external"
    static let all = [client, external, UpgradeGate.refusalHeader]
}

/// The engine's address as the sender of one request used it: what a signature over the URL was made with.
package enum RequestURL {
    /// - Parameter configured: `PARLEY_PUBLIC_URL`, or what stands for it. A trusted proxy's word goes before it only when
    ///   the variable is not set.
    static func external(_ request: Request, configured: PublicURL) -> PublicURL {
        request.headers[.parleyExternal].map { PublicURL($0) } ?? configured
    }

    /// The same for a socket's upgrade.
    package static func external(_ head: HTTPRequestHead, configured: PublicURL) -> PublicURL {
        head.headers[EdgeHeader.external].first.map { PublicURL($0) } ?? configured
    }
}

extension HTTPField.Name {
    static let parleyClient = HTTPField.Name(EdgeHeader.client)!
    static let parleyExternal = HTTPField.Name(EdgeHeader.external)!
}
