import Caller
import Engine
import Foundation
import VendorServers

/// Whole calls with faults on all legs: whether each is completed with something said, and what stays behind.
struct SoakPart: Codable, Sendable {
    var calls: Int
    var atOnce: Int
    var seconds: Double
    /// Faults injected, by server.
    var faults: [String: Int]
    /// By leg, from `/metrics`.
    var errors: [String: Int]
    var failovers: [String: Int]
    /// Calls that were answered at their end, and the others by how they ended.
    var ends: [String: Int]
    /// The caller heard the agent after every utterance.
    var answeredThroughout: Int
    /// Calls in which the agent was never heard.
    var mute: Int
    /// Caller's last speech frame to the first audible frame, of every turn.
    var response: Distribution?
    var turnsOver2s: Int
    /// The same turns by what failed in them, as the engine told it; `nothing` among them.
    var responseByFailure: [String: Distribution]
    /// From a failure, or the caller's last word where that came later, to the next audible frame, where an answer was owed.
    var silence: Distribution?
    var silencesOver2s: Int
    /// Turns without any answer, by what failed in them.
    var unanswered: [String: Int]
    /// The longest silence inside an answer, of every answer.
    var hole: Distribution?
    var holesOver2s: Int
    var before: ProcessCensus
    var after: ProcessCensus
    /// `parley_calls_active` at the end, and the calls the engine counted.
    var active: Int
    var counted: Int
    /// Gauges of what is alive in the engine at the end, by name: none may be above zero.
    var alive: [String: Int]
    /// `cause` of calls that failed, and how often.
    var problems: [String: Int]

    static func measure(_ bench: Bench) async throws -> SoakPart {
        bench.reset(VendorPark.Delays(betweenTokens: 10))
        // Pools, caches, threads and the recognisers that stand in are there before anything is counted.
        _ = Schedules(bench.park, seed: 100)
        _ = try await hold(bench, calls: bench.amounts.soakAtOnce * 3)
        bench.park.heal()
        await settle(bench)
        let before = bench.census()
        let metrics = try await bench.engine.metrics()
        let schedules = Schedules(bench.park, seed: 0)
        let start = ContinuousClock.now
        let outcomes = try await hold(bench, calls: bench.amounts.soakCalls)
        let seconds = start.duration(to: .now) / .seconds(1)
        bench.reset()
        await settle(bench)
        let after = bench.census()
        let metricsAfter = try await bench.engine.metrics()
        func change(_ name: String, _ leg: String) -> Int {
            Int(metricsAfter.sum(name, "leg=\"\(leg)\"") - metrics.sum(name, "leg=\"\(leg)\""))
        }
        func byLeg(_ name: String) -> [String: Int] {
            ["stt", "llm", "tts"].reduce(into: [:]) { $0[$1] = change(name, $1) }
        }
        let responses = outcomes.flatMap(\.responses)
        let holes = outcomes.flatMap(\.holes)
        let turns = outcomes.flatMap(\.turns)
        let silences = outcomes.flatMap(\.silences)
        return SoakPart(
            calls: outcomes.count,
            atOnce: bench.amounts.soakAtOnce,
            seconds: seconds,
            faults: schedules.given,
            errors: byLeg("parley_leg_errors_total"),
            failovers: byLeg("parley_leg_failovers_total"),
            ends: outcomes.reduce(into: [:]) { $0[$1.end, default: 0] += 1 },
            answeredThroughout: outcomes.count { $0.isAnsweredThroughout },
            mute: outcomes.count { !$0.isHeard },
            response: Distribution(responses),
            turnsOver2s: responses.count { $0 > 2000 },
            responseByFailure: Dictionary(grouping: turns.filter { $0.response != nil }, by: \.failure)
                .compactMapValues { Distribution($0.compactMap(\.response)) },
            silence: Distribution(silences),
            silencesOver2s: silences.count { $0 > 2000 },
            unanswered: Dictionary(grouping: turns.filter { $0.response == nil }, by: \.failure).mapValues(\.count),
            hole: Distribution(holes),
            holesOver2s: holes.count { $0 > 2000 },
            before: before,
            after: after,
            active: Int(metricsAfter.sum("parley_calls_active")),
            counted: Int(metricsAfter.sum("parley_calls_total") - metrics.sum("parley_calls_total")),
            alive: metricsAfter.alive,
            problems: outcomes.reduce(into: [:]) { if let problem = $1.problem { $0[problem, default: 0] += 1 } }
        )
    }

    /// One in so many meets a fault, on every server; all kinds of faults in turn.
    private struct Schedules {
        private let counts: [String: @Sendable () -> Int]
        var given: [String: Int] { counts.mapValues { $0() } }

