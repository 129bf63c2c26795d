import Engine
import Synchronization

/// How long vendors take to answer, and how.
package final class VendorMeters: Sendable {
    package enum Outcome: String, Sendable, CaseIterable {
        /// 2xx and 3xx.
        case ok
        case clientError = "client_error"
        case rateLimited = "rate_limited"
        case serverError = "server_error"
        case unreachable, timeout
        case tooLarge = "too_large"
        case forbidden
        case cancelled

        init(_ outcome: HTTPExchange.Outcome) {
            switch outcome {
            case .answered(let response):
                switch response.status.code {
                case 429: self = .rateLimited
                case ..<400: self = .ok
                case ..<500: self = .clientError
                default: self = .serverError
                }
            case .notReached, .lost: self = .unreachable
            case .timedOut: self = .timeout
            case .tooLarge: self = .tooLarge
            case .cancelled: self = .cancelled
            }
        }
    }

    private let times: Mutex<[String: [Outcome: LatencyHistogram]]>
    private let retries: Mutex<[String: Int]>
    /// 10 ms to 60 s: what answers of a network take.
    private static let bounds: [Int64] = [10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000]
        .map { $0 * 1_000_000 }

    /// - Parameter vendors: metric labels; each is there before its first request.
    package init(vendors: [String] = TelephonyProviders.names) {
        times = Mutex(Dictionary(uniqueKeysWithValues: vendors.map { ($0, Self.histograms) }))
        retries = Mutex(Dictionary(uniqueKeysWithValues: vendors.map { ($0, 0) }))
    }

    private static var histograms: [Outcome: LatencyHistogram] {
        Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0, LatencyHistogram(bounds: bounds)) })
    }

    func record(_ vendor: String, _ outcome: Outcome, nanoseconds: Int64) {
        let histogram = times.withLock { $0[vendor, default: Self.histograms][outcome] }
        histogram?.record(nanoseconds: nanoseconds)
    }

    func retried(_ vendor: String) { retries.withLock { $0[vendor, default: 0] += 1 } }

    package func write(to page: inout PrometheusText) {
        let all = times.withLock { $0.sorted { $0.key < $1.key } }
        for (vendor, histograms) in all {
            for outcome in Outcome.allCases {
                guard let histogram = histograms[outcome] else { continue }
                page.histogram(
                    "parley_vendor_request_seconds",
                    "Requests to vendors' APIs, each attempt.",
                    histogram.snapshot,
                    labels: [("vendor", vendor), ("outcome", outcome.rawValue)]
                )
            }
        }
        for (vendor, count) in retries.withLock({ $0.sorted { $0.key < $1.key } }) {
            page.counter(
                "parley_vendor_retries_total",
                "Requests to vendors' APIs that were made again.",
                count,
                labels: [("vendor", vendor)]
            )
        }
    }
}
