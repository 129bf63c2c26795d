import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// HTTP/1.1 with a WebSocket upgrade beside it: what a connection becomes is decided by its first request.
///
/// Why not the ready-made pipeline: its typed upgrade handler swallows the head of a refused upgrade, so the client would
/// see an empty reply instead of the 403 (swift-nio issue 2632). The `UpgradeGate` in front decides first.
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
    let isSecure: Bool
    let idleTimeout: Duration
    let gate: SocketGate
    let upgrader: any NIOTypedHTTPServerProtocolUpgrader<Outcome> & Sendable

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let encoder = HTTPResponseEncoder()
            let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
            let errors = HTTPServerProtocolErrorHandler()
            let gate = gate.handler(patience: TimeAmount(idleTimeout))
            let upgrade = NIOTypedHTTPServerUpgradeHandler<Outcome>(
                httpEncoder: encoder,
                extraHTTPHandlers: [decoder, errors, gate],
                upgradeConfiguration: .init(
                    upgraders: [upgrader],
                    notUpgradingCompletionHandler: { channel in
                        channel.eventLoop.makeCompletedFuture {
                            let pipeline = channel.pipeline.syncOperations
                            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: isSecure))
                            try pipeline.addHandler(
                                HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: logger)
                            )
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
                [encoder, decoder, errors, gate, upgrade] as [any ChannelHandler]
            )
            return Value(channel: channel, outcome: upgrade.upgradeResultFuture)
        }
    }

    func handle(value: Value, logger: Logger) async {
        switch try? await value.outcome.get() {
        case .http(let channel): await http.handleHTTP(asyncChannel: channel, logger: logger)
        // The server waits for its connections when it drains: a media socket counts until it is closed.
        case .media: try? await value.channel.closeFuture.get()
        case nil: break
        }
    }
}
