import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL
import NIOWebSocket

/// HTTP/1.1 with a WebSocket upgrade beside it: what a connection becomes is decided by its first request.
///
/// Why not the ready-made pipeline: its typed upgrade handler swallows the head of a refused upgrade, so the client would
/// see an empty reply instead of the 403 (swift-nio issue 2632). The `UpgradeGate` in front decides first; before it, the
/// `RequestGuard` asks the edge about every request.
///
///     [TLS] ─ encoder ─ HeadMeter ─ parser ─ RequestGuard ─ UpgradeGate ─ upgrade ─┬─ HTTP codec ─ routes
///                                                                                  └─ WebSocket frames ─ media handler
struct GatewayChannel: ServerChildChannel {
    enum Outcome: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        /// Handlers of the media socket live on the channel; nothing else is to be done.
        case media
    }
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let outcome: EventLoopFuture<Outcome>
    }

    let http: HTTP1Channel
    let edge: Edge
    let idleTimeout: Duration
    let gate: SocketGate
    let upgrader: any NIOTypedHTTPServerProtocolUpgrader<Outcome> & Sendable

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let peer = channel.remoteAddress.flatMap { IPAddress($0) }
            let counted = edge.counted(peer)
            guard edge.connections.enter(counted) else {
                edge.count(Edge.Refused(.connections, .unread))
                try channel.pipeline.syncOperations.addHandler(TurnedAway())
                let nothing: EventLoopFuture<Outcome> =
                    channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
                return Value(channel: channel, outcome: nothing)
            }
            channel.closeFuture.whenComplete { [connections = edge.connections] _ in connections.leave(counted) }
            if let certificate = edge.certificate {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context))
            }
            return Value(channel: channel, outcome: try addHandlers(channel, peer: peer, logger: logger))
        }
    }

    /// - Returns: what the connection became, once its first request has told.
    private func addHandlers(
        _ channel: any Channel,
        peer: IPAddress?,
        logger: Logger
    ) throws -> EventLoopFuture<Outcome> {
        let encoder = HTTPResponseEncoder()
        var bounds = NIOHTTPDecoderLimitConfiguration()
        bounds.maxHeaderFieldSize = edge.limits.headerBytes
        bounds.maxHeaderListSize = edge.limits.requestLineBytes + edge.limits.headerBytes
        bounds.maxHeaderFieldCount = RequestLimits.headerFields
        let parser = HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: bounds)
        let decoder = ByteToMessageHandler(parser)
        let guardian = RequestGuard(edge: edge, peer: peer)
        let meter = HeadMeter(guardian)
        let gate = gate.handler()
        let isSecure = edge.certificate != nil
        let upgrade = NIOTypedHTTPServerUpgradeHandler<Outcome>(
            httpEncoder: encoder,
            extraHTTPHandlers: [meter, decoder, guardian, gate],
            upgradeConfiguration: .init(
                upgraders: [upgrader],
                notUpgradingCompletionHandler: { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: isSecure))
                        try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: logger))
                        return .http(
                            try NIOAsyncChannel(
                                wrappingChannelSynchronously: channel,
                                configuration: .init(isOutboundHalfClosureEnabled: true)
                            )
                        )
                    }
                }
            )
        )
        try channel.pipeline.syncOperations.addHandlers(
            [encoder, meter, decoder, guardian, gate, upgrade] as [any ChannelHandler]
        )
        return upgrade.upgradeResultFuture
    }

    func handle(value: Value, logger: Logger) async {
        switch try? await value.outcome.get() {
        case .http(let channel):
            await withTaskExecutorPreference(EventLoopTasks(value.channel.eventLoop)) {
                await http.handleHTTP(asyncChannel: channel, logger: logger)
            }
        // The server waits for its connections when it drains: a media socket counts until it is closed.
        case .media: try? await value.channel.closeFuture.get()
        case nil: break
        }
    }
}
