/// Tracks the background level of the six speech bands.
///
/// What only reads is mutating here, so that the compiler reads these 3 kB where they lie: a borrowed value is copied first.
///
/// Three rules, the highest wins:
/// - the tracked floor falls fast and rises slowly, slower still while somebody talks;
/// - the fifth of the last three seconds with the least energy is background, once three seconds have been heard;
/// - a sound whose spectrum level hardly moves for a quarter of a second is background, however loud: noise that switches on,
///   hum, a held tone. This is also how the floor is found at the start of a call.
struct NoiseFloor {
    typealias Bands = SIMD8<Float>

    /// Quieter than any line worth hearing: levels are clamped here, so digital silence does not make idle noise stand out.
    static let quietestBandDecibels: Float = -72
    /// A power of two.
    private static let steadyFrames = 16

    private let configuration: BandEnergyDetector.Configuration
    /// dBFS per band; lanes 6 and 7 are unused.
    private(set) var levels: Bands
    private var average: Bands
    /// `levels` as powers, and the floor over all bands, dBFS.
    private var powers = Bands()
    private(set) var totalDecibels: Float = 0
    private var histories = [6 of LevelHistory](repeating: LevelHistory())
    private var levelHistory = LevelHistory(tracksTwentieth: true)
    private var recentMeans = [16 of Float](repeating: 0)
    private var framesHeard = 0
    /// How far the bands have lately been from their average of the last 100 ms, dB: 0.3 to 0.7 in white, pink, fan, hum and car
    /// noise, over 1 in 95 % of the frames while somebody speaks even 10 dB above
    /// these (Flite slt and rms, studio prompts), and for a few frames after.
    private(set) var motion: Float = 0
    /// A background has been found since the start of the call.
    private(set) var isSettled = false
    /// Frames for which a vowel, by its voice, has held its level.
    private var vowelFrames = 0
    /// The sound has held its level for a quarter of a second and is being taken for background.
    private(set) var isHolding = false

    init(configuration: BandEnergyDetector.Configuration) {
        self.configuration = configuration
        levels = Bands(repeating: configuration.initialNoiseBandDecibels)
        average = levels
        sumUp()
    }

    /// Mean excess of the four strongest bands over the floor, dB.
    mutating func score(of bands: Bands) -> Float {
        let excess = bands - levels
        var total: Float = 0
        var (smallest, second) = (Float.infinity, Float.infinity)
        for band in 0..<VoiceBandFilters.bandCount {
            let value = excess[band]
            total += value
            second = min(second, max(smallest, value))
            smallest = min(smallest, value)
        }
        return (total - smallest - second) / 4
    }

    /// Root mean square of the bands' excess over the floor, dB: a single strong band shows, one below its floor does not.
    mutating func prominence(of bands: Bands) -> Float {
        let excess = (bands - levels).atLeast(Bands()).atMost(Bands(repeating: 100))
        return ((excess * excess).bandSum * 0.166_666_67).squareRoot()
    }

    /// What the bands hold beyond `floors` times their noise, dBFS: the level of the talker alone.
    mutating func levelAbove(_ bands: Bands, floors: Float) -> Float {
        let own = (Self.powers(of: bands) - floors * powers).atLeast(Bands())
        return Decibels.ofPower(own.replacing(with: 0, where: bands .<= levels).bandSum)
    }

    private mutating func sumUp() {
        powers = Self.powers(of: levels)
        totalDecibels = Decibels.ofPower(powers.bandSum)
    }

    private static func powers(of levels: Bands) -> Bands {
        Bands(lowHalf: Decibels.powers(of: levels.lowHalf), highHalf: Decibels.powers(of: levels.highHalf))
    }

    /// How much the quietest fifth of the last three seconds fluctuates, dB: 0.5 in white noise, 1.5 in rumble, 3 to 5 in
    /// babble or music. Speech itself hardly matters, because it is seldom in the quietest fifth.
    var unrestDecibels: Float {
        mutating get {
            guard levelHistory.frameCount >= 20 else { return 0 }
            return levelHistory.lowerFifthDecibels - levelHistory.lowerTwentiethDecibels
        }
    }

    /// Enough has been heard, 1.5 s, to trust a small unrest.
    var hasKnownUnrest: Bool { mutating get { levelHistory.frameCount >= 75 } }

    /// Learns from one frame, after it has been judged.
    /// - Parameter isVowel: a talker's voiced frame, which is no background however long it holds its level, a machine's tone
    ///   excepted.
    mutating func learn(_ bands: Bands, level: Float, whileTalking: Bool, isVowel: Bool) {
        levelHistory.append(max(level, -62))
        if framesHeard == 0 { average = bands }
        average += (bands - average) * 0.2
        let distance = (bands - average).bandMagnitudeSum / Float(VoiceBandFilters.bandCount)
        motion += (distance - motion) * 0.15
        recentMeans[framesHeard & (Self.steadyFrames - 1)] = bands.bandSum / Float(VoiceBandFilters.bandCount)
        framesHeard += 1

        let rise = bands - levels
        let slow = Bands(repeating: whileTalking ? configuration.riseWhileTalking : configuration.riseWhileSilent)
        let upward = (rise * 0.05).atLeast(Bands()).atMost(slow)
        levels += (rise * 0.3).replacing(with: upward, where: rise .> Bands())

        climb(isVowel: isVowel)
        for band in 0..<VoiceBandFilters.bandCount {
            histories[band].append(bands[band])
            if histories[band].isFull {
                levels[band] = max(levels[band], histories[band].lowerFifthDecibels)
            }
        }
        sumUp()
    }

    /// Takes a sound that holds its level for background: at once the first of a call, later ones by degrees.
    private mutating func climb(isVowel: Bool) {
        guard isSettled else {
            guard isSteady(frames: configuration.firstSteadyFrames, within: configuration.steadyRangeDecibels) else {
                return
            }
            levels = average
            isSettled = true
            return
        }
        let isTone = isSteady(frames: Self.steadyFrames, within: configuration.toneRangeDecibels)
        let holds =
            isTone
            || motion < configuration.steadyMotionDecibels
                && isSteady(frames: configuration.steadyFrames, within: configuration.steadyRangeDecibels)
        vowelFrames = holds && isVowel ? vowelFrames + 1 : 0
        isHolding = isTone || holds && (vowelFrames == 0 || vowelFrames > configuration.longestVowelFrames)
        guard isHolding else { return }
        // What a voice would not have held was background all the time.
        let isKnown = isTone || vowelFrames > configuration.longestVowelFrames
        let limit = isKnown ? configuration.toneRisePerFrame : configuration.steadyRisePerFrame
        levels += (average - levels).atLeast(Bands()).atMost(Bands(repeating: limit))
    }

    /// Whether the mean band level of the last `frames` frames stayed within `range` dB.
    private mutating func isSteady(frames: Int, within range: Float) -> Bool {
        guard framesHeard >= frames else { return false }
        var (low, high) = (Float.infinity, -Float.infinity)
        for back in 1...frames {
            let mean = recentMeans[(framesHeard &- back) & (Self.steadyFrames - 1)]
            low = min(low, mean)
            high = max(high, mean)
        }
        return high - low <= range
    }
}

extension SIMD8<Float> {
    /// The sum over the six speech bands.
    fileprivate var bandSum: Float { self[0] + self[1] + self[2] + self[3] + self[4] + self[5] }

    /// The same over the magnitudes.
    fileprivate var bandMagnitudeSum: Float {
        replacing(with: -self, where: self .< SIMD8()).bandSum
    }
}
