import Caller
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// A minimal engine: answers the webhook, accepts the socket, greets, answers each utterance with a tone, and stops
/// when it is interrupted. It counts time in frames received, not with a clock.
final class FakeEngine: Sendable {
    struct Manner: Sendable {
        var webhookStatus = HTTPResponseStatus.ok
        /// `{url}` is replaced by the socket's address; nil connects to it with two parameters.
        var twiml: String?
        var acceptsUpgrade = true
        var greetingFrames = 15
        var answerFrames = 20
        /// Size of the media messages sent.
        var chunk = 200
        /// Sent right after `start`, as they are.
        var firstFrames: [(WebSocketOpcode, String)] = []
        /// Closes with this code when the caller has been heard for the first time; 0 drops the connection.
        var closeAfterFirstTurn: UInt16?
        /// Body of the event stream, and the status of its answer.
        var events = ""
        var eventsStatus = HTTPResponseStatus.ok
    }

    struct Seen: Sendable {
        var webhookBody = ""
        var webhookSignature: String?
        var upgradeSignature: String?
        var eventsURI = ""
        var messages: [String] = []
        var closed = false
    }

    let manner: Manner
    private let state = Mutex(Seen())
    private let channel = Mutex<(any Channel)?>(nil)

    init(_ manner: Manner = Manner()) { self.manner = manner }

    var seen: Seen { state.withLock { $0 } }
    func see(_ change: (inout Seen) -> Void) { state.withLock { change(&$0) } }

    /// - Returns: the address to call.
    func start() async throws -> String {
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let upgrader = NIOWebSocketServerUpgrader(
                        maxFrameSize: 1 << 20,
                        shouldUpgrade: { channel, head in
                            self.see { $0.upgradeSignature = head.headers.first(name: "X-Twilio-Signature") }
                            return channel.eventLoop.makeSucceededFuture(self.manner.acceptsUpgrade ? [:] : nil)
                        },
                        upgradePipelineHandler: { channel, _ in
                            channel.eventLoop.makeCompletedFuture {
                                try channel.pipeline.syncOperations.addHandler(FakeStream(self))
                            }
                        }
                    )
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withServerUpgrade: (
                            upgraders: [upgrader],
                            completionHandler: { context in
                                context.pipeline.syncOperations.removeHandler(name: "pages", promise: nil)
                            }
                        )
                    )
                    try channel.pipeline.syncOperations.addHandler(FakePages(self), name: "pages")
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = listening }
        return "http://127.0.0.1:\(listening.localAddress?.port ?? 0)"
    }

    func stop() async throws {
        try await channel.withLock { $0 }?.close()
    }
}

/// The webhook and the event stream.
private final class FakePages: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let engine: FakeEngine
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(_ engine: FakeEngine) { self.engine = engine }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(var part): body.writeBuffer(&part)
        case .end:
            guard let head else { return }
            answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let manner = engine.manner
        if head.uri.hasPrefix("/api/v1/events/stream") {
            engine.see { $0.eventsURI = head.uri }
            return respond(manner.eventsStatus, "text/event-stream", manner.events, context)
        }
        guard head.uri == "/twilio/voice" else { return respond(.forbidden, "text/plain", "no", context) }
        engine.see {
            $0.webhookBody = String(buffer: body)
            $0.webhookSignature = head.headers.first(name: "X-Twilio-Signature")
        }
        let url = "ws://\(head.headers.first(name: "Host") ?? "")/twilio/ws"
        let twiml =
            manner.twiml
            ?? #"<Response><Connect><Stream url="\#(url)"><Parameter name="tenant" value="a &amp; b"/>"#
            + "</Stream></Connect></Response>"
        respond(manner.webhookStatus, "text/xml", twiml, context)
    }

    private func respond(_ status: HTTPResponseStatus, _ type: String, _ text: String, _ context: ChannelHandlerContext)
    {
        let headers = HTTPHeaders([("Content-Type", type), ("Content-Length", "\(text.utf8.count)")])
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}

/// The media stream.
private final class FakeStream: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame
    private let engine: FakeEngine
    private var streamSid = ""
    private var speechFrames = 0
    private var quietFrames = 0
    private var answers = 0
    /// Frames of the agent's audio the caller has not heard yet, as far as frames received tell.
    private var playing = 0

    init(_ engine: FakeEngine) { self.engine = engine }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text: message(String(buffer: frame.unmaskedData), context)
        case .connectionClose:
            engine.see { $0.closed = true }
            write(.connectionClose, frame.unmaskedData, context)
            context.close(promise: nil)
        default: break
        }
    }

    private func message(_ text: String, _ context: ChannelHandlerContext) {
        engine.see { $0.messages.append(text) }
        guard let object = try? Vectors.parse(text) else { return }
        switch object["event"] as? String {
        case "start":
            streamSid = object["streamSid"] as? String ?? ""
            for (opcode, text) in engine.manner.firstFrames {
                write(opcode, ByteBuffer(string: text.replacingOccurrences(of: "{stream}", with: streamSid)), context)
            }
            say(frames: engine.manner.greetingFrames, mark: "greeting", context)
        case "media":
            let payload = (object["media"] as? [String: Any])?["payload"] as? String ?? ""
            heard(speech: payload != FakeStream.silence, context)
        default: break
        }
    }

    private func heard(speech: Bool, _ context: ChannelHandlerContext) {
        playing = max(0, playing - 1)
        if speech {
            speechFrames += 1
            quietFrames = 0
            if playing > 0, speechFrames == 5 {
                playing = 0
                write(.text, ByteBuffer(string: #"{"event":"clear","streamSid":"\#(streamSid)"}"#), context)
            }
        } else if speechFrames > 0 {
            quietFrames += 1
            guard quietFrames == 10 else { return }
            speechFrames = 0
            answers += 1
            switch engine.manner.closeAfterFirstTurn {
            case 0?: context.close(promise: nil)
            case let code?:
                var reason = ByteBuffer()
                reason.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: Int(code)))
                reason.writeString("no agent")
                write(.connectionClose, reason, context)
            case nil: say(frames: engine.manner.answerFrames, mark: "answer-\(answers)", context)
            }
        }
    }

    private func say(frames: Int, mark: String, _ context: ChannelHandlerContext) {
        guard frames > 0 else { return }
        playing = frames
        let audio = Tone.speech(frames: frames)
        for start in stride(from: 0, to: audio.count, by: engine.manner.chunk) {
            let piece = Data(audio[start..<min(audio.count, start + engine.manner.chunk)]).base64EncodedString()
            let text = #"{"event":"media","streamSid":"\#(streamSid)","media":{"payload":"\#(piece)"}}"#
            write(.text, ByteBuffer(string: text), context)
        }
        let text = #"{"event":"mark","streamSid":"\#(streamSid)","mark":{"name":"\#(mark)"}}"#
        write(.text, ByteBuffer(string: text), context)
    }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
    }

    private static let silence = Data(Tone.silence(frames: 1)).base64EncodedString()
}
