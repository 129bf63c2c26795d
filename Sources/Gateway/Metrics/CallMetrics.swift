import Actors
import Engine
import Synchronization

/// Counts and times calls as they happen.
package final class CallMetrics: CallObserver {
    private let stages: [TurnStages.Stage: LatencyHistogram] = Dictionary(
        uniqueKeysWithValues: TurnStages.Stage.allCases.map { ($0, LatencyHistogram()) }
    )
    let bargeInDetect = LatencyHistogram()
    /// From the caller's newest sound that held the word to the agent's stop.
    let emergencyDelay = LatencyHistogram()
    private let emergencies = Mutex<[String: Int]>([:])
    private let calls = Mutex<[Labels: Int]>([:])
    private let legErrors = Mutex<[LegLabels: Int]>([:])
    private let failovers = Mutex<[FailoverLabels: Int]>([:])
    private let tools = Mutex<[ToolLabels: Int]>([:])

    package init() {}

    struct Labels: Hashable {
        var provider: String
        var outcome: String
    }
    struct LegLabels: Hashable {
        var leg: String
        var provider: String
        var code: String
    }

    struct FailoverLabels: Hashable {
        var leg: String
        var from: String
        var to: String
    }
    struct ToolLabels: Hashable {
        var tool: String
        var outcome: String
    }

    package func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        switch happening {
        case .turn(_, let turn):
            for (stage, histogram) in stages {
                if let duration = turn[stage] { histogram.record(duration) }
            }
        case .interrupted(_, _, let detect, _):
            bargeInDetect.record(detect)
        case .legFailed(let error):
            legErrors.withLock {
                $0[LegLabels(leg: error.leg.rawValue, provider: error.provider, code: error.code), default: 0] += 1
            }
        case .legReplaced(let replacement):
            let labels = FailoverLabels(
                leg: replacement.leg.rawValue,
                from: replacement.from,
                to: replacement.to
            )
            failovers.withLock { $0[labels, default: 0] += 1 }
        case .tool(let report):
            tools.withLock {
                $0[ToolLabels(tool: report.name, outcome: report.failure?.rawValue ?? "ok"), default: 0] += 1
            }
        case .ended(let outcome):
            calls.withLock { $0[Labels(provider: call.provider, outcome: outcome.reason.label), default: 0] += 1 }
        case .emergency(_, let delay):
            emergencyDelay.record(delay)
            emergencies.withLock { $0[call.tenant, default: 0] += 1 }
        case .started:
            // The series is there before it is needed.
            emergencies.withLock { $0[call.tenant, default: 0] += 0 }
        case .callerSaid, .agentSaid, .resumed, .intent, .action, .consent, .handingOver:
            break
        }
    }

    /// A provider told of a call. One whose media the engine never carried is counted when its provider says it ended, by the
    /// phase it ended in; the others are counted by what the engine knows, when their media ends.
    package func told(_ news: CallBook.News) {
        guard case .entered(let phase) = news.change, phase.isEnded, news.entry.mediaCall == nil else { return }
        calls.withLock { $0[Labels(provider: news.event.call.provider, outcome: phase.rawValue), default: 0] += 1 }
    }

    /// Every outcome there is, of the engine's own ends and of the providers'.
    static let outcomes =
        EndReason.allCases.map(\.label)
        + CallLifecycle.Phase.allCases.filter(\.isEnded).map(\.rawValue).filter { phase in
            !EndReason.allCases.contains { $0.label == phase }
        }

    func stage(_ stage: TurnStages.Stage) -> LatencyHistogram.Snapshot? { stages[stage]?.snapshot }
    /// By tenant.
    var emergencyCounts: [String: Int] { emergencies.withLock { $0 } }
    var callCounts: [Labels: Int] { calls.withLock { $0 } }
    var failoverCounts: [FailoverLabels: Int] { failovers.withLock { $0 } }
    var toolCounts: [ToolLabels: Int] { tools.withLock { $0 } }
    var legErrorCounts: [LegLabels: Int] { legErrors.withLock { $0 } }
}

/// Times and refusals of webhooks, by provider and event.
package final class WebhookMeters: Sendable {
    struct Key: Hashable, Comparable {
        var provider: String
        var name: String

        static func < (left: Key, right: Key) -> Bool { (left.provider, left.name) < (right.provider, right.name) }
    }
    private let times = Mutex<[Key: LatencyHistogram]>([:])
    private let rejections = Mutex<[Key: Int]>([:])

    /// A provider's webhooks: their events and the reasons for refusing them, all metric labels.
    package struct Series: Sendable {
        package var provider: String
        package var events: [String]
        package var reasons: [String]

        package init(provider: String, events: [String], reasons: [String] = []) {
            self.provider = provider
            self.events = events
            self.reasons = reasons
        }

        package static let all = [
            Series(
                provider: "twilio",
                events: TwilioEndpoint.allCases.map(\.rawValue),
                reasons: ["bad_form", "not_a_form", "missing_parameter"]
            ),
            Series(provider: "ringover", events: ["event"], reasons: ["bad_json", "not_json"]),
            Series(
                provider: "ringcentral",
                events: ["event"],
                reasons: ["bad_json", "not_json", "bad_token", "empty", "encoded"]
            ),
        ]
    }

    /// - Parameter series: every event and reason there is, so that a rule finds its series before anything has happened.
    package init(series: [Series] = Series.all) {
        let common =
            UpgradeRefusal.allCases.map(\.rawValue) + EdgeRefusal.allCases.map(\.rawValue)
            + ["incomplete", "tenant_rate_limited"]
        for provider in series {
            for event in provider.events {
                times.withLock { $0[Key(provider: provider.provider, name: event)] = LatencyHistogram() }
            }
            for reason in common + provider.reasons {
                rejections.withLock { $0[Key(provider: provider.provider, name: reason)] = 0 }
            }
        }
    }

    package func record(_ provider: String, _ event: String, nanoseconds: Int64) {
        let key = Key(provider: provider, name: event)
        let histogram = times.withLock { times in
            if let known = times[key] { return known }
            let new = LatencyHistogram()
            times[key] = new
            return new
        }
        histogram.record(nanoseconds: nanoseconds)
    }

    package func reject(_ provider: String, _ reason: String) {
        rejections.withLock { $0[Key(provider: provider, name: reason), default: 0] += 1 }
    }

    var timeSnapshots: [(Key, LatencyHistogram.Snapshot)] {
        times.withLock { $0.map { ($0.key, $0.value.snapshot) } }.sorted { $0.0 < $1.0 }
    }
    var rejectionCounts: [(Key, Int)] {
        rejections.withLock { $0.map { ($0.key, $0.value) } }.sorted { $0.0 < $1.0 }
    }
}
