import AudioQuality
import Foundation

/// The figures as a table: plain for a terminal, Markdown for the documentation.
struct QualityTable {
    private static let titles = ["area", "figure", "measured", "must reach", ""]
    private let rows: [[String]]

    init(_ figures: [QualityFigure]) {
        rows = figures.map { figure in
            [
                figure.area, figure.name, Self.text(figure.value, figure.unit), Self.text(figure.target),
                Self.verdict(figure),
            ]
        }
    }

    var plain: String {
        let widths = Self.titles.indices.map { column in
            ([Self.titles] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([Self.titles] + rows).map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    var markdown: String {
        (["# Quality figures", "", "Written by `make quality REPORT=1`, measured on `Tests/Fixtures/corpus`.", ""]
            + [Self.titles, Self.titles.map { _ in "---" }].map(Self.line) + rows.map(Self.line)).joined(
                separator: "\n"
            ) + "\n"
    }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    private static func text(_ value: Double, _ unit: String) -> String {
        let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 3
        return String(format: "%.\(digits)f", value) + (unit.isEmpty ? "" : " " + unit)
    }

    private static func text(_ target: QualityFigure.Target) -> String {
        switch target {
        case .atLeast(let value): ">= \(value.formatted())"
        case .atMost(let value): "<= \(value.formatted())"
        case .none: ""
        }
    }

    private static func verdict(_ figure: QualityFigure) -> String {
        if case .none = figure.target { return "" }
        return figure.isMet ? "ok" : KnownShortfalls.contains(figure) ? "MISSED (known)" : "MISSED"
    }
}
