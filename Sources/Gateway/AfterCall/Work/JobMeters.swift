import Synchronization

/// `parley_jobs{kind,state}`: how many jobs are in a state now, and for the ends how many have come to each since the start.
package final class JobMeters: Sendable {
    package enum State: String, Sendable, CaseIterable {
        // Now.
        case waiting, running
        // Since the start.
        case completed, failed
        /// Work that was told again.
        case duplicate
        /// There was nothing to do: the words were known already, or the caller did not want them kept.
        case skipped
        /// Lost: the queue was full, or the engine stopped.
        case dropped
        case retried
    }

    private let counts: Mutex<[String: [State: Int]]>

    /// - Parameter kinds: metric labels; each is there before its first job.
    package init(kinds: [String] = AfterCallJob.Kind.allCases.map(\.rawValue)) {
        counts = Mutex(Dictionary(uniqueKeysWithValues: kinds.map { ($0, [:]) }))
    }

    package func add(_ kind: AfterCallJob.Kind, _ state: State, by amount: Int = 1) {
        counts.withLock { $0[kind.rawValue, default: [:]][state, default: 0] += amount }
    }

    package func count(_ kind: AfterCallJob.Kind, _ state: State) -> Int {
        counts.withLock { $0[kind.rawValue]?[state] ?? 0 }
    }

    package func write(to page: inout PrometheusText) {
        let all = counts.withLock { $0.sorted { $0.key < $1.key } }
        for (kind, states) in all {
            for state in State.allCases {
                page.gauge(
                    "parley_jobs",
                    "Work on calls that are over: waiting and running now, the others since the start.",
                    Double(states[state] ?? 0),
                    labels: [("kind", kind), ("state", state.rawValue)]
                )
            }
        }
    }
}
