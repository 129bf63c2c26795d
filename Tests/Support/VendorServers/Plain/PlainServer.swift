import Engine
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP/1.1 and WebSocket server on a loopback port whose every byte is written by the test that starts it: it can answer
/// well, badly, slowly or not at all.
public final class PlainServer: Sendable {
    /// Called on the connection's event loop for each whole request.
    public typealias Handler = @Sendable (PlainRequest, PlainConnection) -> Void

    private let connections = PlainConnections()
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let listener: Locked<(any Channel)?>
    /// Also after `stop`: nothing listens there then.
    public let port: Int

    /// Listens on a free port of 127.0.0.1 until `stop`.
    ///
    /// - Parameter prepare: puts what comes before HTTP into a new connection: TLS.
    public init(
        prepare: @escaping @Sendable (any Channel) throws -> Void = { _ in },
        _ handler: @escaping Handler
    ) async throws {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [connections] channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.add(channel)
                    try prepare(channel)
                    let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
                    try channel.pipeline.syncOperations.addHandlers([decoder, PlainRequestReader(channel, handler)])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        listener = Locked(channel)
    }

    public var http: String { "http://127.0.0.1:\(port)" }
    public var webSocket: String { "ws://127.0.0.1:\(port)" }

    /// Connections there are now.
    public var openConnections: Int { connections.state.withLock { $0.open.count } }
    /// Connections there ever were.
    public var acceptedConnections: Int { connections.state.withLock { $0.accepted } }

    /// Returns once no connection is open.
    public func idle() async { await connections.idle() }

    /// Closes everything. May be called again.
    public func stop() async {
        let listening = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        guard let listening else { return }
        try? await listening.close()
        for channel in connections.state.withLock({ Array($0.open.values) }) { try? await channel.close() }
        try? await group.shutdownGracefully()
    }
}

/// A server's connections, counted.
final class PlainConnections: Sendable {
    struct State {
        var open: [ObjectIdentifier: any Channel] = [:]
        var accepted = 0
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    let state = Locked(State())

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLock { state in
            state.accepted += 1
            state.open[id] = channel
        }
        channel.closeFuture.whenComplete { [self] _ in
            let idle = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.open[id] = nil
                guard state.open.isEmpty else { return [] }
                defer { state.idle = [] }
                return state.idle
            }
            for continuation in idle { continuation.resume() }
        }
    }

    func idle() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if !state.open.isEmpty { state.idle.append(continuation) }
                return state.open.isEmpty
            }
            if isIdle { continuation.resume() }
        }
    }
}

/// One whole request.
public struct PlainRequest: Sendable {
    public let method: String
    /// With its query, as sent.
    public let target: String
    public let headers: HTTPHeaders
    public let body: ByteBuffer
    let head: HTTPRequestHead

    /// Without its query.
    public var path: String { target.firstIndex(of: "?").map { String(target[..<$0]) } ?? target }

    /// The query's items, percent-decoded, in order; a name may come several times.
    public var query: [(name: String, value: String)] {
        guard let mark = target.firstIndex(of: "?") else { return [] }
        return target[target.index(after: mark)...].split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
        }
    }

    private func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Collects requests and hands them over.
final class PlainRequestReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let connection: PlainConnection
    private let handler: PlainServer.Handler
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(_ channel: any Channel, _ handler: @escaping PlainServer.Handler) {
        connection = PlainConnection(channel)
        self.handler = handler
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let part): body.writeImmutableBuffer(part)
        case .end:
            guard let head else { return }
            let request = PlainRequest(
                method: head.method.rawValue,
                target: head.uri,
                headers: head.headers,
                body: body,
                head: head
            )
            self.head = nil
            body = ByteBuffer()
            handler(request, connection)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
