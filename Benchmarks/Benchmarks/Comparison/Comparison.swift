import CAllocations
import Cases
import Foundation
import FramingCases

/// Runs every case beside its floor and prints one table.
///
///     Comparison --swift VERSION [--json FILE] [--report FILE] [--instructions FILE]
///     Comparison --list                            names of the cases
///     Comparison --run NAME engine|floor COUNT     one side alone, for a profiler that counts instructions
@main struct Comparison {
    static func main() async throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "--list" { return cases().forEach { print($0.name) } }
        if arguments.first == "--run", arguments.count == 4 {
            return try run(arguments[1], side: arguments[2], count: arguments[3])
        }
        var options: [String: String] = [:]
        while arguments.count >= 2 {
            options[arguments[0]] = arguments[1]
            arguments.removeFirst(2)
        }
        let unknown = options.keys.filter { !["--swift", "--json", "--report", "--instructions"].contains($0) }
        guard arguments.isEmpty, unknown.isEmpty else { fail("unknown arguments: \(unknown + arguments)") }

        var results = Results(conditions: .current(swift: options["--swift"] ?? "not told"))
        results.facts = [CallCost.media()] + (await CallCost.whole())
        let instructions = try options["--instructions"].map(InstructionCounts.init) ?? InstructionCounts()
        for item in cases() { results.rows.append(compare(item, instructions)) }
        results.rows.append(RingTransfer.measure())
        results.rows += await Dispatch.measure()
        results.rows.sort { $0.name < $1.name }
        results.facts += await Punctuality.measure()

        print(Table.markdown(results))
        if let path = options["--json"] { try results.write(to: path) }
        if let path = options["--report"] { try Report.write(results, to: path) }
        if !results.failures.isEmpty { fail(results.failures.joined(separator: "\n")) }
    }

    private static func cases() -> [Case] { CodecsCases.all() + EngineCases.all() + FramingCases.all() }

    private static func compare(_ item: Case, _ instructions: InstructionCounts) -> Row {
        if let difference = item.difference() { fail("\(item.name): the engine and its floor differ: \(difference)") }
        let time = Stopwatch.time(item)
        let repetitions = 2000
        allocations_begin()
        item.engine(repetitions)
        let allocations = allocations_end()
        return Row(
            name: item.name,
            floorWork: item.floorWork,
            engine: time.engine,
            floor: time.floor,
            ratio: time.engine.minimum / time.floor.minimum,
            allocations: Double(allocations) / Double(repetitions),
            engineInstructions: instructions.count(item.name, "engine"),
            floorInstructions: instructions.count(item.name, "floor"),
            isHot: item.isHot
        )
    }

    private static func run(_ name: String, side: String, count: String) throws {
        guard let item = cases().first(where: { $0.name == name }), let count = Int(count) else {
            fail("no case \(name), or \(count) is no number")
        }
        switch side {
        case "engine": item.engine(count)
        case "floor": item.floor(count)
        default: fail("a side is engine or floor, not \(side)")
        }
    }

    private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(1)
    }
}
