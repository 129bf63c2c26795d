/// Voice activity from the energy of six speech bands over their noise floors, with voicing and level gates on the start.
///
/// - Cost: a few microseconds per frame, no allocation; all state is inline. Safe on the 20 ms path.
/// - Rates: 8 000 and 16 000 samples per second.
/// - Put gain control after the detector, never before it.
public struct BandEnergyDetector: VoiceActivityDetector, ~Copyable, Sendable {
    private let configuration: Configuration
    private let sampleRate: Int
    private var filters: VoiceBandFilters
    private var pitch = PitchWindow()
    private var noise: NoiseFloor
    private var talker: TalkerLevel
    private var background = BackgroundPeak()
    private var struck = StruckSound()
    private var strikes = OverlappingStrikes()
    /// How loud the last speech frames were, falling 3 dB a frame, dBFS.
    private var trail: Float = -100
    /// Voiced speech frames that were not struck, less a share of those that were; 50 at most.
    private var voiceProof: Float = 0
    /// One bit per frame, newest lowest: voiced, voiced beyond doubt, and like a voice.
    private var voicedFrames: UInt8 = 0
    private var clearFrames: UInt8 = 0
    private var likeVoiceFrames: UInt8 = 0
    private var lastPowers = SIMD8<Float>()
    private var olderPowers = SIMD8<Float>()
    private var isTalking = false
    /// Frames since the last that held the hang up.
    private var framesSinceSpeech = 0

    /// - Precondition: `sampleRate` is 8 000 or 16 000.
    public init(sampleRate: Int, configuration: Configuration = .init()) {
        precondition(
            sampleRate == 8000 || sampleRate == 16000,
            "The voice activity detector runs at 8000 or 16000 samples per second; resample other rates first"
        )
        self.sampleRate = sampleRate
        self.configuration = configuration
        filters = VoiceBandFilters(sampleRate: sampleRate)
        noise = NoiseFloor(configuration: configuration)
        talker = TalkerLevel(expectedDecibels: configuration.expectedTalkerDecibels)
    }

    public mutating func reset() {
        self = BandEnergyDetector(sampleRate: sampleRate, configuration: configuration)
    }

    /// - Precondition: `frame` holds 20 ms.
    public mutating func process(_ frame: Span<Int16>) -> VoiceActivity {
        precondition(frame.count == filters.frameSamples, "The voice activity detector takes frames of 20 ms")
        var pitchBand = [20 of SIMD4<Float>](repeating: SIMD4())
        let powers = filters.process(frame, pitchBand: &pitchBand)
        pitch.append(pitchBand.span)

        let bands = bandLevels(of: powers)
        let level = max(Decibels.ofPower(powers[VoiceBandFilters.levelLane]), -100)
        let score = noise.score(of: bands)
        // Beyond a clear voice nobody asks.
        let periodicity =
            level > configuration.quietestSpeechDecibels
            ? pitch.periodicity(
                enough: max(configuration.clearlyVoicedPeriodicity, configuration.voicedPeriodicity)
            ) : 0
        let isVoiced = periodicity > configuration.voicedPeriodicity
        voicedFrames = voicedFrames << 1 | (isVoiced ? 1 : 0)
        let isClearlyVoiced = periodicity > configuration.clearlyVoicedPeriodicity
        clearFrames = clearFrames << 1 | (isClearlyVoiced ? 1 : 0)
        struck.hear(level)
        strikes.hear(level)
        let isLikeVoice = isVoiced && !strikes.isFading
        likeVoiceFrames = likeVoiceFrames << 1 | (isLikeVoice ? 1 : 0)
        let mayBeMusic = mayBeMusic(level)

        let own = noise.levelAbove(bands, floors: configuration.floorsTakenAway)
        let isSpeechFrame = judge(
            score: score,
            prominence: noise.prominence(of: bands),
            level: level,
            own: own,
            mayBeMusic: mayBeMusic,
            isVoiced: isVoiced,
            isClearlyVoiced: isClearlyVoiced
        )
        if isSpeechFrame {
            isTalking = true
            let isFading =
                talker.shortfall(of: level) > configuration.fadingBelowDecibels
                || level < noise.totalDecibels + configuration.fadingAboveNoiseDecibels
            framesSinceSpeech = isFading ? framesSinceSpeech + 1 : 0
            if !isFading { trail = max(level, trail - 3) }
            if isVoiced {
                talker.hear(level)
                let proof: Float =
                    mayBeMusic
                    ? (isLikeVoice ? 1 : -configuration.proofLostPerFrame) : struck.isFading ? -0.5 : 1
                voiceProof = min(max(voiceProof + proof, 0), 50)
            }
        } else if isTalking {
            framesSinceSpeech += 1
            isTalking = framesSinceSpeech <= hangLimit()
        }
        background.hear(level, isVoiced: isVoiced, whileTalking: isTalking)
        let isVowel =
            isTalking && isVoiced && isProven && noise.unrestDecibels < configuration.vowelUnrestDecibels
        noise.learn(bands, level: level, whileTalking: isTalking, isVowel: isVowel)
        return VoiceActivity(
            isSpeech: isTalking,
            isSpeechFrame: isSpeechFrame,
            isVoiced: isVoiced,
            score: score,
            levelDecibels: level,
            noiseDecibels: noise.totalDecibels,
            talkerDecibels: talker.decibels
        )
    }

