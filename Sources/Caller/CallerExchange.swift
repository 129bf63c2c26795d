import AsyncHTTPClient
import NIOCore
import NIOPosix

/// What calls share: the event loops they run on, one clock for each, and the client for webhooks.
public final class CallerExchange: Sendable {
    private let clocks: [CallerClock]
    private let group: any EventLoopGroup
    let client: HTTPClient

    /// The process-wide loops and client; enough for a few hundred calls.
    public static let shared = CallerExchange(
        group: MultiThreadedEventLoopGroup.singleton,
        client: HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: providerLike)
    )

    /// The provider's own manner: 5 s to connect, at most ten redirects, a refused connection is an answer.
    /// - Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
    public static var providerLike: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        configuration.redirectConfiguration = .follow(max: 10, allowCycles: false)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        configuration.httpVersion = .http1Only
        return configuration
    }

    /// - Parameters:
    ///   - group: event loops; the exchange does not shut them down.
    ///   - client: for webhooks; the exchange does not shut it down.
    public init(group: any EventLoopGroup, client: HTTPClient) {
        self.group = group
        self.client = client
        clocks = group.makeIterator().map(CallerClock.init)
    }

    /// A loop, taken in turn, and its clock.
    func next() -> CallerClock {
        let loop = group.next()
        guard let clock = clocks.first(where: { $0.eventLoop === loop }) else {
            preconditionFailure("an event loop group hands out only loops of its own")
        }
        return clock
    }
}
