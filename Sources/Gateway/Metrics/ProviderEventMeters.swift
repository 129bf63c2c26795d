import Synchronization

/// What providers tell of their calls: accepted, told before, or overtaken.
package final class ProviderEventMeters: Sendable {
    enum Outcome: String, CaseIterable { case accepted, duplicate, stale }

    private struct Key: Hashable {
        var provider: String
        var kind: String
        var outcome: Outcome
    }
    private static let kinds = ["phase", "updated", "recording", "transcription", "other"]
    private let counts: Mutex<[Key: Int]>

    /// - Parameter providers: metric labels; each is there before its first event.
    package init(providers: [String] = TelephonyProviders.names) {
        var counts: [Key: Int] = [:]
        for provider in providers {
            for kind in Self.kinds {
                for outcome in Outcome.allCases { counts[Key(provider: provider, kind: kind, outcome: outcome)] = 0 }
            }
        }
        self.counts = Mutex(counts)
    }

    func count(_ event: ProviderEvent, _ outcome: Outcome) {
        let kind =
            switch event.kind {
            case .phase: "phase"
            case .updated: "updated"
            case .recording: "recording"
            case .transcription: "transcription"
            case .other: "other"
            }
        let key = Key(provider: event.call.provider, kind: kind, outcome: outcome)
        counts.withLock { $0[key, default: 0] += 1 }
    }

    package func write(to page: inout PrometheusText) {
        let all = counts.withLock { $0.map { ($0.key, $0.value) } }
        for (key, count) in all.sorted(by: {
            ($0.0.provider, $0.0.kind, $0.0.outcome.rawValue) < ($1.0.provider, $1.0.kind, $1.0.outcome.rawValue)
        }) {
            page.counter(
                "parley_provider_events_total",
                "Events that providers told of their calls.",
                count,
                labels: [("provider", key.provider), ("kind", key.kind), ("outcome", key.outcome.rawValue)]
            )
        }
    }
}

/// The providers there are: metric labels, and prefixes of calls' ids.
package enum TelephonyProviders {
    package static let names = ["twilio", "ringover", "ringcentral"]
}
