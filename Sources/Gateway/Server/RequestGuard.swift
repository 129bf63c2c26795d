import NIOCore
import NIOHTTP1

/// Watches one HTTP connection: asks the edge about every head, holds head and body to their bounds and times, answers what
/// is refused, and gives every answer its security headers.
///
/// A refused request's answer is its connection's last: it is written after the answers that are still due, then the
/// sending side is closed, and what the peer still sends is read and dropped for a moment. Closing at once would reset the
/// connection, and the peer would lose the answer.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// Between requests, or in a head of so many bytes.
        case head(bytes: Int)
        case body(bytes: Int, kind: RequestKind)
        case refused
    }

    /// How long a peer may go on sending after its request was refused.
    private static let lingerTime = Duration.seconds(2)
    /// What the parser does not count of a header field: colon, space and line end.
    private static let uncountedFieldBytes = 4

    private let edge: Edge
    private let peer: IPAddress?
    private var context: ChannelHandlerContext?
    private var phase = Phase.head(bytes: 0)
    private var deadline: Scheduled<Void>?
    /// Requests handed on whose answer has not ended yet.
    private var answersDue = 0
    /// The head of an answer was written and its end was not.
    private var isAnswering = false
    /// The refusal that waits until the answers before it are written.
    private var pending: EdgeAnswer?
    /// 1 when the refused request was handed on before: its own answer is due and will not come.
    private var answersReplaced = 0
    /// The refusal was written: nothing else may be.
    private var isClosing = false

    init(edge: Edge, peer: IPAddress?) {
        self.edge = edge
        self.peer = peer
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        watch(edge.limits.headTime)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        self.context = nil
    }

    private func watch(_ time: Duration) {
        guard let context else { return }
        deadline?.cancel()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(time)) { bound.value.timeIsUp() }
    }

    private func timeIsUp() {
        deadline = nil
        switch phase {
        // Nobody asked anything: there is nothing to answer.
        case .head(0): context?.close(promise: nil)
        case .head: refuse(Edge.Refused(.tooSlow, .unread))
        case .body(_, let kind): refuse(Edge.Refused(.tooSlow, kind))
        case .refused: context?.close(promise: nil)
        }
    }

    // MARK: In

    /// Bytes have come that the parser has not seen yet.
    /// - Returns: whether it shall see them.
    func arrived(bytes count: Int) -> Bool {
        switch phase {
        case .refused: return false
        case .body: return true
        case .head(let bytes):
            if bytes == 0, deadline == nil { watch(edge.limits.headTime) }
            phase = .head(bytes: bytes + count)
            return true
        }
    }

    /// The parser has seen what came. It counts names and values only, and would take any amount of space around them.
    func parsed() {
        let limits = edge.limits
        let most =
            limits.requestLineBytes + limits.headerBytes + RequestLimits.headerFields * Self.uncountedFieldBytes
        if case .head(let bytes) = phase, bytes > most { refuse(Edge.Refused(.headerTooLarge, .unread)) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), phase) {
        case (_, .refused): break
        case (.head(var head), _):
            deadline?.cancel()
            deadline = nil
            let kind = RequestKind(uri: head.uri)
            if let refused = edge.refusal(of: &head, peer: peer) {
                return refuse(refused, isHead: head.method == .HEAD)
            }
            phase = .body(bytes: 0, kind: kind)
            if RequestChecks.hasBody(head) { watch(edge.limits.bodyTime) }
            answersDue += 1
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case (.body(let buffer), .body(let bytes, let kind)):
            let total = bytes + buffer.readableBytes
            guard total <= edge.limits.bodyBytes else { return refuse(Edge.Refused(.tooLarge, kind)) }
            phase = .body(bytes: total, kind: kind)
            context.fireChannelRead(data)
        case (.end, _):
            deadline?.cancel()
            deadline = nil
            phase = .head(bytes: 0)
            context.fireChannelRead(data)
        case (.body, .head): preconditionFailure("a body follows its head")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow: refuse(Edge.Refused(.headerTooLarge, .unread))
        case is HTTPParserError: refuse(Edge.Refused(.badRequest, .unread))
        // What follows a broken request is not read.
        case is ByteToMessageDecoderError: break
        default: context.fireErrorCaught(error)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .refused = phase, isClosing, case ChannelEvent.inputClosed = event {
            return context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Refusing

    private func refuse(_ refused: Edge.Refused, isHead: Bool = false) {
        guard let context else { return }
        switch phase {
        case .refused: return
        case .head: break
        case .body: answersReplaced = 1
        }
        phase = .refused
        deadline?.cancel()
        deadline = nil
        edge.count(refused)
        // The request's own answer has begun already: there is no other way left to say it.
        if isAnswering, answersDue <= answersReplaced { return context.close(promise: nil) }
        pending = EdgeAnswer(refused, limits: edge.limits, isHead: isHead)
        answerIfDue(context)
    }

    private func answerIfDue(_ context: ChannelHandlerContext) {
        guard let answer = pending, !isAnswering, answersDue <= answersReplaced else { return }
        pending = nil
        isClosing = true
        var head = answer.head
        edge.securityHeaders.add(to: &head.headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body = answer.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        watch(Self.lingerTime)
    }

    // MARK: Out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isClosing {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            guard head.status.code >= 200 else { return context.write(data, promise: promise) }
            isAnswering = true
            edge.securityHeaders.add(to: &head.headers)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            isAnswering = false
            answersDue -= 1
            context.write(data, promise: promise)
            answerIfDue(context)
        }
    }
}
