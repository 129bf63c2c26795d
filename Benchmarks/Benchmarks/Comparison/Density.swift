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
    /// Engine over floor within a round: the median of the quiet rounds.
    var ratio: Double
    /// Engine without the libraries' calls within a round, nanoseconds per frame: the median of the quiet rounds.
    var ownWork: Double
    /// The same of the floor.
    var floorOwnWork: Double
    /// The engine's own work over the libraries': does not depend on the machine's speed.
    var ownShare: Double

    /// Frames of one block of one call: long against the clock's reading, short enough that some blocks are left alone.
    private static let framesPerBlock = 128
    /// The same of many calls: several passes where the caches hold some of them, or each block would begin with what the
    /// other sides left there.
    private static let framesPerCrowd = 512
    private static let fewestBlocks = 48

    static func measure(_ crowd: Crowd, effort: Effort) -> Density {
        let passes = max((crowd.calls > 1 ? framesPerCrowd : framesPerBlock) / crowd.calls, 1)
        let frames = Double(passes * crowd.calls)
        let sides = [crowd.engine, crowd.floor, crowd.library]
        if let difference = crowd.difference() {
            Comparison.fail("\(crowd.name):\(crowd.calls): the engine and its floor differ: \(difference)")
        }
        // Every state has been touched, and the cancellers have begun to know the echo, before the first block counts.
        for side in sides { side(effort.settlingFrames) }
        var rounds: [Round] = []
        for number in 0..<max(effort.framesPerCrowd / Int(frames), fewestBlocks) {
            var times = [0.0, 0, 0]
            for turn in sides.indices {
                let side = (number + turn) % sides.count
                let start = floor_thread_cpu_ns()
                sides[side](passes)
                times[side] = Double(floor_thread_cpu_ns() - start) / frames
            }
            rounds.append(Round(engine: times[0], floor: times[1], library: times[2]))
        }
        let quiet = Round.quiet(rounds)
        return Density(
            name: crowd.name,
            calls: crowd.calls,
            floorWork: crowd.floorWork,
            engine: Timing(rounds.map(\.engine)),
            floor: Timing(rounds.map(\.floor)),
            library: Timing(rounds.map(\.library)),
            ratio: Timing(quiet.map { $0.engine / $0.floor }).median,
            ownWork: Timing(quiet.map { $0.engine - $0.library }).median,
            floorOwnWork: Timing(quiet.map { $0.floor - $0.library }).median,
            ownShare: Timing(quiet.map { ($0.engine - $0.library) / $0.library }).median
        )
    }

    static func all(effort: Effort) -> [Density] {
        let chains = effort.crowds.map { measure(ChainCases.crowd($0), effort: effort) }
        return chains + effort.duplexCrowds.map { measure(DuplexCases.crowd($0), effort: effort) }
    }
}

/// The three sides one after the other within 15 ms with one call, 80 ms with many, nanoseconds per frame of one call.
///
/// A shared processor's speed changes by two from one second to the next, so what is compared was measured side by side,
/// and the rounds in which all three were fastest speak for the rest.
private struct Round {
    var engine: Double
    var floor: Double
    var library: Double

    /// The quarter of the rounds that took the least in all.
    static func quiet(_ rounds: [Round]) -> ArraySlice<Round> {
        rounds.sorted { $0.sum < $1.sum }.prefix(max(rounds.count / 4, 1))
    }

    private var sum: Double { engine + floor + library }
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
