/// The results as a Markdown table, which is also what the terminal shows.
enum Table {
    static func markdown(_ results: Results) -> String {
        let hasInstructions = results.rows.contains { $0.engineInstructions != nil }
        var head = ["benchmark", "ns", "min", "floor ns", "min", "ratio", "allocations"]
        if hasInstructions { head += ["instructions", "floor", "ratio"] }
        let rows = results.rows.map { row in
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
        let facts = results.facts.map { fact in
            [fact.name, number(fact.value), fact.unit, fact.limit.map { "<= " + number($0) } ?? "", fact.note]
        }
        return lines(head, rows) + "\n\n"
            + lines(["figure", "value", "unit", "limit", "what"], facts, texts: [0, 2, 4])
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
        let scale = places == 1 ? 10 : 100
        let scaled = Int((value * Double(scale)).rounded())
        let fraction = String(abs(scaled) % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}
