import NIOCore
import NIOHTTP1

/// Reads an answer to a handshake that is not 101: its head, and the beginning of its body if that comes soon.
final class SocketRefusal: ChannelInboundHandler {
    struct Answer: Sendable {
        var head: HTTPResponseHead
        var body = ByteBuffer()
    }

    typealias InboundIn = HTTPClientResponsePart

    private let promise: EventLoopPromise<Answer>
    private let limit: TimeAmount
    private var answer: Answer?
    private var alarm: Scheduled<Void>?
    private var isDone = false

    init(_ promise: EventLoopPromise<Answer>, within limit: TimeAmount) {
        self.promise = promise
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer = Answer(head: head)
            alarm = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { [weak self] in self?.finish(context) }
        case .body(let part):
            answer?.body.writeImmutableBuffer(part)
            if (answer?.body.readableBytes ?? 0) > VendorErrorWord.bodyLimit { finish(context) }
        case .end: finish(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { finish(context) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if answer == nil, !isDone {
            isDone = true
            promise.fail(error)
        }
        finish(context)
    }

    private func finish(_ context: ChannelHandlerContext) {
        alarm?.cancel()
        alarm = nil
        guard !isDone else { return }
        isDone = true
        if let answer { promise.succeed(answer) } else { promise.fail(ChannelError.eof) }
        context.close(promise: nil)
    }
}
