import NIOCore

/// Tells a connection's guard of every byte before the parser sees it: a head that trickles in is noticed at its first.
final class HeadMeter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let guardian: RequestGuard

    init(_ guardian: RequestGuard) { self.guardian = guardian }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard guardian.arrived(bytes: unwrapInboundIn(data).readableBytes) else { return }
        context.fireChannelRead(data)
        guardian.parsed()
    }
}

/// Ends a connection that found no room, as soon as it is one.
final class TurnedAway: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelActive(context: ChannelHandlerContext) { context.close(promise: nil) }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
