import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Makes an accepted connection a media socket.
enum MediaUpgrader {
    static func make(
        gate: SocketGate,
        limits: SocketLimits
    ) -> any NIOTypedHTTPServerProtocolUpgrader<GatewayChannel.Outcome> & Sendable {
        NIOTypedWebSocketServerUpgrader<GatewayChannel.Outcome>(
            maxFrameSize: limits.frameBytes,
            // The library's own handler closes at once: unread bytes then reset the connection and the code is lost.
            enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        NIOWebSocketFrameAggregator(
                            minNonFinalFragmentSize: 0,
                            maxAccumulatedFrameCount: limits.fragments,
                            maxAccumulatedFrameSize: limits.frameBytes
                        )
                    )
                    // The gate let the request in by this very door.
                    guard let door = gate.door(for: head) else { throw ChannelError.inappropriateOperationForState }
                    try pipeline.addHandler(door.makeHandler(head, loop: channel.eventLoop))
                    return .media
                }
            }
        )
    }
}
