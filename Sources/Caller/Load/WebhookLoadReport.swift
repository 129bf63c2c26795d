import Foundation

/// What a run of webhooks showed.
public struct WebhookLoadReport: Codable, Sendable, Equatable {
    public struct Answers: Codable, Sendable, Equatable {
        public var sent = 0
        /// Served with a 2xx.
        public var served = 0
        /// Refused as unsigned or wrongly signed: 401 or 403.
        public var refused = 0
        /// Anything else, connection failures included.
        public var failed = 0
    }
    public var url: String
    public var requestsPerSecond: Int
    public var seconds: Double
    public var honest = Answers()
    public var replayed = Answers()
    public var tampered = Answers()
    /// From the moment a request was due to the end of its answer, in milliseconds: waiting for a free connection counts.
    public var answerMs: Distribution?
    public var serverCPUSeconds: Double?
    /// Why requests failed, counted.
    public var failures: [String: Int] = [:]
    /// Requests the generator itself sent more than 5 ms after they were due.
    public var lateRequests = 0

    /// Honest and replayed requests that were not served, as a share.
    public var errorShare: Double {
        let all = honest.sent + replayed.sent
        return all == 0 ? 0 : Double(all - honest.served - replayed.served) / Double(all)
    }
    /// Every forged request was refused, and nothing else was.
    public var isSignatureEnforced: Bool {
        tampered.served == 0 && tampered.failed == 0 && honest.refused == 0 && replayed.refused == 0
    }

    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(self)
    }

    public var lines: [String] {
        func ms(_ value: Double?) -> String { value.map { String(format: "%.1f", $0) } ?? "-" }
        let all = honest.sent + replayed.sent + tampered.sent
        var lines = [
            "webhooks: \(all) requests in \(String(format: "%.0f", seconds)) s against \(url) "
                + "(\(requestsPerSecond) per second asked)",
            "  answered within ms   p50 \(ms(answerMs?.p50))  p95 \(ms(answerMs?.p95))  p99 \(ms(answerMs?.p99))  "
                + "max \(ms(answerMs?.max))",
            "  honest   \(honest.sent) sent, \(honest.served) served, \(honest.refused) refused, \(honest.failed) failed",
            "  replayed \(replayed.sent) sent, \(replayed.served) served",
            "  forged   \(tampered.sent) sent, \(tampered.refused) refused, \(tampered.served) served",
            "  errors \(String(format: "%.3f", errorShare * 100)) %, signatures "
                + (isSignatureEnforced ? "enforced" : "NOT ENFORCED"),
        ]
        if let serverCPUSeconds, all > 0 {
            lines.append("  server \(String(format: "%.0f", serverCPUSeconds / Double(all) * 1e6)) us CPU per request")
        }
        if lateRequests > 0 { lines.append("  the generator itself sent \(lateRequests) requests late") }
        for (reason, count) in failures.sorted(by: { $0.key < $1.key }) { lines.append("    \(count) x \(reason)") }
        return lines
    }
}
