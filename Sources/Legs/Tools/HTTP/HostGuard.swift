import Actors
import NIOCore
import NIOPosix

/// Finds the address of a host.
package protocol ToolHostResolver: Sendable {
    /// Asked once per connection: what it says is what is connected.
    ///
    /// - Returns: an address as `inet_ntop` writes it.
    func address(of host: String, port: Int) async throws -> String
}

/// The system's own resolver, off the event loops. Its call cannot be ended early: when nobody waits any more, its thread is
/// left to finish alone.
package struct SystemToolResolver: ToolHostResolver {
    package init() {}

    package func address(of host: String, port: Int) async throws -> String {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = loop.makePromise(of: SocketAddress.self)
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
            try SocketAddress.makeAddressResolvingHost(host, port: port)
        }.cascade(to: promise)
        let address = try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
        guard let text = address.ipAddress else { throw ToolFault.unreachable("its name could not be resolved") }
        return text
    }
}

/// Where a tool may reach, and which address stands for a host: resolved once, judged, and then connected as it was judged.
struct HostGuard: Sendable {
    enum Reach: Sendable {
        /// https to public addresses. `loopback`: also this machine, with or without TLS.
        case internet(loopback: Bool)
        /// Wherever the operator's own setting points.
        case operators
    }

    private let resolver: any ToolHostResolver
    private let isPublic: @Sendable (String) -> Bool

    init(resolver: any ToolHostResolver, isPublic: @escaping @Sendable (String) -> Bool = PublicAddress.holds) {
        self.resolver = resolver
        self.isPublic = isPublic
    }

    /// - Returns: the address to connect; nil leaves it to the connection.
    /// - Throws: `ToolFault`.
    func pin(_ url: FetchURL, _ reach: Reach) async throws -> String? {
        guard case .internet(let loopback) = reach else { return nil }
        if ["localhost", "127.0.0.1", "::1"].contains(url.host) {
            guard loopback else { throw ToolFault.forbidden }
            return url.host == "localhost" ? "127.0.0.1" : nil
        }
        guard url.scheme == .https, !url.isLiteral else { throw ToolFault.forbidden }
        let address: String
        do {
            address = try await resolver.address(of: url.host, port: url.port)
        } catch {
            try Task.checkCancellation()
            throw ToolFault.unreachable("its name could not be resolved")
        }
        guard isPublic(address) else { throw ToolFault.forbidden }
        return address
    }
}
