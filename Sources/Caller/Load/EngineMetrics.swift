import AsyncHTTPClient
import NIOCore

/// One reading of an engine's `/metrics` (Prometheus text format 0.0.4).
package struct EngineMetrics: Sendable {
    private(set) var values: [String: Double] = [:]

    package init(parsing text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                continue
            }
            values[String(line[..<space])] = value
        }
    }

    /// - Parameter only: the one metric to ask for; nil asks for all.
    /// - Returns: nil when the engine has no such page, or guards it.
    static func fetch(
        _ configuration: LoadConfiguration,
        _ client: HTTPClient,
        only: String? = nil
    ) async -> EngineMetrics? {
        let query = only.map { "?name[]=\($0)" } ?? ""
        var request = HTTPClientRequest(url: configuration.engineURL + "/metrics" + query)
        if let token = configuration.metricsToken {
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        guard let response = try? await client.execute(request, timeout: .seconds(5)), response.status == .ok,
            let body = try? await response.body.collect(upTo: 4 << 20)
        else { return nil }
        return EngineMetrics(parsing: String(buffer: body))
    }

    func sum(_ name: String) -> Double {
        values.reduce(0) { $0 + ($1.key == name || $1.key.hasPrefix(name + "{") ? $1.value : 0) }
    }

    /// A histogram's buckets by upper bound, in seconds; `+Inf` is infinite.
    func buckets(_ name: String) -> [Double: Double] {
        let prefix = name + "_bucket{le=\""
        return values.reduce(into: [:]) { buckets, pair in
            guard pair.key.hasPrefix(prefix), let bound = Double(pair.key.dropFirst(prefix.count).prefix { $0 != "\"" })
            else { return }
            buckets[bound] = pair.value
        }
    }

    /// Provider of each leg.
    package var legs: [String: String] {
        values.keys.reduce(into: [:]) { legs, key in
            guard key.hasPrefix("parley_leg_info{") else { return }
            let parts = key.split(separator: "\"")
            if parts.count >= 4 { legs[String(parts[1])] = String(parts[3]) }
        }
    }

    /// - Returns: the upper bound of the bucket that holds this share of what was counted between two readings, in seconds;
    ///   nil when nothing was.
    package static func percentile(_ share: Double, of name: String, from start: EngineMetrics, to end: EngineMetrics)
        -> Double?
    {
        let before = start.buckets(name)
        let counts = end.buckets(name).map { (bound: $0.key, count: $0.value - (before[$0.key] ?? 0)) }
            .sorted { $0.bound < $1.bound }
        guard let total = counts.last?.count, total > 0 else { return nil }
        let rank = (share * total).rounded(.up)
        return counts.first { $0.count >= rank }?.bound
    }
}
