import Foundation

/// What a load test has to reach, as JSON: `parley load --limits FILE`. A figure without a limit is not judged.
public struct LoadLimits: Codable, Sendable, Equatable {
    /// Ticks that ended more than 20 ms after they were due, without those that standstills of the engine's processor
    /// explain and those of the times it was slow. Not judged when the generator, on a processor of its own, was late too: then the machine stood still.
    public var lateTicks: Int?
    /// Upper bound of the 99th percentile of what ticks took.
    public var tickP99Ms: Double?
    /// Times somebody heard speech torn for 60 ms or more, without those in such a standstill or time.
    public var gapsOf60: Int?
    public var cpuSecondsPerCallSecond: Double?
    public var bytesPerCall: Int?
    /// 95th percentile of last word to answer, beyond that of one call alone, without the times the processor was slow.
    public var answerP95OverOneCallMs: Double?
    /// 95th percentile of first word to `clear`.
    public var clearP95Ms: Double?
    /// `clear` although the caller had said nothing.
    public var unprovoked: Int?

    public init() {}

    /// Why a limits file cannot be used.
    public struct Fault: Error, CustomStringConvertible, Sendable, Equatable {
        public let description: String
    }

    /// - Throws: `Fault`, which names the file and what is wrong in it.
    public static func read(_ path: String) throws(Fault) -> LoadLimits {
        try decode(LoadLimits.self, path, "limits")
    }

    /// The figures an earlier run wrote with `--json`.
    /// - Throws: `Fault`, which names the file and what is wrong in it.
    public static func readFigures(_ path: String) throws(Fault) -> LoadReport {
        try decode(LoadReport.self, path, "figures of a run")
    }

    private static func decode<Value: Decodable>(_: Value.Type, _ path: String, _ kind: String) throws(Fault) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw Fault(description: "\(path) does not hold \(kind): \(error.localizedDescription)")
        }
    }
}

/// One limit, and what became of it.
public struct LoadVerdict: Sendable, Equatable {
    public enum Outcome: Sendable, Equatable {
        case passed, failed
        case skipped(String)
    }

    public var figure: String
    /// nil: it was not measured, which is a failure.
    public var value: Double?
    public var limit: Double
    public var outcome: Outcome
}

extension LoadLimits {
    /// Of a run in which the engine's processor was slow, so many seconds must be left to judge it by.
    private static let enoughSeconds = 60.0

    /// - Parameter oneCall: the figures of one call alone, for the limit that compares with them.
    public func judge(_ report: LoadReport, oneCall: LoadReport? = nil) -> [LoadVerdict] {
        func p95(_ figures: LoadFigures) -> Double? { figures.count > 0 ? figures.p95 : nil }
        let alone = oneCall.flatMap { p95($0.turns.answerMs) }
        let processor = report.processor ?? LoadReport.Processor()
        let wasSlow = processor.slowSeconds > 0
        let answers = wasSlow ? processor.answerMsOtherwise : report.turns.answerMs
        func beyond(_ answers: LoadFigures) -> Double? { p95(answers).flatMap { among in alone.map { among - $0 } } }
        let beyondOne = beyond(answers)
        let late = report.engine.map {
            max(0, $0.lateTicks - processor.lateTicksWhenSlow - processor.lateTicksExplained)
        }
        let torn = report.playout.gapsOf60 - processor.gapsOf60WhenSlow - processor.gapsOf60Explained
        // What a slow processor spoils, over the whole run: good enough although it was slow, it needs no excuse.
        let whole: [String: Double?] = [
            "late ticks": report.engine.map { Double($0.lateTicks) },
            "gaps of 60 ms": Double(report.playout.gapsOf60),
            "answer p95 beyond one call's, ms": beyond(report.turns.answerMs),
        ]
        let left = report.conditions.measuredSeconds - processor.slowSeconds
        let figures: [(String, Double?, Double?)] = [
            ("calls failed", Double(report.calls.failed), 0),
            ("late ticks", late.map(Double.init), lateTicks.map(Double.init)),
            ("tick p99, ms", report.engine?.tickP99Ms, tickP99Ms),
            ("gaps of 60 ms", Double(torn), gapsOf60.map(Double.init)),
            ("CPU-s per call-s", report.server?.cpuSecondsPerCallSecond, cpuSecondsPerCallSecond),
            ("bytes per call", report.server.map { Double($0.residentBytesPerCall) }, bytesPerCall.map(Double.init)),
            ("answer p95 beyond one call's, ms", beyondOne, answerP95OverOneCallMs),
            ("clear p95, ms", p95(report.bargeIns.clearMs), clearP95Ms),
            ("unprovoked clears", Double(report.bargeIns.unprovoked), unprovoked.map(Double.init)),
        ]
        return figures.compactMap { name, value, limit in
            guard let limit else { return nil }
            var outcome: LoadVerdict.Outcome = (value ?? .infinity) <= limit ? .passed : .failed
            if name == "late ticks", outcome == .failed, value != nil, report.generator.lateTicks > 0 {
                outcome = .skipped("the generator was late as well")
            }
            if wasSlow, left < Self.enoughSeconds, let whole = whole[name] ?? nil {
                guard whole > limit else {
                    return LoadVerdict(figure: name, value: whole, limit: limit, outcome: .passed)
                }
                let slow = Int(processor.slowSeconds.rounded())
                let all = Int(report.conditions.measuredSeconds.rounded())
                outcome = .skipped("the engine's processor was slow for \(slow) of \(all) s")
            }
            return LoadVerdict(figure: name, value: value, limit: limit, outcome: outcome)
        }
    }
}
