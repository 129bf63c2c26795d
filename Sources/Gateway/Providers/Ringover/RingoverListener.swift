import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import Synchronization

/// Why the streaming port could not be opened.
struct RingoverListenerError: Error, CustomStringConvertible {
    let description: String

    init(host: String, port: Int, cause: any Error) {
        let reason =
            switch (cause as? IOError)?.errnoCode {
            case EADDRINUSE: "is taken by another program: choose another one, or 0 for none"
            case EACCES: "may not be opened by this user: choose one above 1023"
            case EADDRNOTAVAIL:
                "cannot be opened, because the address is none of this machine: see RINGOVER_STREAMING_HOST"
            default: "cannot be opened: \(cause)"
            }
        description = "RINGOVER_STREAMING_PORT: port \(port) on \(host) \(reason)"
    }
}

/// The port of Ringover's media sockets: the same connection handling as the main port, and nothing else behind it.
final class RingoverListener: Sendable {
    enum State: String, Sendable { case waiting, listening, failed, stopped }

    private let host: String
    private let port: Int
    private let edge: Edge
    private let requestTimeout: Duration
    private let group: any EventLoopGroup
    private let logger: Logger
    private let seen = Mutex<(state: State, port: Int?)>((.waiting, nil))

    init(host: String, port: Int, edge: Edge, requestTimeout: Duration, group: any EventLoopGroup, logger: Logger) {
        self.host = host
        self.port = port
        self.edge = edge
        self.requestTimeout = requestTimeout
        self.group = group
        self.logger = logger
    }

    var state: State { seen.withLock { $0.state } }
    var boundPort: Int? { seen.withLock { $0.port } }

    /// Listens until cancelled. Then it takes no more connections and returns when the last one is closed.
    /// - Throws: `RingoverListenerError` when the port cannot be had.
    func run(
        gate: SocketGate,
        upgrader: any NIOTypedHTTPServerProtocolUpgrader<GatewayChannel.Outcome> & Sendable
    ) async throws {
        let responder: HTTPChannelHandler.Responder = { request, writer, _ in
            // No socket was let in here: the gate refused it, or nobody asked for one.
            let refusal = request.headers[.upgradeRefused].flatMap(UpgradeRefusal.init)
            let response = RingoverRefusals.response(refusal)
            try await writer.write(response: response.head, body: response.body)
        }
        var serverLogger = logger
        serverLogger.logLevel = max(logger.logLevel, .notice)
        let server = Server(
            childChannelSetup: GatewayChannel(
                http: HTTP1Channel(responder: responder),
                edge: edge,
                idleTimeout: requestTimeout,
                gate: gate,
                upgrader: upgrader
            ),
            configuration: ServerConfiguration(address: .hostname(host, port: port), serverName: "parley"),
            onServerRunning: { [self] channel in
                seen.withLock { $0 = (.listening, channel.localAddress?.port) }
                logger.info("ringover streaming listens", metadata: ["port": "\(channel.localAddress?.port ?? port)"])
            },
            eventLoopGroup: group,
            logger: serverLogger
        )
        // On its own: calls that are up when this is cancelled keep their sockets until they end.
        let serving = Task.detached { try await server.run() }
        do {
            try await withTaskCancellationHandler {
                try await serving.value
            } onCancel: {
                Task.detached { try? await server.shutdownGracefully() }
            }
            seen.withLock { $0.state = .stopped }
        } catch {
            seen.withLock { $0.state = .failed }
            throw RingoverListenerError(host: host, port: port, cause: error)
        }
    }
}
