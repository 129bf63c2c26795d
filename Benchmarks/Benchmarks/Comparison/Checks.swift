/// One limit of `limits.json` beside what was measured.
struct Check: Codable {
    enum Outcome: String, Codable { case passed, failed, skipped }

    var name: String
    var value: Double
    var limit: Double
    var unit: String
    var outcome: Outcome
    /// Why it was skipped.
    var reason: String?

    var sentence: String { "\(name) is \(Table.number(value)) \(unit), above \(Table.number(limit))" }
}

/// What makes a run fail. Counts are judged always, times only when other programs left the machine alone.
enum Checks {
    static func all(_ results: Results, _ limits: Limits) -> [Check] {
        counts(results, limits) + instructions(results, limits) + times(results, limits)
    }

    private static func counts(_ results: Results, _ limits: Limits) -> [Check] {
        let hot = results.rows.filter { $0.isHot && $0.allocations != nil }
        var checks = [Check]()
        // One line for all that allocate nothing; each that does is named.
        for row in hot where row.allocations ?? 0 > limits.allocationsPerFrame {
            checks.append(judge("allocations of \(row.name)", row.allocations ?? 0, limits.allocationsPerFrame, ""))
        }
        if checks.isEmpty, !hot.isEmpty {
            checks.append(judge("allocations per frame of \(hot.count) cases", 0, limits.allocationsPerFrame, ""))
        }
        for fact in results.facts where !fact.isTime {
            if let limit = fact.limit { checks.append(judge(fact.name, fact.value, limit, fact.unit)) }
        }
        return checks
    }

    private static func instructions(_ results: Results, _ limits: Limits) -> [Check] {
        results.rows.compactMap { row in
            guard let engine = row.engineInstructions, let floor = row.floorInstructions else { return nil }
            // A case nobody has set a limit for fails until somebody does.
            let limit = limits.instructionRatios[row.name] ?? 0
            return judge("instructions of \(row.name)", engine / floor, limit, "x the floor")
        }
    }

    private static func times(_ results: Results, _ limits: Limits) -> [Check] {
        let others = results.conditions.othersCores ?? 0
        let reason =
            others <= limits.othersShareWhenQuiet
            ? nil
            : "other programs kept \(Table.fixed(others, 2)) cores busy; times are judged below "
                + "\(Table.fixed(limits.othersShareWhenQuiet, 2))"
        var checks: [Check] = []
        for row in results.rows {
            guard let limit = limits.caseNanoseconds[row.name] else { continue }
            checks.append(judge("time of \(row.name)", row.engine.median, limit, "ns", unless: reason))
        }
        for fact in results.facts where fact.isTime {
            guard let limit = fact.limit else { continue }
            checks.append(judge(fact.name, fact.value, limit, fact.unit, unless: reason))
        }
        for density in results.densities {
            let name = "\(density.name):\(density.calls)"
            checks.append(judge("time of \(name)", density.ratio, limits.pipelineRatio, "x the floor", unless: reason))
            // The call between its sockets has more work of its own than the limit is for.
            guard density.name == "Engine:CallMedia:frame" else { continue }
            checks.append(
                judge("own work of \(name)", density.ownWork, limits.ownWorkNanoseconds, "ns", unless: reason)
            )
        }
        for run in results.realTimes where run.side == .engine && run.calls == limits.realTimeCalls {
            let name = "real time with \(run.calls) calls"
            // A machine that halts the floor as well says nothing about an engine that was late.
            let floorIsLate = results.realTimes.contains {
                $0.side == .floor && $0.calls == run.calls && $0.late + $0.missed > 0
            }
            let impossible =
                floorIsLate && run.late + run.missed > 0
                ? "the C floor's chain was late with \(run.calls) calls as well" : nil
            checks.append(
                judge(
                    "late and missed ticks, \(name)",
                    Double(run.late + run.missed),
                    0,
                    "",
                    unless: reason ?? impossible
                )
            )
            checks.append(
                judge("tick p99, \(name)", run.tick.p99, limits.realTimeTickMicroseconds, "us", unless: reason)
            )
            checks.append(
                judge(
                    "CPU seconds per second of call, \(name)",
                    run.processorShare,
                    limits.processorSharePerCall,
                    "",
                    unless: reason
                )
            )
        }
        return checks
    }

    private static func judge(
        _ name: String,
        _ value: Double,
        _ limit: Double,
        _ unit: String,
        unless reason: String? = nil
    ) -> Check {
        let outcome: Check.Outcome = reason != nil ? .skipped : value <= limit ? .passed : .failed
        return Check(name: name, value: value, limit: limit, unit: unit, outcome: outcome, reason: reason)
    }
}
