import AsyncHTTPClient
import Foundation
import NIOCore
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
        guard let host = URL(string: engineURL)?.host, LoadConfiguration.isThisMachine(host) else {
            throw LoadConfiguration.Fault(description: "--webhooks talks to this machine only")
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        let client = HTTPClient(eventLoopGroup: group, configuration: configuration)
        let report = await measure(client)
        try await client.shutdown()
        try await group.shutdownGracefully()
        return report
    }

    private struct Answer: Sendable {
        var intent: WebhookMix.Intent
        /// nil: no answer.
        var status: Int?
        var failure: String?
        var milliseconds: Double
    }

    private func measure(_ client: HTTPClient) async -> WebhookLoadReport {
        let mix = WebhookMix(
            publicURL: publicURL ?? engineURL,
            token: authToken,
            to: to,
            run: UInt64.random(in: 0 ... .max)
        )
        let server = serverPid.map { ServerProcess(pid: $0) }
        let before = server?.sample()
        let total = Int(duration.milliseconds * Double(requestsPerSecond) / 1000)
        let start = ContinuousClock.now
        var late = 0
        let answers = await withTaskGroup(of: Answer.self) { tasks in
            for number in 0..<total {
                let due = start + .nanoseconds(Int64(number) * 1_000_000_000 / Int64(requestsPerSecond))
                let now = ContinuousClock.now
                if now < due { try? await Task.sleep(until: due, clock: .continuous) }
                if due.duration(to: .now) > .milliseconds(5) { late += 1 }
                if Task.isCancelled { break }
                let request = mix.request(number)
                tasks.addTask { await send(request, due: due, client) }
            }
            var answers: [Answer] = []
            for await answer in tasks { answers.append(answer) }
            return answers
        }
        var report = WebhookLoadReport(
            url: engineURL,
            requestsPerSecond: requestsPerSecond,
            seconds: start.duration(to: .now).milliseconds / 1000
        )
        report.lateRequests = late
        report.answerMs = Distribution(answers.map(\.milliseconds))
        for answer in answers { report.count(answer.intent, status: answer.status, failure: answer.failure) }
        if let before, let after = server?.sample() { report.serverCPUSeconds = after.cpuSeconds - before.cpuSeconds }
        return report
    }

    private func send(_ request: WebhookMix.Request, due: ContinuousClock.Instant, _ client: HTTPClient) async -> Answer
    {
        var message = HTTPClientRequest(url: engineURL + request.path)
        message.method = .POST
        message.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=UTF-8")
        message.headers.add(name: TwilioSignature.header, value: request.signature)
        message.body = .bytes(ByteBuffer(string: request.body))
        var answer = Answer(intent: request.intent, milliseconds: 0)
        do {
            let response = try await client.execute(message, timeout: .seconds(15))
            _ = try await response.body.collect(upTo: 1 << 16)
            answer.status = Int(response.status.code)
        } catch {
            answer.failure = "\(type(of: error))"
        }
        answer.milliseconds = due.duration(to: .now).milliseconds
        return answer
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
