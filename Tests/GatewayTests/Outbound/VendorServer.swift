import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A vendor on loopback that answers as a test says, byte by byte.
final class VendorServer: Sendable {
    enum Answer: Sendable {
        case text(String)
        case textThenClose(String)
        /// The connection is reset (RST) after the text.
        case textThenReset(String)
        /// The text, then one byte after another, without end.
        case drip(String)
        /// The text, then as much as the client takes, without end.
        case endless(String)
        case silence
    }

    private struct State {
        var answers: ArraySlice<Answer>
        var requests: [String] = []
        var connections = 0
    }

    private let state: Mutex<State>
    /// A request has come; a connection is closed.
    let arrivals: AsyncStream<Void>
    let closures: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation
    private let closed: AsyncStream<Void>.Continuation

    private init(_ answers: [Answer]) {
        state = Mutex(State(answers: answers[...]))
        (arrivals, arrived) = AsyncStream.makeStream()
        (closures, closed) = AsyncStream.makeStream()
    }

    var requests: [String] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections } }

    /// Serves until `body` returns. The last answer is given to every request that follows.
    static func run(_ answers: [Answer], body: (VendorServer, Int) async throws -> Void) async throws {
        let server = VendorServer(answers)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(server: server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        defer { channel.close(promise: nil) }
        try await body(server, channel.localAddress?.port ?? 0)
    }

    /// A port nobody listens on.
    static func closedPort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }

    static func response(_ status: String, _ headers: [String] = [], body: String = "") -> String {
        (["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers).joined(separator: "\r\n")
            + "\r\n\r\n" + body
    }

    private func take(_ request: String) -> Answer {
        defer { arrived.yield() }
        return state.withLock { state in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first ?? .silence
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let server: VendorServer
        private var received = ""

        init(server: VendorServer) { self.server = server }

        func channelActive(context: ChannelHandlerContext) { server.state.withLock { $0.connections += 1 } }
        func channelInactive(context: ChannelHandlerContext) { server.closed.yield() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(decoding: unwrapInboundIn(data).readableBytesView, as: UTF8.self)
            // A TLS handshake is told as it is: there is no request to wait for.
            let isTLS = received.unicodeScalars.first?.value == 22
            guard isTLS || isWhole else { return }
            let request = received
            received = ""
            answer(server.take(request), context)
        }

        private var isWhole: Bool {
            guard let end = received.range(of: "\r\n\r\n") else { return false }
            let head = received[..<end.lowerBound].lowercased()
            let length = head.range(of: "content-length: ").flatMap { found in
                Int(head[found.upperBound...].prefix { $0.isNumber })
            }
            return received[end.upperBound...].utf8.count >= length ?? 0
        }

        private func answer(_ answer: Answer, _ context: ChannelHandlerContext) {
            let channel = context.channel
            switch answer {
            case .text(let text): Self.write(text, channel)
            case .textThenClose(let text): Self.write(text, channel).whenComplete { _ in channel.close(promise: nil) }
            case .textThenReset(let text):
                Self.write(text, channel).whenComplete { _ in
                    guard let options = channel as? any SocketOptionProvider else { return }
                    options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
                        channel.close(promise: nil)
                    }
                }
            case .drip(let text):
                Self.write(text, channel)
                let drip = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(2)) { _ in
                    Self.write("x", channel)
                }
                channel.closeFuture.whenComplete { _ in drip.cancel() }
            case .endless(let text):
                Self.write(text, channel)
                Self.pour(channel)
            case .silence: break
            }
        }

        private static func pour(_ channel: any Channel) {
            write(String(repeating: "x", count: 65_536), channel).whenSuccess { pour(channel) }
        }

        @discardableResult private static func write(_ text: String, _ channel: any Channel) -> EventLoopFuture<Void> {
            channel.writeAndFlush(ByteBuffer(string: text))
        }
    }
}