        init(_ park: VendorPark, seed: UInt64) {
            let all = VendorFault.allCases
            let ear = FaultSchedule<DeepgramFault>(
                all.map(DeepgramFault.vendor) + [.resets(after: 1), .resets(after: 2)],
                share: 0.12,
                seed: seed + 1
            )
            park.hearing.faults { _ in ear.draw() }
            var counts: [String: @Sendable () -> Int] = ["stt deepgram": { ear.counts.given }]
            for (name, server, number) in [("openai", park.openAI, UInt64(2)), ("anthropic", park.anthropic, 3)] {
                let mind = FaultSchedule(all, share: 0.12, seed: seed + number)
                server.faults { _ in mind.draw() }
                counts["llm \(name)"] = { mind.counts.given }
            }
            func voice(_ name: String, _ number: UInt64) -> @Sendable (String) -> VendorFault? {
                let voice = FaultSchedule(all, share: 0.12, seed: seed + number)
                counts["tts \(name)"] = { voice.counts.given }
                return { _ in voice.draw() }
            }
            let elevenLabs = voice("elevenlabs", 4), aura = voice("deepgram", 5), speech = voice("openai", 6)
            park.elevenLabs.settings { $0.common.faultOfPiece = elevenLabs }
            park.aura.settings { $0.common.faultOfPiece = aura }
            park.speech.settings { $0.faultOfPiece = speech }
            self.counts = counts
        }
    }

    /// What became of one call.
    private struct Outcome: Sendable {
        var end = "failed"
        var responses: [Double] = []
        var turns: [(failure: String, response: Double?)] = []
        var silences: [Double] = []
        var holes: [Double] = []
        var isAnsweredThroughout = false
        var isHeard = false
        var problem: String?
    }

    private static func hold(_ bench: Bench, calls: Int) async throws -> [Outcome] {
        let name = try bench.utterance("2-name"), yes = try bench.utterance("3-yes")
        return await withTaskGroup(of: Outcome.self) { group in
            var outcomes: [Outcome] = []
            for number in 0..<calls {
                if number >= bench.amounts.soakAtOnce, let outcome = await group.next() { outcomes.append(outcome) }
                // Not all at the same moment.
                if number < bench.amounts.soakAtOnce { try? await Task.sleep(for: .milliseconds(100)) }
                var call = bench.call(number % 2 == 0 ? Bench.Number.soakOne : Bench.Number.soakTwo, [name, yes])
                // Longer than a hole may be, so that an answer that goes on late is still the same answer.
                call.manner.waitSilence = .milliseconds(2400)
                call.manner.maxDuration = .seconds(60)
                let placed = call
                group.addTask { await outcome(of: placed, bench.events) }
            }
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }

    private static func outcome(of configuration: TwilioCallConfiguration, _ events: EventLog) async -> Outcome {
        do {
            let call = try await PlacedCall.hold(configuration)
            let turns = call.report.turns
            var outcome = Outcome(end: call.report.end.rawValue)
            outcome.responses = turns.compactMap(\.responseMs)
            outcome.isAnsweredThroughout = turns.allSatisfy { $0.responseMs != nil || $0.answeredEarly }
            let failures = events.failures(of: configuration.callSid)
            for turn in turns {
                let from = turn.startedMs, end = call.end(of: turn)
                let own = failures.filter { (from..<end).contains(call.milliseconds($0.at)) }
                let names = Set(own.map(\.what)).sorted().joined(separator: ", ")
                guard !turn.answeredEarly else { continue }
                outcome.turns.append((names.isEmpty ? "nothing" : names, turn.responseMs))
                for failure in own {
                    let owed = max(call.milliseconds(failure.at), turn.lastSpeechMs ?? turn.startedMs)
                    guard turn.answerAudibleMs.map({ $0 > owed }) ?? true else { continue }
                    outcome.silences.append(min(end, call.audible(from: owed) ?? end) - owed)
                }
            }
            outcome.isHeard = call.audible(from: 0) != nil
            outcome.holes = turns.compactMap { turn in
                turn.answerAudibleMs.map { call.longestHole(from: $0, to: call.end(of: turn)) }
            }
            return outcome
        } catch {
            return Outcome(problem: "\(type(of: error))")
        }
    }

    /// Until no call is held, and as long again as connections are kept for the next one.
    private static func settle(_ bench: Bench) async {
        for _ in 0..<60 {
            if let metrics = try? await bench.engine.metrics(), metrics.sum("parley_calls_active") == 0 { break }
            try? await Task.sleep(for: .seconds(1))
        }
        try? await Task.sleep(for: bench.amounts.settling)
    }
}

extension MetricsReading {
    /// Gauges of what lives in the engine, by their labels.
    var alive: [String: Int] {
        var alive = series("parley_actors_alive").reduce(into: [:]) { $0["\($1.label) actors"] = Int($1.value) }
        if let tasks = value("parley_leg_tasks") { alive["leg tasks"] = Int(tasks) }
        return alive
    }
}
