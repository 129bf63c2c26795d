import CFloor
import Cases

/// Nanoseconds per repetition, over all rounds.
struct Timing: Codable {
    var median: Double
    var minimum: Double

    init(_ samples: [Double]) {
        let sorted = samples.sorted()
        median = sorted[sorted.count / 2]
        minimum = sorted[0]
    }
}

/// Times the two sides of a case in turns, so that whatever else the machine does hits both. Thread CPU time: what other
/// processes take is not counted.
enum Stopwatch {
    private static let nanosecondsPerBlock = 1_000_000

    static func time(_ item: Case, rounds: Int) -> (engine: Timing, floor: Timing) {
        let engineCount = calibrate(item.engine)
        let floorCount = calibrate(item.floor)
        var engine: [Double] = []
        var floor: [Double] = []
        for round in 0..<rounds {
            if round % 2 == 0 { engine.append(block(item.engine, engineCount)) }
            floor.append(block(item.floor, floorCount))
            if round % 2 == 1 { engine.append(block(item.engine, engineCount)) }
        }
        return (Timing(engine), Timing(floor))
    }

    /// Repetitions that take about a block's time; warms the caches and the branch predictor as well.
    private static func calibrate(_ body: (Int) -> Void) -> Int {
        var count = 16
        while block(body, count) * Double(count) < Double(nanosecondsPerBlock) { count *= 2 }
        return count
    }

    private static func block(_ body: (Int) -> Void, _ count: Int) -> Double {
        let start = floor_thread_cpu_ns()
        body(count)
        return Double(floor_thread_cpu_ns() - start) / Double(count)
    }
}
