import Caller
import Foundation

/// The figures for people, each beside what it must reach.
struct VendorTable {
    struct Row: Sendable {
        var name: String
        var measured: String
        /// Empty where nothing is asked.
        var wanted = ""
        /// nil where nothing is asked.
        var isMet: Bool?
    }

    struct Section: Sendable {
        var title: String
        var rows: [Row]
    }

    let sections: [Section]
    private let conditions: Conditions?

    init(_ results: VendorResults) {
        conditions = results.conditions
        sections = [
            results.turns.map(Self.turns), results.failover.map(Self.failover), results.bargeIn.map(Self.bargeIn),
            results.soak.map(Self.soak),
        ].compactMap { $0 }
    }

    var missed: [Row] { sections.flatMap(\.rows).filter { $0.isMet == false } }

    // MARK: - Rows

    private static func turns(_ part: TurnsPart) -> Section {
        var rows: [Row] = []
        let delays = part.delays
        for (name, turns) in [("begun in the pause", part.speculating), ("begun at the turn's end", part.plain)] {
            for (vendors, figures) in turns.answer.sorted(by: { $0.key < $1.key }) {
                rows.append(
                    Row(
                        name: "last word to answer, \(name) (deepgram, \(vendors)), p50 / p95 / p99",
                        measured: "\(ms(figures.p50)) / \(ms(figures.p95)) / \(ms(figures.p99)) of \(figures.count)"
                    )
                )
            }
            let engine = turns.stages["engine"]
            rows.append(
                Row(
                    name: "engine's own share, \(name), p50 / p95 / p99 / max",
                    measured: four(engine),
                    wanted: "p99 <= 40 ms (the clock's 20 and 20)",
                    isMet: engine.map { $0.p99 <= 40 } ?? false
                )
            )
            rows.append(
                Row(
                    name: "CPU-s per call-s, gaps of 60 ms, early, unanswered, failed calls, late ticks",
                    measured: "\(decimal(turns.cpuPerCallSecond, 4)), \(turns.gapsOf60) in \(turns.replies), "
                        + "\(turns.early), \(turns.unanswered), \(turns.failed), \(turns.lateTicks)"
                )
            )
            rows.append(
                Row(
                    name: "callers' program late: slots, worst",
                    measured: "\(turns.lateGenerator), \(ms(turns.worstGeneratorMs))"
                )
            )
        }
        rows.append(
            Row(
                name:
                    "all but the decision and the vendors' fixed delays, servers' lateness included (turn's end), p50 / p95 / p99 / max",
                measured: four(part.plain.beyondDelays)
            )
        )
        if let with = part.speculating.stages["total"], let without = part.plain.stages["total"] {
            rows.append(
                Row(
                    name: "whole turn as the engine tells it, p50: with speculation, without, saved",
                    measured: "\(ms(with.p50)), \(ms(without.p50)), \(ms(without.p50 - with.p50))"
                )
            )
        }
        return Section(
            title: "Turns: \(part.calls) calls, \(part.seconds) s each, vendors' delays \(delays.transcript) + "
                + "\(delays.firstToken) + \(delays.firstAudio) ms",
            rows: rows
        )
    }

    private static func failover(_ part: FailoverPart) -> Section {
        var rows = part.cases.map { one in
            Row(
                name: "\(one.leg) reset \(one.moment): to the next audible frame, p50 / p95 / p99 / max",
                measured: "\(four(one.audible)); longest silence in the answer \(ms(one.hole?.max ?? 0))"
                    + (one.silent > 0 ? "; \(one.silent) times nothing" : ""),
                wanted: "<= 700 ms",
                isMet: one.silent == 0 && one.audible.map { $0.max <= 700 } ?? false
                    && (one.hole.map { $0.max <= 700 } ?? false)
            )
        }
        let hearing = part.hearing
        let later = (hearing.reset?.p50 ?? .infinity) - (hearing.normal?.p50 ?? 0)
        rows.append(
            Row(
                name: "stt reset in mid turn: last word to answer, p50 and max; without a reset, p50",
                measured:
                    "\(ms(hearing.reset?.p50 ?? 0)), \(ms(hearing.reset?.max ?? 0)) of \(hearing.reset?.count ?? 0); "
                    + "\(ms(hearing.normal?.p50 ?? 0))"
                    + (hearing.unanswered > 0 ? "; \(hearing.unanswered) unanswered" : ""),
                wanted: "at most 700 ms later",
                isMet: hearing.unanswered == 0 && hearing.resets > 0 && later <= 700
            )
        )
        let counts = part.failovers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        rows.append(Row(name: "failovers the engine counted", measured: counts.joined(separator: ", ")))
        return Section(title: "Failover: the first provider's socket is reset", rows: rows)
    }

    private static func bargeIn(_ part: BargeInPart) -> Section {
        var rows = part.cases.map { one in
            Row(
                name: "\(one.leg) \(one.vendor): `clear` at the caller to the end of the stream, p50 / p95 / p99 / max",
                measured: "\(four(one.cancelled)) of \(one.streams) open streams"
                    + (one.missed > 0 ? ", \(one.missed) not ended" : "") + "; written later: \(one.writtenLater)",
                wanted: "<= 50 ms, nothing later",
                isMet: one.streams > 0 && one.missed == 0 && one.writtenLater == 0
                    && (one.cancelled.map { $0.max <= 50 } ?? false)
            )
        }
        rows.append(
            Row(name: "caller's first speech frame to `clear`, p50 / p95 / p99 / max", measured: four(part.clear))
        )
        return Section(title: "Interruptions: \(part.interruptions), while model and voice are streaming", rows: rows)
    }

