import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends a provider's webhooks at a fixed rate, whether the engine keeps up or not, and times the answers.
public struct WebhookLoad: Sendable {
    /// The engine, without a path.
    public var engineURL: String
    /// The address signatures cover; the engine's own when nil.
    public var publicURL: String?
    public var requestsPerSecond: Int
    public var duration: Duration
    public var authToken: String
    public var to = "+15550100"
    public var serverPid: Int?
    /// Connections kept open to the engine.
    public var connections = 32

    public init(engineURL: String, requestsPerSecond: Int, duration: Duration, authToken: String) {
        self.engineURL = engineURL
        self.requestsPerSecond = requestsPerSecond
        self.duration = duration
        self.authToken = authToken
    }

    /// - Throws: `LoadConfiguration.Fault` for what cannot work.
    public func run() async throws -> WebhookLoadReport {
        guard (1...50_000).contains(requestsPerSecond), duration >= .seconds(1), duration <= .seconds(3600) else {
            throw LoadConfiguration.Fault(description: "--webhooks wants 1 to 50000 per second, for 1 to 3600 seconds")
        }
        guard let url = URL(string: engineURL), let host = url.host, LoadConfiguration.isThisMachine(host) else {
            throw LoadConfiguration.Fault(description: "--webhooks talks to this machine only")
        }
        guard url.scheme == "http" else {
            throw LoadConfiguration.Fault(description: "--webhooks wants the engine's own address, http://host:port")
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let report = try await measure(group.next(), host: host, port: url.port ?? 80)
            try await group.shutdownGracefully()
            return report
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private func measure(_ loop: any EventLoop, host: String, port: Int) async throws -> WebhookLoadReport {
        let mix = WebhookMix(
            publicURL: publicURL ?? engineURL,
            token: authToken,
            to: to,
            run: UInt64.random(in: 0 ... .max)
        )
        let total = Int(duration.milliseconds * Double(requestsPerSecond) / 1000)
        // What fits is written and signed before the clock runs: it is the provider's work, not the engine's.
        let ready = (0..<min(total, Self.preparedRequests)).map { Self.message(mix.request($0), host: host) }
        let pump = WebhookPump(
            loop: loop,
            requests: total,
            perSecond: requestsPerSecond,
            connections: connections,
            connect: { pump in
                ClientBootstrap(group: loop)
                    .connectTimeout(.seconds(5))
                    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHTTPClientHandlers()
                            try channel.pipeline.syncOperations.addHandler(WebhookLine(pump))
                        }
                    }
                    .connect(host: host, port: port)
            },
            render: { $0 < ready.count ? ready[$0] : Self.message(mix.request($0), host: host) }
        )
        let server = serverPid.map { ServerProcess(pid: $0) }
        let before = server?.sample()
        let start = ContinuousClock.now
        let result = try await withTaskCancellationHandler {
            try await pump.run()
        } onCancel: {
            pump.cancel()
        }
        var report = WebhookLoadReport(
            url: engineURL,
            requestsPerSecond: requestsPerSecond,
            seconds: start.duration(to: .now).milliseconds / 1000
        )
        report.lateRequests = result.late
        report.answerMs = Distribution(result.answers.map(\.milliseconds))
        for answer in result.answers { report.count(answer.intent, status: answer.status, failure: answer.failure) }
        if let before, let after = server?.sample() { report.serverCPUSeconds = after.cpuSeconds - before.cpuSeconds }
        return report
    }

    /// About 1 KB each.
    private static let preparedRequests = 100_000

    private static func message(_ request: WebhookMix.Request, host: String) -> WebhookPump.Message {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: request.path)
        head.headers = [
            "Host": host, "User-Agent": "TwilioProxy/1.1",
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "Content-Length": "\(request.body.utf8.count)", TwilioSignature.header: request.signature,
        ]
        return WebhookPump.Message(intent: request.intent, head: head, body: ByteBuffer(string: request.body))
    }
}

extension WebhookLoadReport {
    mutating func count(_ intent: WebhookMix.Intent, status: Int?, failure: String?) {
        let field: WritableKeyPath<WebhookLoadReport, Answers> =
            switch intent {
            case .honest: \.honest
            case .replayed: \.replayed
            case .tampered: \.tampered
            }
        self[keyPath: field].sent += 1
        switch status {
        case .some(200..<300): self[keyPath: field].served += 1
        case 401, 403: self[keyPath: field].refused += 1
        default:
            self[keyPath: field].failed += 1
            failures[failure ?? "status \(status ?? 0)", default: 0] += 1
        }
    }
}
