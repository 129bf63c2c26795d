/// The figures of a load test as a table for people.
public enum LoadTable {
    public static func lines(_ report: LoadReport) -> [String] {
        calls(report) + times(report) + costs(report)
    }

    /// What became of each limit.
    public static func lines(_ verdicts: [LoadVerdict]) -> [String] {
        func number(_ value: Double) -> String {
            value == value.rounded() ? String(whole(value)) : decimal(value, abs(value) < 1 ? 5 : 1)
        }
        return verdicts.map { verdict in
            let outcome =
                switch verdict.outcome {
                case .passed: "passed"
                case .failed: "FAILED"
                case .skipped(let reason): "skipped: \(reason)"
                }
            return "  limit: \(verdict.figure) \(verdict.value.map(number) ?? "not measured"), at most "
                + "\(number(verdict.limit)): \(outcome)"
        }
    }

    /// One line that is written over and over while the test runs.
    public static func progress(_ progress: LoadRun.Progress, of calls: Int) -> String {
        let phase = progress.isMeasuring ? "measuring" : "ramp"
        return "  \(whole(progress.seconds)) s  \(phase)  calls \(progress.calls)/\(calls)  failed \(progress.failed)"
            + "  answers \(progress.turns)  p95 \(whole(progress.answerP95Ms)) ms"
    }

    private static func calls(_ report: LoadReport) -> [String] {
        let calls = report.calls
        let legs = report.conditions.legs.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var lines = [
            "load \(report.conditions.profile): \(report.conditions.calls) calls against \(report.conditions.url), "
                + "measured for \(whole(report.conditions.measuredSeconds)) s"
                + (report.conditions.wasInterrupted ? " (interrupted)" : ""),
            "  calls held \(calls.held), failed \(calls.failed), at most \(calls.most) at once; "
                + "agent speaks \(percent(calls.agentShare)), caller \(percent(calls.callerShare))"
                + (legs.isEmpty ? "" : "; legs \(legs.joined(separator: " "))"),
        ]
        for (reason, count) in calls.failures.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("    \(count) x \(reason)")
        }
        return lines
    }

    private static func times(_ report: LoadReport) -> [String] {
        var lines = [row("milliseconds", ["p50", "p95", "p99", "max", "count"])]
        let rows: [(String, LoadFigures)] = [
            ("last word to answer", report.turns.answerMs), ("first word to clear", report.bargeIns.clearMs),
            ("playout gaps", report.playout.gapMs), ("outbound lead", report.playout.leadMs),
            ("greeting heard after", report.turns.greetingMs),
        ]
        for (name, figures) in rows {
            let times = [figures.p50, figures.p95, figures.p99, figures.max].map {
                figures.count == 0 ? "-" : String(whole($0))
            }
            lines.append(row(name, times + [String(figures.count)]))
        }
        let playout = report.playout
        lines.append(
            "  gaps of 60 ms or more: \(playout.gapsOf60) in \(playout.replies) replies "
                + "(\(decimal(playout.gapsOf60Per100Replies, 2)) per 100)"
        )
        lines.append(
            "  unanswered \(report.turns.unanswered), answered early \(report.turns.early); interruptions "
                + "\(report.bargeIns.tried), missed \(report.bargeIns.missed), unprovoked \(report.bargeIns.unprovoked)"
        )
        return lines
    }

    private static func costs(_ report: LoadReport) -> [String] {
        var lines: [String] = []
        if let server = report.server {
            lines.append(
                "  server      \(decimal(server.cpuSecondsPerCallSecond, 5)) CPU-s per call-s, "
                    + "\(server.residentBytesPerCall / 1024) KiB per call (\(mebibytes(server.residentBytesBefore)) "
                    + "-> \(mebibytes(server.residentBytesSteady)) MiB)"
            )
        }
        if let engine = report.engine {
            let ticks = [engine.tickP50Ms, engine.tickP99Ms, engine.tickMaxMs].map { $0.map { decimal($0, 2) } ?? "-" }
            lines.append(
                "  engine says \(engine.lateTicks) late ticks, tick p50/p99/max <= \(ticks.joined(separator: "/")) ms, "
                    + "\(engine.underruns) underrun ticks, \(engine.ringOverflows) ring overflows"
            )
        }
        let own = report.generator
        lines.append(
            "  generator   \(decimal(own.cpuMsPerCallSecond, 3)) CPU-ms per call-s, \(own.lateTicks) late slots "
                + "(worst \(decimal(own.worstLateMs, 1)) ms), \(own.framesHeldBack) frames held back"
        )
        if let processor = report.processor { lines += Self.lines(processor) }
        if let stolen = report.stolenShare, stolen > 0 {
            lines.append("  the host took \(decimal(stolen * 100, 2)) % of the processors' time away")
        }
        if own.lateTicks > 0 {
            lines.append("  the generator itself was late: give it a core of its own before believing these figures")
        }
        return lines
    }

    private static func lines(_ processor: LoadReport.Processor) -> [String] {
        if let fault = processor.fault { return ["  the engine's processor could not be watched: \(fault)"] }
        let otherwise = processor.answerMsOtherwise
        let pace =
            "  the engine's processor ran at \(percent(processor.meanSpeed)) of its full speed, and was slow for "
            + "\(whole(processor.slowSeconds)) s: then \(processor.lateTicksWhenSlow) late ticks and "
            + "\(processor.gapsOf60WhenSlow) gaps of 60 ms; answers otherwise p50/p95 \(whole(otherwise.p50))/"
            + "\(whole(otherwise.p95)) ms (\(otherwise.count))"
        return [pace, standstills(processor)]
    }

    private static func standstills(_ processor: LoadReport.Processor) -> String {
        guard processor.standstills > 0 else { return "  else it never stood still for 10 ms" }
        return "  else it ran nothing \(processor.standstills) times, longest "
            + "\(decimal(processor.longestMs, 1)) ms, together \(decimal(processor.totalMs, 1)) ms: up to "
            + "\(processor.lateTicksExplained) late ticks and \(processor.gapsOf60Explained) gaps of 60 ms are of these"
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        func left(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        func right(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        return "  " + left(name, 24) + cells.map { right($0, 9) }.joined()
    }

    private static func whole(_ value: Double) -> Int { Int(value.rounded()) }
    private static func percent(_ share: Double) -> String { "\(whole(100 * share)) %" }
    private static func mebibytes(_ bytes: Int) -> Int { bytes >> 20 }

    private static func decimal(_ value: Double, _ places: Int) -> String {
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let rest = String(scaled % scale)
        return (value < 0 ? "-" : "") + "\(scaled / scale)." + String(repeating: "0", count: places - rest.count) + rest
    }
}
