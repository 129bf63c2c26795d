import ArgumentParser
import AudioQuality
import Foundation

/// Measures how well the engine hears, on the labelled corpus, and prints each figure beside what it must reach.
@main struct QualityReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quality",
        abstract: "Voice activity, barge-in, echo, jitter and tone figures on the labelled corpus."
    )

    @Option(help: "Also write the figures as JSON to this file.") var json: String?
    @Option(help: "Also write the table as Markdown to this file.") var report: String?
    @Argument(help: "Only these areas, for example echo.") var areas: [String] = []

    func run() throws {
        let corpus = try Corpus()
        let figures = try QualityAreas.all.filter { areas.isEmpty || areas.contains($0.name) }
            .flatMap { try $0.measure(corpus) }
        let table = QualityTable(figures)
        print(table.plain)
        if let json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(figures).write(to: URL(fileURLWithPath: json))
        }
        if let report { try table.markdown.write(toFile: report, atomically: true, encoding: .utf8) }
        let missed = figures.filter { !$0.isMet }
        if !missed.isEmpty { print("\nMissed:") }
        for figure in missed {
            print("- \(figure.name): \(KnownShortfalls.reasons[figure.name] ?? "NOT a known shortfall")")
        }
        if !missed.allSatisfy(KnownShortfalls.contains) { throw ExitCode(1) }
    }
}
