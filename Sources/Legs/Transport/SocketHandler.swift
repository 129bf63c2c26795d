import Actors
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// A socket's own end on its event loop: whole messages in, the queue out, signs of life, and the closing handshake.
final class SocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = Never
    typealias OutboundOut = WebSocketFrame

    private let inbox: SocketInbox
    private let outbox: SocketOutbox
    private let limits: VendorLimits
    private let failure: VendorFailure

    private var lastSign = NIODeadline.now()
    /// When the other side was asked for a sign of life that has not come yet.
    private var asked: NIODeadline?
    private var alarm: Scheduled<Void>?
    private var pong: ByteBuffer?
    private var hasSentClose = false
    /// Nothing is read until the reader has caught up.
    private var isPaused = false
    private var holdsRead = false

    init(inbox: SocketInbox, outbox: SocketOutbox, limits: VendorLimits, failure: VendorFailure) {
        self.inbox = inbox
        self.outbox = outbox
        self.limits = limits
        self.failure = failure
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        lastSign = .now()
        watch(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { over(.failure(failure.unavailable("the connection broke"))) }

    func channelInactive(context: ChannelHandlerContext) {
        over(.failure(failure.unavailable("the connection was closed without a closing handshake")))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength, NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge,
            NIOWebSocketFrameAggregator.Error.tooManyFragments:
            fail(context, .messageTooLarge, failure.protocol("a message is longer than \(limits.messageBytes) bytes"))
        case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error: noFrame(context)
        default:
            over(.failure(failure.connection(error)))
            context.close(promise: nil)
        }
    }

    // MARK: - In

    func read(context: ChannelHandlerContext) {
        if isPaused { holdsRead = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        signOfLife(context)
        // Nothing was agreed on that gives these bits a meaning, and servers do not mask (RFC 6455 sections 5.1, 5.2).
        guard frame.maskKey == nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return noFrame(context) }
        switch frame.opcode {
        case .text:
            let bytes = frame.unmaskedData
            guard let text = try? bytes.getUTF8ValidatedString(at: bytes.readerIndex, length: bytes.readableBytes)
            else {
                return fail(context, .dataInconsistentWithMessage, failure.protocol("a text is not UTF-8"))
            }
            deliver(.text(text))
        case .binary: deliver(.binary(frame.unmaskedData))
        case .ping: pong = frame.unmaskedData
        case .connectionClose: peerClosed(context, frame.unmaskedData)
        case .pong: break
        default: noFrame(context)
        }
    }

    /// A ping is answered once everything that came with it has been read: the answer may find the connection closed, and
    /// what was said before that must not be lost. Only the latest of several needs one (RFC 6455 section 5.5.3).
    func channelReadComplete(context: ChannelHandlerContext) {
        if let pong, !hasSentClose { write(context, .pong, pong) }
        pong = nil
        context.fireChannelReadComplete()
    }

    private func deliver(_ message: VendorSocket.Message) {
        if !inbox.put(message) { isPaused = true }
    }

    private func peerClosed(_ context: ChannelHandlerContext, _ payload: ByteBuffer) {
        var payload = payload
        let code = payload.readInteger(as: UInt16.self)
        _ = inbox.put(.closed(code: code, reason: String(buffer: payload)))
        over(.success(()))
        if hasSentClose { return context.close(promise: nil) }
        sendClose(context, code: code ?? 1000, hasCode: code != nil)
        closeSoon(context)
    }

    private func noFrame(_ context: ChannelHandlerContext) {
        fail(context, .protocolError, failure.protocol("what was sent is not a WebSocket frame"))
    }

    private func fail(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode, _ error: LegError) {
        over(.failure(error))
        if !hasSentClose { sendClose(context, code: UInt16(webSocketErrorCode: code), hasCode: true) }
        context.close(promise: nil)
    }

    // MARK: - Out

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        switch event as? SocketCommand {
        case .send:
            sendQueue(context)
            promise?.succeed()
        case .resume:
            isPaused = false
            if holdsRead {
                holdsRead = false
                context.read()
            }
            promise?.succeed()
        case .close(let code):
            sendQueue(context)
            if !hasSentClose { sendClose(context, code: code, hasCode: true) }
            closeSoon(context)
            promise?.succeed()
        case nil: context.triggerUserOutboundEvent(event, promise: promise)
        }
    }

    private func sendQueue(_ context: ChannelHandlerContext) {
        let items = outbox.takeAll()
        guard !items.isEmpty else { return }
        for item in items {
            let frame = WebSocketFrame(fin: true, opcode: item.opcode, maskKey: .random(), data: item.data)
            context.write(wrapOutboundOut(frame)).whenComplete { [outbox] _ in outbox.left(item) }
        }
        context.flush()
    }

    private func write(_ context: ChannelHandlerContext, _ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    private func sendClose(_ context: ChannelHandlerContext, code: UInt16, hasCode: Bool) {
        outbox.close()
        hasSentClose = true
        var payload = context.channel.allocator.buffer(capacity: 2)
        if hasCode { payload.writeInteger(code) }
        write(context, .connectionClose, payload)
    }

    // MARK: - Life

    /// After the closing handshake's own end the connection goes, whatever the other side does.
    private func closeSoon(_ context: ChannelHandlerContext) {
        alarm?.cancel()
        alarm = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.close)) { [weak self] in
            self?.over(.success(()))
            context.close(promise: nil)
        }
    }

    /// One timer at a time, set to when the next question or the end is due unless something arrives.
    private func watch(_ context: ChannelHandlerContext) {
        let due = asked.map { $0 + TimeAmount(limits.pong) } ?? lastSign + TimeAmount(limits.ping)
        alarm = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { [weak self] in self?.checkLife(context)
        }
    }

    private func signOfLife(_ context: ChannelHandlerContext) {
        lastSign = .now()
        guard asked != nil, !hasSentClose else { return }
        asked = nil
        alarm?.cancel()
        watch(context)
    }

    private func checkLife(_ context: ChannelHandlerContext) {
        guard !hasSentClose, context.channel.isActive else { return }
        // What is not read cannot be answered.
        if isPaused {
            lastSign = .now()
            asked = nil
        } else if asked != nil {
            over(.failure(failure.timeout("the other side of the connection does not answer")))
            return context.close(promise: nil)
        } else if lastSign + TimeAmount(limits.ping) <= .now() {
            asked = .now()
            write(context, .ping, ByteBuffer())
        }
        watch(context)
    }

    private func over(_ end: Result<Void, any Error>) {
        alarm?.cancel()
        alarm = nil
        outbox.close()
        inbox.end(end)
    }
}
