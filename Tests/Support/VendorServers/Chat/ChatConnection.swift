import NIOCore
import NIOHTTP1

/// One connection to a language model's server: requests one after another.
final class ChatConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let bodyLimit = 4 << 20

    private let server: ChatServer
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var playing: ChatPlayback?
    /// Of the request that is accepted and not answered.
    private var silent: Int?

    init(_ server: ChatServer) { self.server = server }

    func channelActive(context: ChannelHandlerContext) {
        server.note {
            $0.connections += 1
            $0.openConnections += 1
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        playing?.leave()
        playing = nil
        server.note { record in
            record.openConnections -= 1
            if let silent { record.exchanges[silent - 1].end = .left(.now) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var part):
            guard body.readableBytes + part.readableBytes <= Self.bodyLimit else { return context.close(promise: nil) }
            body.writeBuffer(&part)
        case .end:
            guard let head else { return }
            take(head, context)
        }
    }

    private func take(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.method == .POST, head.uri == server.dialect.path else {
            if head.method == .HEAD { server.note { $0.warms += 1 } }
            return write(
                404,
                head.method == .HEAD ? "" : error(ChatRefusal(404, "not_found_error", "Unknown path")),
                context
            )
        }
        let number = server.note { record in
            record.exchanges.append(.init())
            return record.exchanges.count
        }
        let manner = server.manner
        let fault = manner.fault(number)
        server.note { $0.exchanges[number - 1].fault = fault }
        switch fault {
        case .unauthorized: refuse(ChatRefusal(401, "authentication_error", "invalid key"), number, context)
        case .tooManyRequests:
            refuse(ChatRefusal(429, "rate_limit_error", "slow down"), number, context, [("Retry-After", "1")])
        case .serverError:
            close(number, status: 500)
            write(500, "upstream fell over", context, type: "text/plain")
        case .halfOpen: silent = number
        default: play(number, head, fault, manner, context)
        }
    }

    private func play(
        _ number: Int,
        _ head: HTTPRequestHead,
        _ fault: VendorFault?,
        _ manner: ChatServer.Manner,
        _ context: ChannelHandlerContext
    ) {
        do {
            let request = try server.dialect.read(Array(body.readableBytesView), headers: head.headers, number: number)
            server.note { $0.requests.append(request) }
            let script = ChatScript(
                manner.answer(request),
                request,
                fault,
                server.dialect,
                shareBeforeReset: manner.shareBeforeReset
            )
            let playback = ChatPlayback(
                script,
                number: number,
                manner: manner,
                server: server,
                channel: context.channel
            )
            playing = playback
            playback.start()
        } catch let refusal as ChatRefusal {
            server.note { $0.refusals.append(refusal.message) }
            refuse(refusal, number, context)
        } catch {
            context.close(promise: nil)
        }
    }

    private func refuse(
        _ refusal: ChatRefusal,
        _ number: Int,
        _ context: ChannelHandlerContext,
        _ headers: [(String, String)] = []
    ) {
        close(number, status: refusal.status)
        write(refusal.status, error(refusal), context, headers)
    }

    private func close(_ number: Int, status: Int) {
        server.note {
            $0.exchanges[number - 1].status = status
            $0.exchanges[number - 1].end = .whole
        }
    }

    private func error(_ refusal: ChatRefusal) -> String { server.dialect.error(refusal) }

    private func write(
        _ status: Int,
        _ text: String,
        _ context: ChannelHandlerContext,
        _ headers: [(String, String)] = [],
        type: String = "application/json"
    ) {
        let all = HTTPHeaders([("Content-Type", type), ("Content-Length", "\(text.utf8.count)")] + headers)
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: all)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
