import NIOCore
import NIOPosix

/// Finds the address of a host.
package protocol HostResolver: Sendable {
    /// Asked once per connection: what it says is what is connected.
    func address(of host: String, port: Int, within limit: Duration) async throws -> SocketAddress
}

/// The system's own resolver, off the event loops.
package struct SystemHostResolver: HostResolver {
    private let group: any EventLoopGroup

    package init(group: any EventLoopGroup) { self.group = group }

    /// The system's call cannot be ended early: after `limit` its thread is left to finish alone.
    package func address(of host: String, port: Int, within limit: Duration) async throws -> SocketAddress {
        let loop = group.any()
        let promise = loop.makePromise(of: SocketAddress.self)
        let late = loop.scheduleTask(in: TimeAmount(limit)) {
            promise.fail(VendorError(.timeout, "the host's name was not resolved in time"))
        }
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
            try SocketAddress.makeAddressResolvingHost(host, port: port)
        }.whenComplete { result in
            late.cancel()
            promise.completeWith(result)
        }
        return try await promise.futureResult.get()
    }
}
