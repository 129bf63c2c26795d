import Engine
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// The way to an open WebSocket: connection, TLS, HTTP/1.1 upgrade (RFC 6455 section 4.1).
struct SocketHandshake: Sendable {
    let address: SocketLocation
    let headers: [(String, String)]
    let limits: VendorLimits
    let failure: VendorFailure
    let tls: NIOSSLContext?

    /// The system's certificates, read once.
    static let trust = Result { try NIOSSLContext(configuration: .makeClientConfiguration()) }

    private enum Upgrade: Sendable {
        case open(VendorSocket)
        /// The answer comes later: it is handed on only when the decision not to upgrade is complete.
        case refused(EventLoopFuture<SocketRefusal.Answer>)
    }

    func perform(on eventLoop: any EventLoop) async throws -> VendorSocket {
        let attempt = SocketAttempt()
        let impatience = eventLoop.scheduleTask(in: TimeAmount(limits.response)) { attempt.giveUp(late: true) }
        defer { impatience.cancel() }
        return try await withTaskCancellationHandler {
            do {
                return try await upgrade(on: eventLoop, attempt: attempt)
            } catch {
                // Not every failed upgrade closes its connection.
                attempt.giveUp(late: false)
                throw attempt.isLate ? failure.timeout("no answer in time") : error
            }
        } onCancel: {
            attempt.giveUp(late: false)
        }
    }

    private func upgrade(on eventLoop: any EventLoop, attempt: SocketAttempt) async throws -> VendorSocket {
        let negotiation = try await ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(limits.connect))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    attempt.add(channel)
                    return try configure(channel)
                }
            }
        switch try await negotiation.get() {
        case .open(let socket):
            // Cancelled in the last moment: nobody will close it.
            if Task.isCancelled { socket.abort() }
            try Task.checkCancellation()
            return socket
        case .refused(let answer):
            let answer = try await answer.get()
            guard answer.head.status != .switchingProtocols else {
                throw failure.protocol("the handshake's answer is not a WebSocket's")
            }
            throw failure.refusal(
                status: Int(answer.head.status.code),
                headers: answer.head.headers,
                body: answer.body
            )
        }
    }

    private func configure(_ channel: any Channel) throws -> EventLoopFuture<Upgrade> {
        if let tls {
            let handler = try NIOSSLClientHandler(context: tls, serverHostname: address.serverName)
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        var fields = HTTPHeaders([("Host", address.authority)])
        for (name, value) in headers { fields.add(name: name, value: value) }
        // The handler answers what is wrong itself: the library's closes before it tells.
        let upgrader = NIOTypedWebSocketClientUpgrader<Upgrade>(
            maxFrameSize: limits.messageBytes,
            enableAutomaticErrorHandling: false
        ) { channel, _ in
            channel.eventLoop.makeCompletedFuture { .open(try open(channel)) }
        }
        let configuration = NIOTypedHTTPClientUpgradeConfiguration(
            upgradeRequestHead: HTTPRequestHead(version: .http1_1, method: .GET, uri: address.path, headers: fields),
            upgraders: [upgrader],
            notUpgradingCompletionHandler: { channel in
                channel.eventLoop.makeCompletedFuture {
                    let answer = channel.eventLoop.makePromise(of: SocketRefusal.Answer.self)
                    let reader = SocketRefusal(answer, within: TimeAmount(limits.refusal))
                    try channel.pipeline.syncOperations.addHandler(reader)
                    return .refused(answer.futureResult)
                }
            }
        )
        var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: configuration)
        pipeline.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: pipeline)
    }

    private func open(_ channel: any Channel) throws -> VendorSocket {
        let inbox = SocketInbox(limits: limits)
        let outbox = SocketOutbox(limits: limits)
        let whole = NIOWebSocketFrameAggregator(
            minNonFinalFragmentSize: 0,
            maxAccumulatedFrameCount: 4096,
            maxAccumulatedFrameSize: limits.messageBytes
        )
        let handler = SocketHandler(inbox: inbox, outbox: outbox, limits: limits, failure: failure)
        try channel.pipeline.syncOperations.addHandlers([whole, handler])
        return VendorSocket(channel: channel, inbox: inbox, outbox: outbox, limits: limits)
    }
}

/// The connections of one handshake, so that giving it up closes them: a name with several addresses is tried on several.
final class SocketAttempt: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var isGivenUp = false
        var isLate = false
    }

    private let state = Locked(State())

    var isLate: Bool { state.withLock { $0.isLate } }

    func add(_ channel: any Channel) {
        let isGivenUp = state.withLock { state in
            state.channels.append(channel)
            return state.isGivenUp
        }
        if isGivenUp { channel.close(promise: nil) }
    }

    func giveUp(late: Bool) {
        let channels = state.withLock { state in
            state.isGivenUp = true
            state.isLate = state.isLate || late
            defer { state.channels = [] }
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
