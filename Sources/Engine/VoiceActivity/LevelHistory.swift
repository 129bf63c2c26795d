/// The last three seconds of a level, kept as a histogram so that a percentile costs a few steps and no sorting.
///
/// Levels are counted in bins of half a decibel from -70 to 0 dBFS. Two cursors stand on the bins that hold the twentieth and
/// the fifth percentile and walk as frames enter and leave.
struct LevelHistory {
    static let capacityFrames = 150
    private static let lowestDecibels: Float = -70
    private static let binsPerDecibel: Float = 2
    private static let lastBin: Float = 139

    private var counts = [140 of UInt8](repeating: 0)
    private var ring = [150 of UInt8](repeating: 0)
    private var position = 0
    private var lowerFifth = PercentileCursor(percent: 20)
    private var lowerTwentieth: PercentileCursor?
    private(set) var frameCount = 0

    /// - Parameter tracksTwentieth: `lowerTwentiethDecibels` is wanted as well.
    init(tracksTwentieth: Bool = false) {
        if tracksTwentieth { lowerTwentieth = PercentileCursor(percent: 5) }
    }

    var isFull: Bool { mutating get { frameCount == Self.capacityFrames } }

    mutating func append(_ levelDecibels: Float) {
        let bin = UInt8(min(max((levelDecibels - Self.lowestDecibels) * Self.binsPerDecibel, 0), Self.lastBin))
        if isFull {
            let oldest = ring[position]
            counts[Int(oldest)] -= 1
            lowerFifth.leave(oldest)
            lowerTwentieth?.leave(oldest)
        } else {
            frameCount += 1
        }
        ring[position] = bin
        position = position + 1 == Self.capacityFrames ? 0 : position + 1
        counts[Int(bin)] += 1
        lowerFifth.enter(bin)
        lowerTwentieth?.enter(bin)
        lowerFifth.settle(in: counts.span, frameCount: frameCount)
        lowerTwentieth?.settle(in: counts.span, frameCount: frameCount)
    }

    /// The level under which a fifth of the frames lie, dBFS.
    var lowerFifthDecibels: Float { mutating get { Self.decibels(lowerFifth) } }

    /// The level under which a twentieth of the frames lie, dBFS; the lowest where it is not tracked.
    var lowerTwentiethDecibels: Float { mutating get { lowerTwentieth.map(Self.decibels) ?? Self.lowestDecibels } }

    private static func decibels(_ cursor: PercentileCursor) -> Float {
        lowestDecibels + cursor.place / binsPerDecibel
    }
}

/// Follows one percentile of a changing histogram.
private struct PercentileCursor {
    private let percent: Int
    private var bin = 0
    /// Frames in the bins below `bin`.
    private var below = 0
    /// Where the percentile lies, in bins, read between the edges of its bin.
    private(set) var place: Float = 0

    init(percent: Int) { self.percent = percent }

    mutating func enter(_ changed: UInt8) {
        if Int(changed) < bin { below += 1 }
    }

    mutating func leave(_ changed: UInt8) {
        if Int(changed) < bin { below -= 1 }
    }

    mutating func settle(in counts: Span<UInt8>, frameCount: Int) {
        let rank = frameCount * percent / 100
        while below > rank {
            bin -= 1
            below -= Int(counts[bin])
        }
        while below + Int(counts[bin]) <= rank {
            below += Int(counts[bin])
            bin += 1
        }
        place = Float(bin) + (Float(rank - below) + 0.5) / Float(counts[bin])
    }
}
