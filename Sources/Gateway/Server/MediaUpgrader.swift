import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Makes an accepted connection a media socket.
enum MediaUpgrader {
    static func twilio(
        reception: Reception,
        flushers: SocketFlushers,
        limits: SocketLimits
    ) -> any NIOTypedHTTPServerProtocolUpgrader<GatewayChannel.Outcome> & Sendable {
        NIOTypedWebSocketServerUpgrader<GatewayChannel.Outcome>(
            maxFrameSize: limits.frameBytes,
            // The library's own handler closes at once: unread bytes then reset the connection and the code is lost.
            enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        NIOWebSocketFrameAggregator(
                            minNonFinalFragmentSize: 0,
                            maxAccumulatedFrameCount: limits.fragments,
                            maxAccumulatedFrameSize: limits.frameBytes
                        )
                    )
                    try pipeline.addHandler(
                        TwilioMediaHandler(
                            reception: reception,
                            flusher: flushers[channel.eventLoop],
                            limits: limits
                        )
                    )
                    return .media
                }
            }
        )
    }
}
