import AsyncHTTPClient
import NIOCore
import NIOPosix

/// What calls share: the event loops they run on, one clock for each, and the client for webhooks.
public final class CallerExchange: Sendable {
    private let clocks: [CallerClock]
    private let group: any EventLoopGroup
    let client: HTTPClient

    /// The process-wide loops and client; enough for a few hundred calls.
    public static let shared = CallerExchange(group: MultiThreadedEventLoopGroup.singleton, client: .shared)

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
