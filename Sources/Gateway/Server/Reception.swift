import Actors
import Engine
import Synchronization

/// What every media socket needs: the exchange, the tenants, and the counts of what was odd.
public final class Reception: Sendable {
    public let exchange: Exchange
    /// Who the tenants are changes while the engine runs.
    let store: ProfileStore
    let sockets = SocketCounters()

    /// The tenants of this moment; a call keeps the profile it began with.
    public var tenants: TenantDirectory { store.tenants }

    public init(exchange: Exchange, store: ProfileStore) {
        self.exchange = exchange
        self.store = store
    }

    /// Tenants that stay as they are.
    public convenience init(exchange: Exchange, tenants: TenantDirectory) {
        self.init(exchange: exchange, store: ProfileStore(tenants.profiles, settings: EngineSettings()))
    }

    /// The profile a stream's `tenant` parameter names; without one, the tenant that takes every number.
    func profile(for tenant: String?) -> TenantProfile? {
        tenant.map { tenants.profile(id: $0) } ?? tenants.profile(calledNumber: "*")
    }

    func reject(_ oddity: TwilioStreamMachine.Oddity) { sockets.rejected(oddity.rawValue) }
}

/// Counts by a small fixed set of reasons.
final class SocketCounters: Sendable {
    let opened = EventCounter()
    /// Sample rates that changed during a call.
    let rateChanges = EventCounter()
    /// From the caller's first speech frame to the `clear` on the wire.
    let clear = LatencyHistogram()
    private let frames = Mutex<[String: Int]>([:])
    private let closes = Mutex<[String: Int]>([:])

    func rejected(_ reason: String) { frames.withLock { $0[reason, default: 0] += 1 } }
    func refused(_ reason: String) { closes.withLock { $0[reason, default: 0] += 1 } }

    var rejectedFrames: [String: Int] { frames.withLock { $0 } }
    var refusedSockets: [String: Int] { closes.withLock { $0 } }
}
