import Actors
import AsyncHTTPClient
import Engine
import HTTPTypes
import NIOCore

/// Fetches what a provider points at (a recording) without being led elsewhere: not to this machine, not into its network.
///
/// Before every connection, also after each redirect, the address is read strictly (`FetchURL`), must be the provider's
/// (`FetchRules`), is resolved once and must be public (`PublicAddress`); the connection is then made to that very address,
/// so a name that resolves differently a moment later gains nothing. One attempt: whoever wants it again asks again.
package struct GuardedFetch: Sendable {
    package struct Limits: Sendable {
        package var deadline = Duration.seconds(60)
        package var bytes = 64 << 20
        package var redirects = 3
        /// Media types that are taken, each itself or as `audio/*`.
        package var types = ["audio/*", "application/octet-stream", "binary/octet-stream"]

        package init() {}
    }

    private let vendor: String
    private let rules: FetchRules
    private let connections: VendorConnections
    private let group: any EventLoopGroup
    private let resolver: any HostResolver
    private let isOpen: @Sendable (SocketAddress) -> Bool

    /// - Parameters:
    ///   - vendor: a metric label.
    ///   - isOpen: which addresses a provider's names may have.
    package init(
        vendor: String,
        rules: FetchRules,
        connections: VendorConnections,
        group: any EventLoopGroup,
        resolver: (any HostResolver)? = nil,
        isOpen: @escaping @Sendable (SocketAddress) -> Bool = PublicAddress.holds
    ) {
        self.vendor = vendor
        self.rules = rules
        self.connections = connections
        self.group = group
        self.resolver = resolver ?? SystemHostResolver(group: group)
        self.isOpen = isOpen
    }

    /// - Parameters:
    ///   - text: the address as the provider wrote it.
    ///   - headers: credentials among them go to the first origin only.
    /// - Returns: any answer that is no redirect; one of 2xx has a type that `limits` names.
    /// - Throws: errors that name the fault, and never the address.
    package func fetch(
        _ text: String,
        headers: HTTPFields = [:],
        limits: Limits = Limits()
    ) async throws(VendorError) -> VendorResponse {
        let end = ContinuousClock.now.advanced(by: limits.deadline)
        var url = try address { () throws(FetchURL.Fault) in try FetchURL(text) }
        let first = url
        for _ in 0...limits.redirects {
            let own = url.hasOrigin(of: first) ? headers : [:]
            let response = try await hop(to: url, headers: own, limits: limits, until: end)
            guard let location = Self.redirect(response) else { return try Self.checked(response, limits) }
            url = try address { () throws(FetchURL.Fault) in try url.resolving(location) }
        }
        throw refused("it was redirected more than \(limits.redirects) times")
    }

    private func hop(
        to url: FetchURL,
        headers: HTTPFields,
        limits: Limits,
        until end: ContinuousClock.Instant
    ) async throws(VendorError) -> VendorResponse {
        var configuration = VendorConnections.configuration
        configuration.dnsOverride = try await pin(url, until: end)
        // A client of its own, because a pinned address is a client's setting; it holds one connection for one request.
        let client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        let request = VendorRequest(.get, url.text, headers: headers, bodyLimit: limits.bytes)
        let start = MonotonicTime.nanoseconds
        let outcome = await HTTPExchange.perform(request, over: client, within: ContinuousClock.now.duration(to: end))
        let took = MonotonicTime.nanoseconds - start
        connections.meters.record(vendor, VendorMeters.Outcome(outcome), nanoseconds: took)
        try? await client.shutdown()
        return try VendorClient.result(of: outcome, vendor)
    }

    /// Which address stands for the host; nothing for one the operator configured.
    private func pin(_ url: FetchURL, until end: ContinuousClock.Instant) async throws(VendorError) -> [String: String]
    {
        do throws(FetchRules.Refusal) {
            if try rules.way(to: url) == .configured { return [:] }
        } catch {
            throw refused(error.rawValue)
        }
        let address: SocketAddress
        do {
            let remaining = ContinuousClock.now.duration(to: end)
            address = try await resolver.address(of: url.host, port: url.port, within: remaining)
        } catch {
            throw error as? VendorError ?? VendorError(.unreachable, "\(vendor): the host's name could not be resolved")
        }
        guard isOpen(address), let text = address.ipAddress else {
            throw refused("its host has an address that is not public")
        }
        return [url.host: text]
    }

    private func address(_ read: () throws(FetchURL.Fault) -> FetchURL) throws(VendorError) -> FetchURL {
        do throws(FetchURL.Fault) { return try read() } catch { throw refused(error.rawValue) }
    }

    private func refused(_ why: String) -> VendorError {
        connections.meters.record(vendor, .forbidden, nanoseconds: 0)
        return VendorError(.forbiddenAddress, "\(vendor): the address is not fetched: \(why)")
    }

    private static func redirect(_ response: VendorResponse) -> String? {
        [301, 302, 303, 307, 308].contains(response.status.code) ? response.headers[.location] : nil
    }

    private static func checked(_ response: VendorResponse, _ limits: Limits) throws(VendorError) -> VendorResponse {
        guard response.status.kind == .successful else { return response }
        let plain = (response.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
        let isWanted = limits.types.contains { wanted in
            wanted == plain || (wanted.hasSuffix("/*") && plain.hasPrefix(wanted.dropLast()))
        }
        guard isWanted else { throw VendorError(.unexpectedContent, "the answer is not a recording but another type") }
        return response
    }
}
