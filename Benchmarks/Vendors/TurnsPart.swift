import Caller
import Foundation
import VendorServers

/// How long turns take, and how much of them is the engine's own.
struct TurnsPart: Codable, Sendable {
    /// Turns of one setting.
    struct Turns: Codable, Sendable {
        /// Caller's last speech frame sent to the first audible frame received, by the caller's clock; one for each
        /// combination of vendors.
        var answer: [String: LoadFigures]
        /// Milliseconds of each stage, as the engine tells them turn by turn.
        var stages: [String: Distribution]
        /// What is left of the whole turn without the decision and the vendors' fixed delays: the clock's 20 ms, the engine's
        /// clients, and the servers' own lateness. Only without speculation, where nothing overlaps.
        var beyondDelays: Distribution?
        /// Of turns: `stage="engine"` is 40 ms or less, which is the clock's 20 and 20 of its own.
        var withinShare: Double
        var early: Int
        var unanswered: Int
        var gapsOf60: Int
        var replies: Int
        var lateGenerator: Int
        var worstGeneratorMs: Double
        /// Slots of the engine's media clock that began late; on an idle machine none.
        var lateTicks: Int
        var cpuPerCallSecond: Double
        var failed: Int
    }

    var calls: Int
    var seconds: Int
    var delays: VendorPark.Delays
    var speculating: Turns
    var plain: Turns

    static func measure(_ bench: Bench) async throws -> TurnsPart {
        let delays = VendorPark.Delays()
        bench.reset(delays)
        let speculating = try await turns(
            bench,
            [Bench.Number.turnsOne, Bench.Number.turnsTwo],
            delays,
            overlaps: true
        )
        bench.reset(delays)
        let plain = try await turns(bench, [Bench.Number.plainOne, Bench.Number.plainTwo], delays, overlaps: false)
        return TurnsPart(
            calls: bench.amounts.calls,
            seconds: bench.amounts.turnSeconds,
            delays: delays,
            speculating: speculating,
            plain: plain
        )
    }

    private static func turns(
        _ bench: Bench,
        _ numbers: [String],
        _ delays: VendorPark.Delays,
        overlaps: Bool
    ) async throws -> Turns {
        var profile = LoadProfile(
            name: "vendors",
            utterances: ["2-name", "3-yes"].map { "\(bench.samples)/\($0).wav" }
        )
        profile.pause = .seconds(1)...(.seconds(2))
        let metrics = try await bench.engine.metrics()
        let ramp = Duration.seconds(min(8, bench.amounts.turnSeconds / 3))
        var loads: [LoadConfiguration] = []
        for (index, number) in numbers.enumerated() {
            var load = LoadConfiguration(
                calls: bench.amounts.calls / numbers.count,
                duration: .seconds(bench.amounts.turnSeconds),
                engineURL: bench.engine.url,
                profile: profile
            )
            load.to = number
            load.ramp = ramp
            load.seed = UInt64(index + 1)
            load.serverPid = bench.engine.pid
            loads.append(load)
        }
        let reports = try await withThrowingTaskGroup(of: (Int, LoadReport).self) { group in
            for (index, load) in loads.enumerated() { group.addTask { (index, try await LoadRun(load).run()) } }
            // The ramp's turns are dropped: arrivals are another question.
            try await Task.sleep(for: ramp)
            _ = bench.events.take()
            var reports: [Int: LoadReport] = [:]
            for try await (index, report) in group { reports[index] = report }
            return loads.indices.compactMap { reports[$0] }
        }
        let after = try await bench.engine.metrics()
        let stages = bench.events.take().compactMap(\.stages)
        return Turns(reports, stages, metrics, after, overlaps ? nil : delays)
    }
}

extension TurnsPart.Turns {
    private static let bound = 40.0

    fileprivate init(
        _ reports: [LoadReport],
        _ turns: [[String: Double]],
        _ before: MetricsReading,
        _ after: MetricsReading,
        _ serial: VendorPark.Delays?
    ) {
        let names = ["endpoint", "stt_final", "llm_first_token", "tts_first_audio", "first_frame", "total", "engine"]
        answer = Dictionary(
            uniqueKeysWithValues: zip(["openai, elevenlabs", "anthropic, deepgram"], reports.map(\.turns.answerMs))
        )
        stages = names.reduce(into: [:]) { stages, name in stages[name] = Distribution(turns.compactMap { $0[name] }) }
        beyondDelays = serial.flatMap { delays in
            let fixed = Double(delays.transcript + delays.firstToken + delays.firstAudio)
            return Distribution(
                turns.compactMap { turn in
                    guard let total = turn["total"], let endpoint = turn["endpoint"] else { return nil }
                    return total - endpoint - fixed
                }
            )
        }
        let own = turns.compactMap { $0["engine"] }
        withinShare = Double(own.count { $0 <= Self.bound }) / Double(max(1, own.count))
        early = reports.reduce(0) { $0 + $1.turns.early }
        unanswered = reports.reduce(0) { $0 + $1.turns.unanswered }
        gapsOf60 = reports.reduce(0) { $0 + $1.playout.gapsOf60 }
        replies = reports.reduce(0) { $0 + $1.playout.replies }
        lateGenerator = reports.reduce(0) { $0 + $1.generator.lateTicks }
        worstGeneratorMs = reports.map(\.generator.worstLateMs).max() ?? 0
        lateTicks = Int(after.sum("parley_tick_late_total") - before.sum("parley_tick_late_total"))
        // Each report divides the same process's time by its own calls.
        let perSecond = reports.compactMap { $0.server?.cpuSeconds }.max() ?? 0
        cpuPerCallSecond = perSecond / max(1, reports.reduce(0) { $0 + $1.calls.callSeconds })
        failed = reports.reduce(0) { $0 + $1.calls.failed }
    }
}
