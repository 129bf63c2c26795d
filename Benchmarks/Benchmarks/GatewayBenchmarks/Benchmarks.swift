import Benchmark
import Cases
import FramingCases

/// Counts the objects each case allocates; the limits are in `Thresholds`. Times are compared by `Comparison`.
let benchmarks: @Sendable () -> Void = {
    for item in FramingCases.all() {
        Benchmark(
            item.name,
            configuration: .init(
                metrics: [.objectAllocCount],
                warmupIterations: 1,
                scalingFactor: .kilo,
                maxDuration: .milliseconds(200),
                maxIterations: 50
            )
        ) { benchmark in
            item.engine(benchmark.scaledIterations.count)
        }
    }
}
