import CAllocations
import CFloor
import Cases
import Foundation
import FramingCases
import WebhookCases

/// Runs every case beside its floor and prints one table.
///
///     Comparison --limits FILE --swift VERSION [--json FILE] [--report FILE] [--instructions FILE] [--effort quick]
///         [--only micro|density|realtime] [--seconds N] [--calls N,N,...]
///     Comparison --list                                     names of the cases and how often to repeat each for counting
///     Comparison --run NAME engine|floor COUNT              one side alone, for a profiler that counts instructions
@main struct Comparison {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "--list" { return cases().forEach { print($0.name, $0.loop) } }
        if arguments.first == "--run", arguments.count == 4 {
            return try run(arguments[1], side: arguments[2], count: arguments[3])
        }
        let options = Options(arguments)
        let limits = try Limits.read(options.limits)
        var results = Results(conditions: .current(swift: options.swift))
        let start = Machine.now()
        checkCounter()

        // First: what lives in memory now is not in the way of the calls that are counted.
        if options.measures(.density) { results.facts.append(CallCost.media(limits: limits)) }
        if options.measures(.micro) {
            if options.effort.isWhole { results.facts += await CallCost.whole(limits: limits) }
            results.facts.append(ReplaySpeed.measure(limits: limits))
            let instructions = try options.instructions.map(InstructionCounts.init) ?? InstructionCounts()
            for item in cases() { results.rows.append(compare(item, instructions, options.effort)) }
            if options.effort.isWhole {
                results.rows.append(RingTransfer.measure())
                results.rows += await Dispatch.measure()
                results.facts += await Punctuality.measure()
            }
            results.rows.sort { $0.name < $1.name }
        }
        if options.measures(.density) { results.densities = Density.all(effort: options.effort) }
        if options.measures(.realtime) {
            results.realTimes = await RealTime.all(effort: options.effort, limits: limits)
        }

        results.conditions.othersCores = Machine.now().others(since: start)
        results.checks = Checks.all(results, limits)
        print(Table.markdown(results))
        if let path = options.json { try results.write(to: path) }
        if let path = options.report { try Report.write(results, to: path) }
        let failures = results.checks.filter { $0.outcome == .failed }
        if !failures.isEmpty { fail(failures.map(\.sentence).joined(separator: "\n")) }
    }

    private static func cases() -> [Case] {
        CodecsCases.all() + EngineCases.all() + FramingCases.all() + WebhookCases.all()
    }

    /// A counter that reads 0 for code that allocates would pass everything.
    private static func checkCounter() {
        allocations_begin()
        let pointer = UnsafeMutablePointer<Int64>.allocate(capacity: 7)
        floor_keep(pointer)
        let counted = allocations_end()
        pointer.deallocate()
        if counted != 1 { fail("the counter of allocations saw \(counted) instead of 1") }
    }

    private static func compare(_ item: Case, _ instructions: InstructionCounts, _ effort: Effort) -> Row {
        if let difference = item.difference() { fail("\(item.name): the engine and its floor differ: \(difference)") }
        let time = Stopwatch.time(item, rounds: effort.rounds)
        let repetitions = 2048
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
        guard let item = crowd(name) ?? cases().first(where: { $0.name == name }), let count = Int(count) else {
            fail("no case \(name), or \(count) is no number")
        }
        switch side {
        case "engine": item.engine(count)
        case "floor": item.floor(count)
        default: fail("a side is engine or floor, not \(side)")
        }
    }

    /// Whole calls of a number that is no case of its own, such as `Engine:CallMedia:frame:64`.
    private static func crowd(_ name: String) -> Case? {
        guard let calls = name.split(separator: ":").last.flatMap({ Int($0) }), calls > 1, calls <= 4096 else {
            return nil
        }
        if name.hasPrefix("Engine:CallMedia:frame:") { return ChainCases.crowd(calls).asCase }
        if name.hasPrefix("Gateway:Call:frame:") { return DuplexCases.crowd(calls).asCase }
        return nil
    }

    static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(1)
    }
}
