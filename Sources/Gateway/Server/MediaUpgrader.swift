import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Makes an accepted connection a media socket: the library's handshake and encoder, and a handler that reads messages itself
/// (`MessageReader`).
struct MediaUpgrader: NIOTypedHTTPServerProtocolUpgrader {
    private let gate: SocketGate
    private let handshake: NIOTypedWebSocketServerUpgrader<GatewayChannel.Outcome>

    init(gate: SocketGate) {
        self.gate = gate
        handshake = NIOTypedWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededFuture(.media) }
        )
    }

    var supportedProtocol: String { handshake.supportedProtocol }
    var requiredUpgradeHeaders: [String] { handshake.requiredUpgradeHeaders }

    func buildUpgradeResponse(
        channel: any Channel,
        upgradeRequest: HTTPRequestHead,
        initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        handshake.buildUpgradeResponse(
            channel: channel,
            upgradeRequest: upgradeRequest,
            initialResponseHeaders: initialResponseHeaders
        )
    }

    func upgrade(
        channel: any Channel,
        upgradeRequest: HTTPRequestHead
    ) -> EventLoopFuture<GatewayChannel.Outcome> {
        channel.eventLoop.makeCompletedFuture {
            // The gate let the request in by this very door.
            guard let door = gate.door(for: upgradeRequest) else { throw ChannelError.inappropriateOperationForState }
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(WebSocketFrameEncoder())
            try pipeline.addHandler(door.makeHandler(upgradeRequest, loop: channel.eventLoop))
            return .media
        }
    }
}
