import Engine
import Foundation
import HTTPTypes

/// Asks one vendor over kept connections: attempts bounded in time and size, repeated as `RetryPolicy` allows.
///
/// Redirects are not followed: a vendor's API that sends one is answered with it. Cancelling the task that waits ends the
/// exchange on its socket.
package struct VendorClient: VendorTransport {
    private let vendor: String
    private let connections: VendorConnections
    private let policy: RetryPolicy
    private let pause: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - vendor: a metric label.
    ///   - pause: waits between attempts.
    package init(
        vendor: String,
        connections: VendorConnections,
        policy: RetryPolicy = RetryPolicy(),
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.vendor = vendor
        self.connections = connections
        self.policy = policy
        self.pause = pause
    }

    package func send(_ request: VendorRequest) async throws(VendorError) -> VendorResponse {
        guard let url = URL(string: request.url), let host = url.host, ["http", "https"].contains(url.scheme) else {
            throw VendorError(.forbiddenAddress, "\(vendor): the base address is not http or https with a host")
        }
        let end = ContinuousClock.now.advanced(by: request.deadline)
        var random = SystemRandomNumberGenerator()
        var attempt = 1
        while true {
            let outcome = await measured(request, within: limit(of: request, attempt, until: end))
            guard let failure = Self.failure(of: outcome) else { return try Self.result(of: outcome, host) }
            let decision = policy.decide(
                after: failure,
                attempt: attempt,
                isIdempotent: request.isIdempotent,
                remaining: ContinuousClock.now.duration(to: end),
                random: &random
            )
            guard case .again(let wait) = decision else { return try Self.result(of: outcome, host) }
            connections.meters.retried(vendor)
            do { try await pause(wait) } catch { throw Self.cancelled }
            attempt += 1
        }
    }

    private func limit(of request: VendorRequest, _ attempt: Int, until end: ContinuousClock.Instant) -> Duration {
        let remaining = ContinuousClock.now.duration(to: end)
        if let own = request.attemptDeadline { return min(own, remaining) }
        return request.isIdempotent && attempt < policy.maximumAttempts ? remaining / 2 : remaining
    }

    private func measured(_ request: VendorRequest, within limit: Duration) async -> HTTPExchange.Outcome {
        let start = MonotonicTime.nanoseconds
        let outcome = await HTTPExchange.perform(request, over: connections.http, within: limit)
        connections.meters.record(
            vendor,
            VendorMeters.Outcome(outcome),
            nanoseconds: MonotonicTime.nanoseconds - start
        )
        return outcome
    }

    /// nil: nothing that another attempt could mend.
    private static func failure(of outcome: HTTPExchange.Outcome) -> RetryPolicy.Failure? {
        switch outcome {
        case .answered(let response):
            let header = response.headers[.retryAfter]
            let after = header.flatMap { RetryAfter.parse($0, now: Date()) }
            return .answered(status: response.status.code, retryAfter: after)
        case .notReached: return .notReached
        case .lost, .timedOut: return .lost
        case .tooLarge, .cancelled: return nil
        }
    }

    private static let cancelled = VendorError(.cancelled, "the request was given up")

    /// - Parameter host: for people; the rest of an address may hold secrets.
    static func result(of outcome: HTTPExchange.Outcome, _ host: String) throws(VendorError) -> VendorResponse {
        switch outcome {
        case .answered(let response): return response
        case .notReached(let why): throw VendorError(.unreachable, "\(host) could not be reached: \(why)")
        case .lost(let why): throw VendorError(.unreachable, "\(host) gave no answer: \(why)")
        case .timedOut: throw VendorError(.timeout, "\(host) did not answer in time")
        case .tooLarge: throw VendorError(.tooLarge, "\(host) sent more than was asked for")
        case .cancelled: throw cancelled
        }
    }
}
