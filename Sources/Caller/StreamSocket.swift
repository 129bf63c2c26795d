import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// Opens the media socket the way a provider does: an HTTP/1.1 upgrade with what proves where it comes from.
enum StreamSocket {
    /// Where the socket goes.
    struct Address: Sendable {
        let url: String
        let host: String
        let port: Int
        let path: String
    }

    private enum Upgrade: Sendable {
        case open
        /// The status comes later: the answer is handed on only when the decision not to upgrade is complete.
        case refused(status: EventLoopFuture<Int>)
    }

    private static let timeout = TimeAmount.seconds(15)
    /// Largest message taken, whole or in fragments.
    private static let messageLimit = 1 << 20

    /// Connects and puts `session` on the socket.
    ///
    /// - Throws: `CallError.upgradeRefused` or `CallError.upgradeFailed`.
    static func open(
        _ address: Address,
        headers: [(String, String)],
        agent: String,
        isSigned: Bool,
        session: StreamSession
    ) async throws {
        let eventLoop = session.eventLoop
        let refusal: Int
        do {
            let negotiation = try await ClientBootstrap(group: eventLoop)
                .connectTimeout(.seconds(5))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: address.host, port: address.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try configure(channel, address: address, own: headers, agent: agent, session: session)
                    }
                }
            let upgrade = try await negotiation.get()
            guard case .refused(let status) = upgrade else {
                return try await eventLoop.submit { session.start() }.get()
            }
            refusal = try await status.get()
        } catch let error as CancellationError {
            throw error
        } catch is NIOConnectionError {
            throw CallError.upgradeFailed(url: address.url, reason: "nothing answers there")
        } catch {
            throw CallError.upgradeFailed(url: address.url, reason: "\(error)")
        }
        throw CallError.upgradeRefused(url: address.url, status: refusal, signed: isSigned)
    }

    private static func configure(
        _ channel: any Channel,
        address: Address,
        own: [(String, String)],
        agent: String,
        session: StreamSession
    ) throws -> EventLoopFuture<Upgrade> {
        var headers = HTTPHeaders()
        let isDefaultPort = address.port == 80
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        headers.add(name: "Host", value: isDefaultPort ? host : "\(host):\(address.port)")
        headers.add(name: "User-Agent", value: agent)
        for (name, value) in own { headers.add(name: name, value: value) }
        let upgrader = NIOTypedWebSocketClientUpgrader<Upgrade>(maxFrameSize: messageLimit) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                let whole = NIOWebSocketFrameAggregator(
                    minNonFinalFragmentSize: 0,
                    maxAccumulatedFrameCount: 1024,
                    maxAccumulatedFrameSize: messageLimit
                )
                try channel.pipeline.syncOperations.addHandlers([whole, session])
                return Upgrade.open
            }
        }
        let configuration = NIOTypedHTTPClientUpgradeConfiguration(
            upgradeRequestHead: HTTPRequestHead(version: .http1_1, method: .GET, uri: address.path, headers: headers),
            upgraders: [upgrader],
            notUpgradingCompletionHandler: { channel in
                channel.eventLoop.makeCompletedFuture {
                    let status = channel.eventLoop.makePromise(of: Int.self)
                    try channel.pipeline.syncOperations.addHandler(RefusalReader(status))
                    return .refused(status: status.futureResult)
                }
            }
        )
        var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: configuration)
        pipeline.leftOverBytesStrategy = .forwardBytes
        let negotiation = try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
            configuration: pipeline
        )
        let impatience = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
        negotiation.whenComplete { _ in impatience.cancel() }
        return negotiation
    }

    /// Reads the status of an answer that is not 101.
    private final class RefusalReader: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart
        private let status: EventLoopPromise<Int>

        init(_ status: EventLoopPromise<Int>) { self.status = status }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .head(let head) = unwrapInboundIn(data) else { return }
            status.succeed(Int(head.status.code))
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            status.fail(ChannelError.eof)
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            status.fail(error)
            context.close(promise: nil)
        }
    }
}
