/// Finds how late the echo is: correlates the envelopes of both ends, in steps of 5 ms, over the last second of far speech.
///
/// An envelope is the level in dB, so a quiet echo counts as much as a loud one, with a floor under which noise does not count
/// and without its slow part, so that only the rhythm of the speech is compared.
struct EchoDelayEstimator: ~Copyable, Sendable {
    struct Peak: Sendable, Equatable {
        /// In steps of 5 ms; negative when the near end is ahead.
        var lag: Int
        /// Normalised correlation, -1 to 1.
        var correlation: Float
        /// The highest that is not beside the peak.
        var runnerUp: Float
    }

    /// The near end is looked at this late, so that it may be ahead: 40 ms.
    static let advance = 8
    /// -40 to 675 ms.
    static let lags = -8..<136
    private static let count = 144
    private static let capacity = 1024

    private let forgetting: Float
    private var products = InlineArray<144, Float>(repeating: 0)
    private var farPowers = InlineArray<144, Float>(repeating: 0)
    private var nearPower: Float = 0
    /// Far envelope, newest first from `start`.
    private var far = InlineArray<1024, Float>(repeating: 0)
    private var start = 1024 - 160
    /// Near envelope, oldest first: what is `advance` late comes next.
    private var nearQueue = InlineArray<3, SIMD4<Float>>(repeating: SIMD4())
    private var nearMean: Float
    private var farMean: Float
    private var hasStarted = false
    private var lastNear: Int32 = 0
    private var lastFar: Int32 = 0

    private static let nearFloor: Float = -62
    private static let farFloor: Float = -50

    /// - Parameter frames: the time constant of the correlation.
    init(frames: Float = 60) {
        forgetting = 1 - 1 / frames
        nearMean = Self.nearFloor
        farMean = Self.farFloor
    }

    /// Asks for the memory of the next frame.
    mutating func prefetch() {
        Prefetch.elements(of: &far, from: max(start &- 4, 0), count: Self.count &+ 7)
        Prefetch.lines(of: &products)
        Prefetch.lines(of: &farPowers)
    }

    /// Takes the next frame of both ends.
    /// - Parameter isLearning: whether far sound can be in the near end now; when not, what is known is kept.
    mutating func append(near: Span<Int16>, far: Span<Int16>, isLearning: Bool) {
        let nearLevels = FrameLevel.quarters(near, last: &lastNear)
        let farLevels = FrameLevel.quarters(far, last: &lastFar)
        if !hasStarted {
            // A mean that has to find its level first would look like speech at both ends.
            hasStarted = true
            nearMean = max(nearLevels.sum() / 4, Self.nearFloor)
            farMean = max(farLevels.sum() / 4, Self.farFloor)
        }
        let newest = Self.deviation(nearLevels, floor: Self.nearFloor, mean: &nearMean)
        nearQueue[0] = nearQueue[1]
        nearQueue[1] = nearQueue[2]
        nearQueue[2] = newest
        store(Self.deviation(farLevels, floor: Self.farFloor, mean: &farMean))
        if isLearning { accumulate(nearQueue[0]) }
    }

    /// The best lag now; nil when nothing was compared yet. Mutating so that the arrays are read in place.
    mutating func peak() -> Peak? {
        guard nearPower > 1 else { return nil }
        var correlations = [144 of Float](repeating: 0)
        for place in 0..<Self.count {
            let power = farPowers[place] * nearPower
            correlations[place] = power > 1 ? products[place] / power.squareRoot() : 0
        }
        var best = Peak(lag: 0, correlation: -1, runnerUp: -1)
        for place in 0..<Self.count where correlations[place] > best.correlation {
            best = Peak(lag: place + Self.lags.lowerBound, correlation: correlations[place], runnerUp: -1)
        }
        for place in 0..<Self.count where abs(place + Self.lags.lowerBound - best.lag) > 8 {
            best.runnerUp = max(best.runnerUp, correlations[place])
        }
        return best
    }

    /// Forgets what was compared.
    mutating func reset() {
        products = InlineArray(repeating: 0)
        farPowers = InlineArray(repeating: 0)
        nearPower = 0
    }

    private static func deviation(_ levels: SIMD4<Float>, floor: Float, mean: inout Float) -> SIMD4<Float> {
        var result = SIMD4<Float>()
        for index in 0..<4 {
            let level = max(levels[index], floor)
            mean += (level - mean) * 0.02
            result[index] = level - mean
        }
        return result
    }

    private mutating func store(_ quarters: SIMD4<Float>) {
        if start < 4 {
            let moved = Self.capacity - 160
            for index in 0..<156 { far[moved &+ index] = far[start &+ index] }
            start = moved
        }
        start &-= 4
        for index in 0..<4 { far[start &+ 3 &- index] = quarters[index] }
    }

    /// One frame of products: the near quarter `j` against the far quarters up to it.
    private mutating func accumulate(_ near: SIMD4<Float>) {
        nearPower = nearPower * forgetting + (near * near).sum()
        let heard = far.span
        var products = products.mutableSpan
        var powers = farPowers.mutableSpan
        // Place by place in straight runs, so that the loop becomes vector code.
        for place in products.indices {
            let at = start &+ place
            // `heard[at]` belongs to the newest quarter, 3.
            let (a, b, c, d) = (heard[at &+ 3], heard[at &+ 2], heard[at &+ 1], heard[at])
            products[place] = products[place] * forgetting + (a * near[0] + b * near[1] + (c * near[2] + d * near[3]))
            powers[place] = powers[place] * forgetting + (a * a + b * b + (c * c + d * d))
        }
    }
}
