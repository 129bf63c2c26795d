import Caller
import Engine
import Foundation
import VendorServers

/// How soon the caller hears the second provider once the first one's socket was reset.
struct FailoverPart: Codable, Sendable {
    /// Resets of one leg at one moment.
    struct Case: Codable, Sendable {
        var leg: String
        var moment: String
        /// Milliseconds from the reset at the server to the next audible frame at the caller.
        var audible: Distribution?
        /// The longest silence inside the answer after the reset.
        var hole: Distribution?
        /// Resets after which nothing was heard any more.
        var silent: Int
    }

    /// An ear's reset is heard as a later answer only.
    struct Hearing: Codable, Sendable {
        /// Caller's last speech frame to the answer, of turns without a reset and with one.
        var normal: Distribution?
        var reset: Distribution?
        var unanswered: Int
        var resets: Int
    }

    var cases: [Case]
    var hearing: Hearing
    /// By leg, from `/metrics`.
    var failovers: [String: Int]

    static func measure(_ bench: Bench) async throws -> FailoverPart {
        let before = try await bench.engine.metrics()
        var cases: [Case] = []
        for isEarly in [true, false] {
            bench.reset(VendorPark.Delays(betweenTokens: 10))
            async let mind = thinking(bench, isEarly: isEarly)
            async let voice = speaking(bench, isEarly: isEarly)
            cases += try await [mind, voice]
        }
        bench.reset()
        let hearing = try await hearing(bench)
        bench.reset()
        let after = try await bench.engine.metrics()
        return FailoverPart(
            cases: cases.sorted { $0.leg < $1.leg },
            hearing: hearing,
            failovers: ["stt", "llm", "tts"].reduce(into: [:]) { counts, leg in
                let name = "parley_leg_failovers_total"
                let label = "leg=\"\(leg)\""
                counts[leg] = Int(after.sum(name, label) - before.sum(name, label))
            }
        )
    }

    /// One in three: a provider that fails more often is not asked any more.
    private static func isTurnToFail(_ number: Int) -> Bool { number % 3 == 2 }

    private static func thinking(_ bench: Bench, isEarly: Bool) async throws -> Case {
        let seen = bench.park.openAI.record.exchanges.count
        bench.park.openAI.resets(after: isEarly ? 0 : 0.5)
        bench.park.openAI.faults { isTurnToFail($0) ? .reset : nil }
        let call = try await hold(bench, Bench.Number.thinking, turns: bench.amounts.failoverTurns)
        let resets = bench.park.openAI.record.exchanges.dropFirst(seen).compactMap { exchange in
            exchange.end == .reset ? exchange.endedAt : nil
        }
        return judge(call, resets, leg: "llm", moment: isEarly ? "before the first token" : "in mid answer")
    }

    private static func speaking(_ bench: Bench, isEarly: Bool) async throws -> Case {
        let seen = bench.park.elevenLabs.log.record.resets.count
        let pieces = Locked(0)
        bench.park.elevenLabs.settings { settings in
            settings.common.speaksBeforeReset = !isEarly
            settings.common.faultOfPiece = { _ in
                let number = pieces.withLock { count in
                    count += 1
                    return count
                }
                return isTurnToFail(number) ? .reset : nil
            }
        }
        let call = try await hold(bench, Bench.Number.speaking, turns: bench.amounts.failoverTurns)
        let resets = bench.park.elevenLabs.log.record.resets.dropFirst(seen).map(\.at)
        return judge(call, resets, leg: "tts", moment: isEarly ? "before the first sound" : "125 ms into a piece")
    }

    private static func hold(_ bench: Bench, _ number: String, turns: Int) async throws -> PlacedCall {
        let words = try bench.utterance("3-yes")
        var call = bench.call(number, Array(repeating: words, count: turns))
        call.manner.maxDuration = .seconds(20 * (turns + 1))
        return try await PlacedCall.hold(call)
    }

    private static func judge(_ call: PlacedCall, _ resets: [ContinuousClock.Instant], leg: String, moment: String)
        -> Case
    {
        var audible: [Double] = [], holes: [Double] = []
        var silent = 0
        for reset in resets {
            let at = call.milliseconds(reset)
            let turn = call.report.turns.last { $0.startedMs <= at }
            let end = turn.map { call.end(of: $0) } ?? call.report.turns.first?.startedMs ?? call.report.durationMs
            if let heard = call.audible(from: at), heard < end {
                audible.append(heard - at)
                holes.append(call.longestHole(from: at, to: end))
            } else {
                silent += 1
            }
        }
        return Case(
            leg: leg,
            moment: moment,
            audible: Distribution(audible),
            hole: Distribution(holes),
            silent: silent
        )
    }

    private static func hearing(_ bench: Bench) async throws -> Hearing {
        var normal: [Double] = [], reset: [Double] = []
        var unanswered = 0, resets = 0
        let words = try bench.utterance("3-yes")
        for number in 0..<bench.amounts.hearingCalls {
            let fails = number % 2 == 1
            let first = bench.park.hearing.records.count
            // From the middle of the words to behind their end.
            let after = 0.5 + Double(number % 8) * 0.2
            bench.park.hearing.faults { fails && $0 == first ? .resets(after: after) : nil }
            let call = try await PlacedCall.hold(bench.call(Bench.Number.hearing, [words]))
            let isBroken = bench.park.hearing.records.dropFirst(first).contains { $0.brokeAt != nil }
            resets += isBroken ? 1 : 0
            guard let response = call.report.turns.first?.responseMs else {
                unanswered += 1
                continue
            }
            if isBroken { reset.append(response) } else { normal.append(response) }
        }
        return Hearing(
            normal: Distribution(normal),
            reset: Distribution(reset),
            unanswered: unanswered,
            resets: resets
        )
    }
}
