import Actors

/// Which addresses that a provider hands over may be fetched. Pure.
package struct FetchRules: Sendable {
    /// How an address that may be fetched is connected.
    package enum Way: Sendable, Equatable {
        /// By a name of the provider: its address must be a public one.
        case checked
        /// By the operator's own word.
        case configured
    }

    /// Domains whose hosts may be asked, themselves and everything below: `twilio.com`.
    package let domains: [String]
    /// The provider's configured base address; only its scheme, host and port count.
    package let base: FetchURL?
    private let port: Int

    /// - Parameters:
    ///   - domains: lower case, without a leading dot.
    ///   - base: one that is no web address allows nothing.
    ///   - port: of the hosts below `domains`.
    package init(domains: [String], base: String? = nil, port: Int = 443) {
        self.domains = domains
        self.port = port
        self.base = base.flatMap { try? FetchURL($0) }
    }

    package enum Refusal: String, Error, Equatable, CaseIterable {
        case insecure = "it is not https"
        case literal = "its host is an address, not a name"
        case port = "its port is not that of https"
        case foreign = "its host is not one of the provider's"
    }

    package func way(to url: FetchURL) throws(Refusal) -> Way {
        if let base, url.hasOrigin(of: base), !isOwn(base), base.scheme == .https || isLoopback(base) {
            return .configured
        }
        guard url.scheme == .https else { throw .insecure }
        guard !url.isLiteral else { throw .literal }
        guard url.port == port else { throw .port }
        guard isOwn(url) else { throw .foreign }
        return .checked
    }

    /// A base under the provider's own domains is looked at like every other host there.
    private func isOwn(_ url: FetchURL) -> Bool {
        domains.contains { url.host == $0 || url.host.hasSuffix("." + $0) } && url.port == port && url.scheme == .https
    }

    /// Plain http stays on this machine.
    private func isLoopback(_ url: FetchURL) -> Bool { ["localhost", "127.0.0.1", "::1"].contains(url.host) }
}

extension FetchRules {
    /// Recordings are on `api.twilio.com`.
    package static func twilio(baseURL: String) -> FetchRules { FetchRules(domains: ["twilio.com"], base: baseURL) }
    package static func ringover(baseURL: String) -> FetchRules { FetchRules(domains: ["ringover.com"], base: baseURL) }
    /// Recordings are on `media.ringcentral.com`.
    package static func ringCentral(baseURL: String) -> FetchRules {
        FetchRules(domains: ["ringcentral.com"], base: baseURL)
    }
}
