import NIOCore
import NIOHTTP1

/// Decides about a WebSocket upgrade before the upgrade handler sees it; a refused one becomes an ordinary request, which
/// the router answers with the reason.
final class UpgradeGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    enum Decision: Equatable {
        case upgrade
        /// The path is not a socket's: the router answers whatever it answers.
        case ordinary
        case refuse(UpgradeRefusal)
    }

    /// The header that carries a refusal to the router. A client's own is removed by the edge.
    static let refusalHeader = "parley-upgrade-refused"

    private let decide: (HTTPRequestHead) -> Decision
    private let release: @Sendable () -> Void
    private var closing = false
    private var isFirst = true

    /// - Parameters:
    ///   - decide: takes a place for the call when it answers `upgrade`.
    ///   - release: gives that place back when the connection ends without having become a call.
    init(decide: @escaping (HTTPRequestHead) -> Decision, release: @escaping @Sendable () -> Void) {
        self.decide = decide
        self.release = release
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isFirst, event is ChannelShouldQuiesceEvent { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        defer { isFirst = false }
        guard head.headers.contains(name: "Upgrade") else {
            return context.fireChannelRead(wrapInboundOut(.head(head)))
        }
        switch decision(head) {
        case .upgrade:
            do {
                try context.pipeline.syncOperations.addHandler(CallPlace(release: release), position: .first)
            } catch {
                release()
                return context.close(promise: nil)
            }
            return context.fireChannelRead(wrapInboundOut(.head(head)))
        case .ordinary: break
        case .refuse(let refusal): head.headers.add(name: Self.refusalHeader, value: refusal.rawValue)
        }
        // The HTTP parser stops at an upgrade request, so this connection cannot be kept.
        head.headers.remove(name: "Upgrade")
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        closing = true
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    private func decision(_ head: HTTPRequestHead) -> Decision {
        guard head.headers[canonicalForm: "Upgrade"].contains(where: { $0.lowercased() == "websocket" }) else {
            return .ordinary
        }
        // The upgrader itself would refuse these without an answer, and after the place was taken: it wants each header
        // once, and it is gone after a connection's first request.
        let keys = head.headers["Sec-WebSocket-Key"]
        guard isFirst, head.headers["Sec-WebSocket-Version"] == ["13"], keys.count == 1, keys[0].utf8.count == 24,
            head.method == .GET,
            head.headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" })
        else { return .refuse(.badHandshake) }
        return decide(head)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard closing, case .head(var head) = unwrapOutboundIn(data) else {
            return context.write(data, promise: promise)
        }
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}

/// A place taken for a call that has not started yet. Stays in the connection's pipeline until a call takes it over, and gives
/// the place back when the connection ends before that.
final class CallPlace: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let release: @Sendable () -> Void
    private var isHeld = true

    init(release: @escaping @Sendable () -> Void) { self.release = release }

    /// The call has it now, and leaves it when it ends.
    func handOver() { isHeld = false }

    func handlerRemoved(context: ChannelHandlerContext) {
        guard isHeld else { return }
        isHeld = false
        release()
    }
}

/// Why a socket was refused.
enum UpgradeRefusal: String, CaseIterable, Sendable {
    case signature, full, draining, overloaded
    /// The socket's tenant holds as many calls as it may; for doors that know the tenant before the call starts.
    case tenantFull = "tenant_full"
    case notConfigured = "not_configured"
    case badHandshake = "bad_handshake"

    var status: Int {
        switch self {
        case .signature: 403
        case .notConfigured, .full, .tenantFull, .draining, .overloaded: 503
        case .badHandshake: 400
        }
    }

    var message: String {
        switch self {
        case .signature: "The request's signature is missing or wrong."
        case .notConfigured: "This provider is not configured: its secret is missing."
        case .full: "Every call this engine may hold is taken (PARLEY_MAX_CALLS)."
        case .tenantFull: "Every call this tenant may hold is taken (limits.calls)."
        case .draining: "This engine is shutting down."
        case .overloaded: "The workers are busy (PARLEY_OVERLOAD_PERCENT); more cores hold more calls."
        case .badHandshake: "Not a WebSocket handshake of version 13."
        }
    }
}
