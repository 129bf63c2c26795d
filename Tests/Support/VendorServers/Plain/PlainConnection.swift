import Engine
import Glibc
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// A server's end of one connection. Everything may be called from any thread and happens in the order of the calls.
public final class PlainConnection: Sendable {
    public let channel: any Channel
    /// A close frame was sent.
    let closing = Locked(false)

    init(_ channel: any Channel) { self.channel = channel }

    /// Runs `action` after `delay`, unless the connection is gone by then.
    public func after(_ delay: Duration, _ action: @escaping @Sendable (PlainConnection) -> Void) {
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(delay)) { action(self) }
        channel.closeFuture.whenComplete { _ in timer.cancel() }
    }

    // MARK: - HTTP

    /// A whole answer; to a `HEAD` without `hasBody`.
    public func answer(
        _ status: Int,
        headers: [(String, String)] = [],
        body: some Collection<UInt8> = Array("".utf8),
        hasBody: Bool = true
    ) {
        begin(status, headers: headers + [("Content-Length", "\(body.count)")])
        if hasBody { write(body) }
    }

    /// The head of an answer; `chunk` and `endChunks` follow when `headers` say `Transfer-Encoding: chunked`.
    public func begin(_ status: Int, headers: [(String, String)]) {
        let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        write("HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n\(lines)\r\n".utf8)
    }

    public func chunk(_ bytes: some Collection<UInt8>) {
        var buffer = ByteBuffer(string: "\(String(bytes.count, radix: 16))\r\n")
        buffer.writeBytes(bytes)
        buffer.writeString("\r\n")
        channel.writeAndFlush(buffer, promise: nil)
    }

    public func endChunks() { write("0\r\n\r\n".utf8) }

    /// Any bytes, as they are.
    public func write(_ bytes: some Collection<UInt8>) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    public func close() { channel.close(promise: nil) }

    /// Closes so that the other side sees a reset, not an end.
    public func reset() {
        guard let options = channel as? any SocketOptionProvider else { return close() }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { [channel] _ in channel.close(promise: nil) }
    }

    // MARK: - WebSocket

    /// Answers a handshake with 101. Pings are answered when `answersPings`, a close frame when `answersClose`.
    public func upgrade(
        _ request: PlainRequest,
        headers: [(String, String)] = [],
        answersPings: Bool = true,
        answersClose: Bool = true,
        messages: @escaping @Sendable (PlainMessage, PlainConnection) -> Void
    ) {
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders(headers)) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        let fields = upgrader.buildUpgradeResponse(
            channel: channel,
            upgradeRequest: request.head,
            initialResponseHeaders: ["Connection": "upgrade"]
        )
        fields.whenComplete { [self] result in
            guard case .success(let fields) = result else { return answer(400) }
            begin(101, headers: fields.map { ($0.name, $0.value) })
            let reader = PlainMessageReader(
                self,
                answersPings: answersPings,
                answersClose: answersClose,
                messages: messages
            )
            do {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandlers([
                    WebSocketFrameEncoder(), ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 24)), reader,
                ])
                // Last, because what the client has sent already is handed on by it.
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                pipeline.removeHandler(decoder, promise: nil)
                let requests = try pipeline.handler(type: PlainRequestReader.self)
                pipeline.removeHandler(requests, promise: nil)
            } catch {
                close()
            }
        }
    }

    public func send(text: String) { frame(.text, Array(text.utf8)) }

    public func send(binary: some Collection<UInt8>) { frame(.binary, Array(binary)) }

    /// One frame as it is told: unfinished, oversized, of any kind.
    public func frame(_ opcode: WebSocketOpcode, fin: Bool = true, _ bytes: some Collection<UInt8>) {
        channel.writeAndFlush(WebSocketFrame(fin: fin, opcode: opcode, data: ByteBuffer(bytes: bytes)), promise: nil)
    }

    /// Bytes past the frame encoder.
    public func raw(_ bytes: [UInt8]) {
        channel.eventLoop.execute { [self] in
            guard let encoder = try? channel.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
            else {
                return close()
            }
            encoder.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
        }
    }

    /// What the client sends from now on stays in the network.
    public func stopReading() { channel.setOption(.autoRead, value: false).whenFailure { _ in } }

    /// A close frame; the connection ends when the client has answered it.
    public func closeSocket(code: UInt16, reason: String = "") {
        var payload = ByteBuffer(integer: code)
        payload.writeString(reason)
        closing.withLock { $0 = true }
        frame(.connectionClose, payload.readableBytesView)
    }
}

/// What a client sent over a WebSocket.
public enum PlainMessage: Sendable, Equatable {
    case text(String)
    case binary([UInt8])
    case ping
    case pong
    case close(code: UInt16?)
    /// The connection is gone. Last, always.
    case gone
    /// A frame that was not masked, which a client must not send (RFC 6455 section 5.1).
    case unmasked
}

/// Hands frames over as messages.
final class PlainMessageReader: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let connection: PlainConnection
    private let answersPings: Bool
    private let answersClose: Bool
    private let messages: @Sendable (PlainMessage, PlainConnection) -> Void
    private var isGone = false

    init(
        _ connection: PlainConnection,
        answersPings: Bool,
        answersClose: Bool,
        messages: @escaping @Sendable (PlainMessage, PlainConnection) -> Void
    ) {
        self.connection = connection
        self.answersPings = answersPings
        self.answersClose = answersClose
        self.messages = messages
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard frame.maskKey != nil else { return messages(.unmasked, connection) }
        var payload = frame.unmaskedData
        switch frame.opcode {
        case .text: messages(.text(String(buffer: payload)), connection)
        case .binary: messages(.binary(Array(payload.readableBytesView)), connection)
        case .ping:
            messages(.ping, connection)
            if answersPings { connection.frame(.pong, payload.readableBytesView) }
        case .pong: messages(.pong, connection)
        case .connectionClose:
            let code = payload.readInteger(as: UInt16.self)
            messages(.close(code: code), connection)
            guard answersClose else { return }
            if !connection.closing.withLock({ $0 }) { connection.closeSocket(code: code ?? 1000) }
            connection.close()
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        gone()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func gone() {
        guard !isGone else { return }
        isGone = true
        messages(.gone, connection)
    }
}
