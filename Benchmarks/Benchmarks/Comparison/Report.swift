import Foundation

/// The committed page: conditions, table, and how to read it.
enum Report {
    static func write(_ results: Results, to path: String) throws {
        try page(results).write(toFile: path, atomically: true, encoding: .utf8)
    }

    private static func page(_ results: Results) -> String {
        let conditions = results.conditions
        let floors = results.rows.map { "- `\($0.name)`: \($0.floorWork)." }.joined(separator: "\n")
        return """
            # Benchmarks

            Written by `make bench REPORT=1`. Each line does the same work twice, in the engine's Swift and in the plainest C, on
            the same inputs, in the same process, in turns; the results of the two are compared before anything is timed.

            | | |
            |---|---|
            | Processor | \(conditions.processor), \(conditions.cores) cores |
            | System | \(conditions.system) |
            | Swift | \(conditions.swift), release build; C by the same clang, `-O2` |
            | Load average at the start | \(conditions.loadAverage) |
            | Date | \(conditions.date) |

            \(Table.markdown(results))

            How to read it: `ns` is the median of \(Stopwatch.rounds) rounds of thread CPU time per repetition, `min` the fastest
            round: on a shared core the median also shows what the neighbours cost, the fastest round hardly does, so `ratio`
            divides the fastest rounds. `transfer` is wall time of two threads that wait for each other, and divides the
            medians; it varies widely from run to run. Ratios and instruction counts (callgrind) travel to other machines,
            nanoseconds do not. `allocations` counts every `malloc` of the engine's side per repetition. A line of the 20 ms
            path that allocates, or a figure above its limit, fails `make bench`. `send` is the one line that may allocate: each
            message goes to its socket in a buffer of its own.

            What each floor does:

            \(floors)

            """
    }
}
