/// The results as a Markdown table, which is also what the terminal shows.
enum Table {
    /// Every part that was measured.
    static func markdown(_ results: Results) -> String {
        [
            results.densities.isEmpty ? nil : densities(results.densities),
            results.realTimes.isEmpty ? nil : realTimes(results.realTimes),
            results.rows.isEmpty ? nil : cases(results.rows),
            results.facts.isEmpty ? nil : facts(results.facts),
            results.checks.isEmpty ? nil : checks(results.checks),
        ].compactMap(\.self).joined(separator: "\n\n")
    }

    /// Whole calls, served in turn.
    private static func densities(_ densities: [Density]) -> String {
        let head = [
            "whole call, ns per frame", "calls", "ns", "min", "floor ns", "min", "library ns", "min", "ratio",
            "own work", "floor's own", "own / library",
        ]
        return lines(
            head,
            densities.map {
                [
                    $0.name, number(Double($0.calls)), number($0.engine.median), number($0.engine.minimum),
                    number($0.floor.median), number($0.floor.minimum), number($0.library.median),
                    number($0.library.minimum), fixed($0.ratio, 2), number($0.ownWork.rounded()),
                    number($0.floorOwnWork.rounded()),
                    fixed($0.ownShare, 3),
                ]
            }
        )
    }

    private static func realTimes(_ runs: [RealTime]) -> String {
        let head = [
            "real time, one worker", "seconds", "tick us p50", "p99", "max", "late us p50", "p99", "max", "late ticks",
            "missed", "CPU s per call s", "waited", "holds",
        ]
        return lines(
            head,
            runs.map { run in
                func cells(_ spread: RealTime.Spread) -> [String] {
                    [spread.p50, spread.p99, spread.most].map(number)
                }
                return ["\(run.calls) calls, \(run.side)", number(Double(run.seconds))] + cells(run.tick)
                    + cells(run.lateness) + [
                        number(Double(run.late)), number(Double(run.missed)), places(run.processorShare, 5),
                        places(run.waitingShare, 3),
                        run.holds ? "yes" : "no",
                    ]
            }
        )
    }

    private static func cases(_ rows: [Row]) -> String {
        let hasInstructions = rows.contains { $0.engineInstructions != nil }
        var head = ["benchmark", "ns", "min", "floor ns", "min", "ratio", "allocations"]
        if hasInstructions { head += ["instructions", "floor", "ratio"] }
        let rows = rows.map { row in
            var cells = [
                row.name, number(row.engine.median), number(row.engine.minimum), number(row.floor.median),
                number(row.floor.minimum), fixed(row.ratio, 2), row.allocations.map { number($0) } ?? "",
            ]
            if hasInstructions {
                let (engine, floor) = (row.engineInstructions, row.floorInstructions)
                cells += [engine.map { number($0) } ?? "", floor.map { number($0) } ?? ""]
                cells.append(engine.flatMap { engine in floor.map { fixed(engine / $0, 2) } } ?? "")
            }
            return cells
        }
        return lines(head, rows)
    }

    private static func facts(_ facts: [Fact]) -> String {
        let rows = facts.map { fact in
            [fact.name, number(fact.value), fact.unit, fact.limit.map { "<= " + number($0) } ?? "", fact.note]
        }
        return lines(["figure", "value", "unit", "limit", "what"], rows, texts: [0, 2, 4])
    }

    private static func checks(_ checks: [Check]) -> String {
        let rows = checks.map { check in
            [
                check.name, places(check.value, 4), "<= " + places(check.limit, 4), check.unit, check.outcome.rawValue,
            ]
        }
        let reasons = Set(checks.compactMap(\.reason)).sorted().map { "\n\nSkipped: \($0)." }
        return lines(["limit", "value", "limit", "unit", "outcome"], rows, texts: [0, 3, 4]) + reasons.joined()
    }

    /// - Parameter texts: columns of text, which stand to the left.
    private static func lines(_ head: [String], _ rows: [[String]], texts: Set<Int> = [0]) -> String {
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = cells.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - cells[column].count)
                return texts.contains(column) ? cells[column] + space : space + cells[column]
            }
            return "| " + padded.joined(separator: " | ") + " |"
        }
        let dashes = widths.indices.map { column in
            String(repeating: "-", count: widths[column] + 1) + (texts.contains(column) ? "-" : ":")
        }
        let rule = "|" + dashes.joined(separator: "|") + "|"
        return ([line(head), rule] + rows.map(line)).joined(separator: "\n")
    }

    /// Three digits or all before the point.
    static func number(_ value: Double) -> String {
        value == value.rounded() || value >= 100 ? grouped(Int(value.rounded())) : fixed(value, value >= 10 ? 1 : 2)
    }

    private static func grouped(_ value: Int) -> String {
        var digits = String(abs(value))
        var parts: [String] = []
        while digits.count > 3 {
            parts.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (value < 0 ? "-" : "") + ([digits] + parts).joined(separator: " ")
    }

    static func fixed(_ value: Double, _ places: Int) -> String {
        let scale = [1, 10, 100, 1_000, 10_000, 100_000][places]
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
    }

    /// Small values with so many places, large and whole ones without.
    private static func places(_ value: Double, _ places: Int) -> String {
        abs(value) < 10 && value != value.rounded() ? fixed(value, places) : number(value)
    }
}
