import Engine
import Logging
import NIOCore
import NIOHTTP1

/// Who may reach the engine and how often: decides about every connection and every request before anything else sees it.
package final class Edge: Sendable {
    package struct Refused: Error, Equatable {
        package var refusal: EdgeRefusal
        package var kind: RequestKind
        /// For `Retry-After`.
        package var waitNanoseconds: Int64 = 0

        package init(_ refusal: EdgeRefusal, _ kind: RequestKind, waitNanoseconds: Int64 = 0) {
            self.refusal = refusal
            self.kind = kind
            self.waitNanoseconds = waitNanoseconds
        }
    }

    package let limits: RequestLimits
    package let connections: ConnectionCounts
    /// nil: the main port speaks plain HTTP, as behind a proxy that ends TLS.
    package let certificate: CertificateStore?
    package let securityHeaders: SecurityHeaders
    private let proxies: AddressList
    private let allowed: AddressList
    private let rate: TokenBucket.Rate?
    private let rates: RateLimits<IPAddress>
    private let isPublicURLSet: Bool
    private let meters: WebhookMeters
    private let logger: Logger

    /// - Throws: `SettingsFaults` when an address cannot be read, or the certificate cannot be used.
    package init(_ settings: EngineSettings, meters: WebhookMeters, logger: Logger) throws {
        let edge = settings.edge
        limits = RequestLimits(
            requestLineBytes: edge.requestLineBytes,
            headerBytes: edge.headerBytes,
            bodyBytes: settings.bodyBytes,
            headTime: .seconds(min(edge.headTimeoutSeconds, settings.requestTimeoutSeconds)),
            bodyTime: .seconds(edge.bodyTimeoutSeconds)
        )
        connections = ConnectionCounts(
            limit: edge.maximumConnections,
            limitPerAddress: edge.connectionsPerAddress
        )
        proxies = try EdgeSettings.addresses(edge.trustedProxies, variable: "PARLEY_TRUSTED_PROXIES")
        allowed = try EdgeSettings.addresses(edge.allowedAddresses, variable: "PARLEY_ALLOWED_ADDRESSES")
        certificate = try CertificateStore(edge)
        rate = TokenBucket.Rate(edge.requestsPerSecond, per: 1, burst: edge.requestBurst)
        rates = RateLimits(capacity: edge.rateAddresses)
        isPublicURLSet = settings.publicURL != nil
        securityHeaders = SecurityHeaders(
            isSecure: certificate != nil || settings.effectivePublicURL.hasPrefix("https:")
        )
        self.meters = meters
        self.logger = logger
    }

    /// Whom the limit of connections counts: a trusted proxy speaks for many.
    func counted(_ peer: IPAddress?) -> IPAddress? {
        peer.flatMap { proxies.contains($0) ? nil : $0.subscriber }
    }

    /// Decides about a request by its head, and writes into the head what it found out about the sender.
    ///
    /// - Parameter peer: the socket's own.
    /// - Returns: nil lets the request in.
    package func refusal(
        of head: inout HTTPRequestHead,
        peer: IPAddress?,
        now: Int64 = MonotonicTime.nanoseconds
    ) -> Refused? {
        for name in EdgeHeader.all { head.headers.remove(name: name) }
        let kind = RequestKind(uri: head.uri)
        if let refusal = RequestChecks.refusal(of: head, limits: limits) { return Refused(refusal, kind) }
        let isDirect = !ForwardingHeaders.areIn(head.headers)
        let sender = ForwardedRequest(headers: head.headers, peer: peer, proxies: proxies)
        // Without an address there is nobody to count or to look up: a Unix domain socket, which only this machine has.
        if let client = sender.client {
            if !allowed.isEmpty, !kind.isOpen, !allowed.contains(client) { return Refused(.address, kind) }
            let isOwnCheck = kind.isOperations && isDirect && client.isLoopback
            if let rate, !isOwnCheck, let wait = rates.wait(client.subscriber, rate, now: now) {
                return Refused(.rateLimited, kind, waitNanoseconds: wait)
            }
            if client != peer { head.headers.add(name: EdgeHeader.client, value: "\(client)") }
        }
        if !isPublicURLSet, let external = sender.external {
            head.headers.add(name: EdgeHeader.external, value: external)
        }
        return nil
    }

    func count(_ refused: Refused) { meters.reject(refused.kind.provider, refused.refusal.rawValue) }

    /// Watches the certificate's files until cancelled; returns at once when there are none.
    package func run(every interval: Duration = .seconds(5)) async {
        guard certificate != nil else { return }
        while !Task.isCancelled {
            do { try await Task.sleep(for: interval) } catch { return }
            reload()
        }
    }

    /// Reads the certificate again if its files changed: for SIGHUP, and every few seconds. New connections get the new
    /// one; those that are open keep theirs.
    package func reload() {
        guard let certificate else { return }
        switch certificate.reload() {
        case .unchanged: break
        case .loaded: logger.notice("certificate reloaded", metadata: ["tls.expires": "\(certificate.expiry)"])
        case .kept(let fault):
            logger.error("certificate not reloaded, the old one stays", metadata: ["error.cause": "\(fault)"])
        }
    }
}

/// The headers by which proxies make themselves known.
enum ForwardingHeaders {
    static let names = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Via"]

    static func areIn(_ headers: HTTPHeaders) -> Bool { names.contains { headers.contains(name: $0) } }
}
