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
        let verdict: any Error =
            switch error {
            case NIOWebSocketError.invalidFrameLength, NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge,
                NIOWebSocketFrameAggregator.Error.tooManyFragments:
                failure.protocol("a message is longer than \(limits.messageBytes) bytes")
            case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error:
                failure.protocol("what was sent is not a WebSocket frame")
            default: failure.connection(error)
            }
        over(.failure(verdict))
        context.close(promise: nil)
    }

    // MARK: - In

    func read(context: ChannelHandlerContext) {
        if isPaused { holdsRead = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        lastSign = .now()
        asked = nil
        switch frame.opcode {
        case .text:
            let bytes = frame.unmaskedData
            guard let text = try? bytes.getUTF8ValidatedString(at: bytes.readerIndex, length: bytes.readableBytes)
            else {
                return fail(context, code: .dataInconsistentWithMessage, failure.protocol("a text is not UTF-8"))
            }
            deliver(.text(text))
        case .binary: deliver(.binary(frame.unmaskedData))
        case .ping: write(context, .pong, frame.unmaskedData)
        case .connectionClose: peerClosed(context, frame.unmaskedData)
        default: break
        }
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

    private func fail(_ context: ChannelHandlerContext, code: WebSocketErrorCode, _ error: LegError) {
        over(.failure(error))
        sendClose(context, code: UInt16(webSocketErrorCode: code), hasCode: true)
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
