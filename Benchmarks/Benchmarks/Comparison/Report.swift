import Foundation

/// The committed page: conditions, table, and how to read it.
enum Report {
    static func write(_ results: Results, to path: String) throws {
        try page(results).write(toFile: path, atomically: true, encoding: .utf8)
    }

    private static func page(_ results: Results) -> String {
        let conditions = results.conditions
        let densities = results.densities.filter { $0.calls == 1 }.map { ($0.name, $0.floorWork) }
        let cases = results.rows.map { ($0.name, $0.floorWork) }.filter { row in
            !densities.contains { row.0.hasPrefix($0.0) }
        }
        let floors = (densities + cases).map { "- `\($0)`: \($1)." }.joined(separator: "\n")
        func mostHeld(_ side: RealTime.Side) -> String {
            let held = results.realTimes.filter { $0.side == side && $0.holds }.map(\.calls).max()
            return held.map(String.init) ?? "none"
        }
        return """
            # Benchmarks

            Written by `make bench REPORT=1`. Each line does the same work twice, in the engine's Swift and in the plainest C, with
            the same libraries, on the same inputs, in the same process, in turns; what the two produce is compared before anything
            is timed.

            | | |
            |---|---|
            | Processor | \(conditions.processor), \(conditions.cores) cores |
            | System | \(conditions.system) |
            | Swift | \(conditions.swift), release build; C by the same clang, `-O2` |
            | Libraries | \(conditions.libraries) |
            | Load average at the start | \(conditions.loadAverage) |
            | Kept busy by other programs during the run | \(Table.fixed(conditions.othersCores ?? 0, 2)) cores |
            | Date | \(conditions.date) |

            Most calls on one worker in real time without a late tick, of the numbers tried: \(mostHeld(.engine)); of the floor's: \(mostHeld(.floor)).

            \(Table.markdown(results))

            How to read it: `ns` is the median of the rounds of thread CPU time per repetition, `min` the fastest round: on a shared
            core the median also shows what the neighbours cost, the fastest round hardly does, so the `ratio` of a case divides
            the fastest rounds. Ratios and instruction counts (callgrind) travel to other machines, nanoseconds do not.

            - Whole call: so many calls served in turn on one thread, one frame each per pass; the caller and the agent talk at once,
              the agent's echo is on the line, the canceller never rests. `library` is what the very calls of the canceller and the
              noise reducer take on the same audio with as many states, and `own work` is the engine's time beyond that, with what the
              caches lose to its memory; `floor's own` is the same of the floor. The three are measured side by side in rounds of
              up to 80 ms; `ratio` and `own work` are medians over the quarter of the rounds in which the three together were fastest.
            - Real time: so many such calls attached to one worker for so many seconds, in its 20 slots; their audio is supplied and
              taken on the same thread and is in the figures. `floor` is the C chain on the same worker: what it cannot hold, the
              machine cannot. `tick` is the work of one slot, `late` what it began behind its
              deadline, `late ticks` those that ended more than 20 ms after it. `waited` is how much of the time the worker's thread
              wanted to run and the machine ran others.
            - `allocations` counts every `malloc` of the engine's side per repetition.
            - `transfer` is wall time of two threads that wait for each other, and divides the medians; it varies from run to run.

            The last table is what `make bench` fails on (`Benchmarks/limits.json`). Times are judged only when other programs leave
            the machine alone.

            What each floor does:

            \(floors)

            """
    }
}
