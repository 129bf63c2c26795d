import CFloor
import Cases
import Engine
import FramingCases

/// A whole call's frame with so many calls served in turn on one thread: engine, floor and the libraries alone, in turns.
struct Density: Codable {
    var name: String
    var calls: Int
    var floorWork: String
    /// Nanoseconds per frame of one call.
    var engine: Timing
    var floor: Timing
    var library: Timing
    /// Engine over floor, each at its fastest.
    var ratio: Double
    /// Engine without the libraries' calls, each at its fastest: nanoseconds per frame.
    var ownWork: Double

    /// Frames of one block: long against the clock's reading, short enough that some blocks are left alone.
    private static let framesPerBlock = 256
    private static let fewestBlocks = 15

    static func measure(_ crowd: Crowd, effort: Effort) -> Density {
        let passes = max(framesPerBlock / crowd.calls, 1)
        let frames = Double(passes * crowd.calls)
        let sides = [crowd.engine, crowd.floor, crowd.library]
        if let difference = crowd.difference() {
            Comparison.fail("\(crowd.name):\(crowd.calls): the engine and its floor differ: \(difference)")
        }
        // Every state has been touched, and the cancellers have begun to know the echo, before the first block counts.
        for side in sides { side(effort.settlingFrames) }
        var samples = [[Double]](repeating: [], count: sides.count)
        let blocks = max(effort.framesPerCrowd / Int(frames), fewestBlocks)
        for block in 0..<blocks {
            for turn in sides.indices {
                let side = (block + turn) % sides.count
                let start = floor_thread_cpu_ns()
                sides[side](passes)
                samples[side].append(Double(floor_thread_cpu_ns() - start) / frames)
            }
        }
        let (engine, floor, library) = (Timing(samples[0]), Timing(samples[1]), Timing(samples[2]))
        return Density(
            name: crowd.name,
            calls: crowd.calls,
            floorWork: crowd.floorWork,
            engine: engine,
            floor: floor,
            library: library,
            ratio: engine.minimum / floor.minimum,
            ownWork: engine.minimum - library.minimum
        )
    }

    static func all(effort: Effort) -> [Density] {
        let chains = effort.crowds.map { measure(ChainCases.crowd($0), effort: effort) }
        return chains + effort.duplexCrowds.map { measure(DuplexCases.crowd($0), effort: effort) }
    }
}

/// How long a run may take.
struct Effort {
    /// Blocks per side of a case.
    var rounds: Int
    /// Frames per side of a crowd.
    var framesPerCrowd: Int
    /// Passes before the first block of a crowd.
    var settlingFrames: Int
    var crowds = [1, 64, 512]
    var duplexCrowds = [1, 64, 512]
    /// Calls and seconds of the real-time part; nothing when there are no seconds.
    var realTimeCalls: [Int]
    var realTimeSeconds: Int
    /// Whole calls with their actors, dispatch, lateness: what needs many seconds.
    var isWhole: Bool

    static let full = Effort(
        rounds: 301,
        framesPerCrowd: 32_768,
        settlingFrames: 64,
        realTimeCalls: [100, 200, 300, 400, 500],
        realTimeSeconds: 10,
        isWhole: true
    )
    static let quick = Effort(
        rounds: 61,
        framesPerCrowd: 8_192,
        settlingFrames: 16,
        duplexCrowds: [1, 64],
        realTimeCalls: [100, 300],
        realTimeSeconds: 3,
        isWhole: false
    )
}
