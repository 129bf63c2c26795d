import Actors
import Engine
import Synchronization

/// What every media socket needs: the exchange, the tenants, and the counts of what was odd.
public final class Reception: Sendable {
    public let exchange: Exchange
    public let tenants: TenantDirectory
    let sockets = SocketCounters()

    public init(exchange: Exchange, tenants: TenantDirectory) {
        self.exchange = exchange
        self.tenants = tenants
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
    /// From the caller's first speech frame to the `clear` on the wire.
    let clear = LatencyHistogram()
    private let frames = Mutex<[String: Int]>([:])
    private let closes = Mutex<[String: Int]>([:])

    func rejected(_ reason: String) { frames.withLock { $0[reason, default: 0] += 1 } }
    func refused(_ reason: String) { closes.withLock { $0[reason, default: 0] += 1 } }

    var rejectedFrames: [String: Int] { frames.withLock { $0 } }
    var refusedSockets: [String: Int] { closes.withLock { $0 } }
}

/// The tenants of an engine, by id and by called number. Immutable: a reload makes a new one.
public struct TenantDirectory: Sendable {
    private let byID: [String: TenantProfile]
    private let byNumber: [String: TenantProfile]

    public init(_ profiles: [TenantProfile]) {
        byID = Dictionary(profiles.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        byNumber = Dictionary(
            profiles.flatMap { profile in profile.numbers.map { ($0, profile) } },
            uniquingKeysWith: { first, _ in first }
        )
    }

    public var profiles: [TenantProfile] { byID.values.sorted { $0.id < $1.id } }
    public func profile(id: String) -> TenantProfile? { byID[id] }
    /// The tenant that claims this number (E.164), or the one that claims `*`.
    public func profile(calledNumber number: String) -> TenantProfile? { byNumber[number] ?? byNumber["*"] }
}