    /// Band levels in dBFS over the last 20, 40 or 60 ms, whichever is loudest: an onset counts at once, and a plosive's closure
    /// does not open a gap.
    private mutating func bandLevels(of powers: SIMD8<Float>) -> NoiseFloor.Bands {
        let pair = powers + lastPowers
        let loudest = powers.atLeast(pair * 0.5).atLeast((pair + olderPowers) * 0.333_333_34)
        (olderPowers, lastPowers) = (lastPowers, powers)
        let low = Decibels.ofPowers(loudest.lowHalf)
        var high = Decibels.ofPowers(loudest.highHalf)
        // No bands lie there.
        (high.z, high.w) = (0, 0)
        return NoiseFloor.Bands(lowHalf: low, highHalf: high)
            .atLeast(NoiseFloor.Bands(repeating: NoiseFloor.quietestBandDecibels))
    }

    /// Frames that speech may outlast its last frame: the closer the noise, the more of the weak sounds at the end of a word it
    /// hides, so longer while the spectrum still moves. And longer after a word that broke off than after one that faded.
    private mutating func hangLimit() -> Int {
        let closeness = configuration.noisyWithinDecibels - (talker.decibels - noise.totalDecibels)
        let rise =
            max(0, closeness) * min(noise.motion, configuration.largestHangMotionDecibels)
            * configuration.hangRisePerSquareDecibel
        let unfaded = configuration.brokenOffWithinDecibels - talker.shortfall(of: trail)
        let change =
            min(rise, configuration.largestHangRiseFrames)
            + min(max(unfaded * configuration.hangRisePerBrokenOffDecibel, -2), 2)
        return configuration.hangFrames + Int(max(change, -configuration.largestHangFallFrames))
    }

    /// Enough voiced speech has been heard that somebody is there.
    private var isProven: Bool { voiceProof > configuration.provenVoiceFrames }

    /// The background is known to be a noise that neither fluctuates nor repeats, and nothing louder has been heard over it.
    private var isEvenSoFar: Bool {
        mutating get {
            noise.hasKnownUnrest && noise.unrestDecibels < configuration.calmUnrestDecibels
                && background.decibels < noise.totalDecibels + configuration.evenWithinDecibels
                && background.voicedShare < configuration.largestEvenVoicedShare
        }
    }

    /// Nobody has been heard, and this lately repeated and is no louder than music in a background that is neither even nor far
    /// below.
    private mutating func mayBeMusic(_ level: Float) -> Bool {
        guard voicedFrames != 0, !isProven, level < configuration.quietMusicDecibels else { return false }
        let isAlone =
            background.isKnown && background.decibels < level - configuration.aloneAboveBackgroundDecibels
        return !isAlone && !isEvenSoFar
    }

    /// A proven talker again: clearly voiced and as loud as before, over a background that is not.
    private mutating func isTalkerAgain(_ level: Float, isClearlyVoiced: Bool) -> Bool {
        isProven && isClearlyVoiced
            && clearFrames.nonzeroBitCount >= configuration.clearFramesOfTalker
            && talker.shortfall(of: level) < configuration.talkerWithinDecibels
            && noise.unrestDecibels < configuration.talkerUnrestDecibels
            && background.voicedShare < configuration.talkerVoicedShare
    }

    /// Whether the frame carries speech: easy to go on, harder to start.
    private mutating func judge(
        score: Float,
        prominence: Float,
        level: Float,
        own: Float,
        mayBeMusic: Bool,
        isVoiced: Bool,
        isClearlyVoiced: Bool
    ) -> Bool {
        guard level > (isTalking ? configuration.quietestStayDecibels : configuration.quietestSpeechDecibels) else {
            return false
        }
        let unrest = min(noise.unrestDecibels, configuration.largestUnrestDecibels)
        let known = noise.hasKnownUnrest ? noise.unrestDecibels : configuration.unknownUnrestDecibels
        let restlessness = max(0, known - configuration.evenUnrestDecibels)
        let start =
            configuration.startDecibels
            + min(configuration.startPerUnrest * restlessness, configuration.largestStartRiseDecibels)
        if isTalking {
            let even = configuration.stayDecibels + configuration.stayPerUnrest * unrest
            let stay =
                noise.isHolding
                ? max(even, configuration.stayWhileHoldingDecibels)
                : isVoiced ? even * configuration.voicedStayRatio : even
            return prominence > stay && talker.shortfall(of: level) < configuration.stayWithinDecibels
                && talker.shortfall(of: own) < configuration.ownWithinDecibels
        }
        // No louder than the notes and voices in the background have been: only a clear voice is a talker.
        let isHabitual = level < background.decibels + configuration.habitualWithinDecibels
        // Until the background is known every noise stands out, and its few accidentally voiced frames must not start speech.
        let needed =
            isHabitual
            ? configuration.habitualVoicedFramesToStart
            : noise.isSettled ? configuration.voicedFramesToStart : configuration.firstVoicedFramesToStart
        // Until somebody has been heard, a note or a beat is no start, however voiced: it has only faded since it was struck. Where
        // nothing but an even noise has been heard no music plays, and whoever stands out is a talker.
        if struck.isFading, !isProven, !isEvenSoFar { return false }
        if mayBeMusic,
            strikes.isFading || likeVoiceFrames.nonzeroBitCount < configuration.likeVoiceFramesToStart
        {
            return false
        }
        if score > configuration.startDecibels, isTalkerAgain(level, isClearlyVoiced: isClearlyVoiced) { return true }
        guard score > start, voicedFrames.nonzeroBitCount + (isClearlyVoiced ? 1 : 0) >= needed else { return false }
        if !talker.isKnown, noise.isSettled, !isHabitual, score > configuration.strangerScoreDecibels { return true }
        guard talker.shortfall(of: level) < configuration.startWithinDecibels else {
            let isCalm = noise.hasKnownUnrest && unrest < configuration.calmUnrestDecibels
            talker.doubt(
                decibelsPerFrame: isCalm ? configuration.talkerFallPerCalmFrame : configuration.talkerFallPerFrame
            )
            return false
        }
        return true
    }
}
