import AsyncHTTPClient
import NIOCore

/// The connections to vendors, shared and used again by everybody who asks one.
package final class VendorConnections: Sendable {
    let http: HTTPClient
    let meters: VendorMeters

    /// - Parameter group: owned by others, and alive until `shutdown` has returned.
    package init(group: any EventLoopGroup, meters: VendorMeters = VendorMeters()) {
        http = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: Self.configuration)
        self.meters = meters
    }

    deinit { http.shutdown { _ in } }

    /// Requests under way fail; none can be made afterwards.
    package func shutdown() async { try? await http.shutdown() }

    /// - Parameter vendor: a metric label, `twilio`.
    package func client(_ vendor: String, policy: RetryPolicy = RetryPolicy()) -> VendorClient {
        VendorClient(vendor: vendor, connections: self, policy: policy)
    }

    /// Redirects are for `GuardedFetch`, which looks where they lead. Attempts are repeated by `RetryPolicy` alone.
    static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        // Shorter than what servers commonly keep: a request should not meet a connection that is being closed.
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.decompression = .disabled
        return configuration
    }
}