    private static func soak(_ part: SoakPart) -> Section {
        func counts(_ table: [String: Int]) -> String {
            table.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        let (before, after) = (part.before, part.after)
        var rows = [
            Row(name: "faults injected", measured: counts(part.faults)),
            Row(
                name: "errors the engine counted; failovers",
                measured: "\(counts(part.errors)); \(counts(part.failovers))"
            ),
            Row(
                name: "calls by their end; answered after every utterance",
                measured: "\(counts(part.ends)); \(part.answeredThroughout)",
                wanted: "all of \(part.calls)",
                isMet: part.answeredThroughout == part.calls && part.mute == 0
            ),
            Row(
                name: "last word to answer, p50 / p95 / p99 / max",
                measured: "\(four(part.response)); over 2 s: \(part.turnsOver2s)"
            ),
            Row(
                name: "silence after a failure, p50 / p95 / p99 / max",
                measured: "\(four(part.silence)); over 2 s: \(part.silencesOver2s)",
                wanted: "none over 2 s",
                isMet: part.silencesOver2s == 0
            ),
            Row(
                name: "longest silence inside an answer, p50 / p95 / p99 / max",
                measured: "\(four(part.hole)); over 2 s: \(part.holesOver2s)",
                wanted: "none over 2 s",
                isMet: part.holesOver2s == 0
            ),
            Row(
                name: "descriptors, connections at its port, threads: before, after",
                measured: "\(before.descriptors), \(before.fromCallers), \(before.threads); "
                    + "\(after.descriptors), \(after.fromCallers), \(after.threads)",
                wanted: "2 sockets (the event stream, /metrics); as many descriptors as before, 2 more at most",
                isMet: after.fromCallers <= 2 && after.descriptors <= before.descriptors + 2
            ),
            Row(
                name: "connections kept to vendors, before and after",
                measured: "\(before.toVendors), \(after.toVendors)",
                wanted: "2 more at most",
                isMet: after.toVendors <= before.toVendors + 2
            ),
            Row(
                name: "calls active at the end; calls the engine counted",
                measured: "\(part.active); \(part.counted)",
                wanted: "0; \(part.calls)",
                isMet: part.active == 0 && part.counted == part.calls
            ),
            Row(
                name: "resident memory before, after",
                measured: "\(decimal(before.residentMiB, 1)), \(decimal(after.residentMiB, 1)) MiB"
            ),
        ]
        // What came together by chance in a few turns is in the JSON.
        for (failure, figures) in part.responseByFailure.sorted(by: { $0.key < $1.key }) where figures.count >= 10 {
            rows.append(Row(name: "last word to answer where failed: \(failure)", measured: four(figures)))
        }
        if !part.unanswered.isEmpty {
            rows.append(Row(name: "turns without an answer, by what failed", measured: counts(part.unanswered)))
        }
        if !part.alive.isEmpty {
            rows.append(
                Row(
                    name: "alive at the end",
                    measured: counts(part.alive),
                    wanted: "0 of each",
                    isMet: part.alive.values.allSatisfy { $0 == 0 }
                )
            )
        }
        if !part.problems.isEmpty { rows.append(Row(name: "calls that failed", measured: counts(part.problems))) }
        return Section(
            title: "\(part.calls) calls with faults on all legs, \(part.atOnce) at once, in \(Int(part.seconds)) s",
            rows: rows
        )
    }

    // MARK: - Text

    var plain: String {
        sections.map { section in
            let rows = section.rows.map { row in
                let mark = row.isMet.map { $0 ? "met   " : "MISSED" } ?? "      "
                let wanted = row.wanted.isEmpty ? "" : "   (\(row.wanted))"
                return "  \(mark) \(row.name)\n           \(row.measured)\(wanted)"
            }
            return ([section.title] + rows).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    var markdown: String {
        let machine = conditions.map {
            "\($0.date), \($0.processor), \($0.cores) cores; the engine on "
                + ($0.engineCore.map { "core \($0)" } ?? "all of them")
                + ", callers and vendors' servers on the rest."
        }
        let tables = sections.map { section in
            let rows = section.rows.map { row in
                let verdict = row.isMet.map { $0 ? "met" : "**missed**" } ?? ""
                return "| \(row.name) | \(row.measured) | \(row.wanted) | \(verdict) |"
            }
            return
                (["## \(section.title)", "", "| figure | measured | must reach | |", "| --- | --- | --- | --- |"] + rows)
                .joined(separator: "\n")
        }
        return ([Self.introduction, "Measured \(machine ?? "")"] + tables).joined(separator: "\n\n") + "\n"
    }

    private static let introduction = """
        # Against the vendors' protocols

        Written by `make vendors REPORT=1`; what the parts do is in `Benchmarks/Vendors/README.md`. The vendors are servers written from
        their protocol pages (`Tests/Support/VendorServers`) on this machine's loopback, with fixed delays; the callers send
        recordings over the provider's framing. A server gives the words by the sound's length; nothing is recognised.
        """

    private static func four(_ figures: Distribution?) -> String {
        guard let figures else { return "nothing measured" }
        return [figures.p50, figures.p95, figures.p99, figures.max].map { String(Int($0.rounded())) }
            .joined(separator: " / ") + " ms (\(figures.count))"
    }

    private static func ms(_ value: Double) -> String { value.isFinite ? "\(Int(value.rounded())) ms" : "-" }

    private static func decimal(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }
}
