import Foundation

/// `Benchmarks/limits.json`: everything that makes `make bench` fail.
struct Limits: Codable {
    /// Heap allocations per frame or message of the 20 ms path.
    var allocationsPerFrame: Double
    /// What a call's media may hold besides the libraries' states.
    var bytesPerCallBeyondLibraries: Double
    /// A whole call with its legs' actors, resident.
    var bytesPerWholeCall: Double
    /// Engine over floor for the whole pipeline, at any number of calls.
    var pipelineRatio: Double
    /// Nanoseconds per frame of the whole pipeline without the libraries' calls.
    var ownWorkNanoseconds: Double
    /// Nanoseconds one repetition of a case may take, by case.
    var caseNanoseconds: [String: Double]
    /// CPU time of a captured call's replay, in thousandths of the call's length.
    var replayThousandths: Double
    /// CPU seconds of the worker per second of a call, and the 99th percentile of a slot's work, in real time.
    var processorSharePerCall: Double
    var realTimeTickMicroseconds: Double
    var realTimeCalls: Int
    /// The machine is quiet when all other programs together take less than so much of one core.
    var othersShareWhenQuiet: Double
    /// Instructions of the engine over those of its floor, by case: every counted case has one.
    var instructionRatios: [String: Double]

    static func read(_ path: String) throws -> Limits {
        try JSONDecoder().decode(Limits.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
