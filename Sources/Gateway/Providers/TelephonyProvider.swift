import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// One telephone provider: its webhooks, its media sockets, its long-running work.
protocol TelephonyProvider: Sendable {
    /// `twilio`, `ringover`, `ringcentral`: a metric label.
    var name: String { get }
    /// Webhooks and the provider's own API routes.
    func add(to router: Router<GatewayContext>)
    /// Where its media sockets arrive on the main port.
    var doors: [any MediaDoor] { get }
    /// How to act on its live calls; nil when nothing is configured that could.
    var control: (any ProviderControl)? { get }
    /// Listeners, subscriptions, renewals: runs until cancelled. Returns at once when there is nothing to do.
    func run() async throws
    /// For `/health/ready` and `parley check`.
    var status: EventValue { get }
}

extension TelephonyProvider {
    var doors: [any MediaDoor] { [] }
    var control: (any ProviderControl)? { nil }
    func run() async throws {}
}

/// A path on which a provider's media socket is accepted.
protocol MediaDoor: Sendable {
    /// A metric label.
    var provider: String { get }
    /// - Parameter path: without the query.
    func serves(_ path: Substring) -> Bool
    /// nil lets the socket in. Decided without waiting, on the event loop.
    func refusal(of head: HTTPRequestHead) -> UpgradeRefusal?
    /// The handler of the upgraded channel; WebSocket framing and the aggregation of fragments are in front of it.
    func makeHandler(_ head: HTTPRequestHead, loop: any EventLoop) -> any ChannelHandler
}

/// What every provider is built from.
struct ProviderParts: Sendable {
    let settings: EngineSettings
    let edge: Edge
    let publicURL: PublicURL
    let reception: Reception
    let book: CallBook
    let outcomes: RecentOutcomes
    /// Where a provider learns which of its calls it is to move.
    let handOvers: HandOvers
    let intake: WebhookIntake
    let flushers: SocketFlushers
    let limits: SocketLimits
    let logger: Logger
}
