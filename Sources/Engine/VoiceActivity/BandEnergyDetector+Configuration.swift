extension BandEnergyDetector {
    /// Thresholds of the detector. The defaults were chosen on the material listed in this folder's README.
    ///
    /// "Unrest" is how much the quietest fifth of the last three seconds fluctuates: about 0.5 dB in white noise, 1.5 dB in
    /// rumble, 2 to 3 dB in music, 3 to 5 dB in babble. Restless backgrounds raise the thresholds.
    public struct Configuration: Sendable, BitwiseCopyable, Equatable {
        /// Score above which speech starts over a perfectly even background, dB.
        public var startDecibels: Float = 4
        /// Added to `startDecibels` per dB of unrest beyond `evenUnrestDecibels`.
        public var startPerUnrest: Float = 5
        /// Unrest of an even background, dB.
        public var evenUnrestDecibels: Float = 0.6
        /// Unrest that is assumed during the first 1.5 s of a call, dB.
        public var unknownUnrestDecibels: Float = 1.5
        /// What unrest can add to `startDecibels`. Talkers 20 dB above music or babble score over 15 within 200 ms of their onset,
        /// notes and background voices mostly under 13.
        public var largestStartRiseDecibels: Float = 11
        /// A start whose level is not this far above what the background has reached needs a clear voice, dB.
        public var habitualWithinDecibels: Float = 5
        /// Frames out of the last eight that must be voiced for such a start.
        public var habitualVoicedFramesToStart = 6
        /// Prominence (root mean square of the bands' excess) above which speech goes on over a perfectly even background, dB.
        public var stayDecibels: Float = 0.3
        /// Added to `stayDecibels` per dB of unrest.
        public var stayPerUnrest: Float = 1
        /// Share of the stay threshold that a voiced frame must reach.
        public var voicedStayRatio: Float = 0.5
        /// Score that a sound which has held its level for `steadyFrames` must reach to go on as speech, dB.
        public var stayWhileHoldingDecibels: Float = 2
        /// Unrest counts up to this, dB.
        public var largestUnrestDecibels: Float = 5

        /// Frames that `isSpeech` outlasts the last speech frame that is not fading; 4 are 80 ms.
        public var hangFrames = 4
        /// Noise within this of the talker's vowels lengthens the hang, dB.
        public var noisyWithinDecibels: Float = 18
        /// Frames added to the hang per dB that the noise is closer and per dB that the spectrum moves.
        public var hangRisePerSquareDecibel: Float = 0.33
        /// Motion counts up to this, dB; the noise's own is 0.3 to 0.7.
        public var largestHangMotionDecibels: Float = 2.2
        /// Frames added to the hang at most.
        public var largestHangRiseFrames: Float = 1.95
        /// Speech that broke off within this of the talker's level goes on more often than not (a closed consonant), and lengthens
        /// the hang; speech that had faded further shortens it, dB.
        public var brokenOffWithinDecibels: Float = 9
        /// Frames by which it does so per dB, 2 at most.
        public var hangRisePerBrokenOffDecibel: Float = 0.3
        /// What fading and noise together can take off the hang, frames.
        public var largestHangFallFrames: Float = 1
        /// A speech frame this far below the talker's level is fading: it is speech, but does not renew the hang, dB.
        public var fadingBelowDecibels: Float = 20
        /// A speech frame whose level is not this far above the noise is fading too, dB.
        public var fadingAboveNoiseDecibels: Float = 3

        /// Normalised correlation above which a frame is voiced, 0 to 1.
        public var voicedPeriodicity: Float = 0.5
        /// Frames out of the last eight that must be voiced for speech to start.
        public var voicedFramesToStart = 2
        /// The same while no background has been found yet.
        public var firstVoicedFramesToStart = 3
        /// Normalised correlation above which a frame is voiced beyond doubt and counts twice for a start, 0 to 1.
        public var clearlyVoicedPeriodicity: Float = 0.75

        /// Unrest below which a proven talker's held vowel is not taken for background, dB.
        public var vowelUnrestDecibels: Float = 1.2
        /// Frames after the first steady ones that a vowel may hold its level and not be background: a buzz does for longer.
        public var longestVowelFrames = 25
        /// Frames out of the last eight in which a proven talker must be clearly voiced to start again over a restless background
        /// as over an even one.
        public var clearFramesOfTalker = 2
        /// How far below the talker's tracked level such a start may lie, dB.
        public var talkerWithinDecibels: Float = 9
        /// Unrest below which it may, dB.
        public var talkerUnrestDecibels: Float = 1.5
        /// Share of the background's frames above which it may not: an organ's are voiced too.
        public var talkerVoicedShare: Float = 0.3

        /// Level below which no speech starts, dBFS.
        public var quietestSpeechDecibels: Float = -60
        /// Level below which none goes on, dBFS.
        public var quietestStayDecibels: Float = -62
        /// How far below the talker's tracked level a start may lie, dB.
        public var startWithinDecibels: Float = 14
        /// How far below the talker's tracked level speech may fade before it ends, dB.
        public var stayWithinDecibels: Float = 30
        /// The same for what the frame holds beyond the noise: over a hum any trace of an echo in the room stands out for long, dB.
        public var ownWithinDecibels: Float = 28
        /// How much of the noise floor is taken away to find that: floors lie under the mean of the noise.
        public var floorsTakenAway: Float = 1.2
        /// Voiced speech frames that show a talker: until then, what was struck does not start speech.
        public var provenVoiceFrames: Float = 10
        /// Level below which music in the background lies: until a talker is proven, what is quieter starts speech only with frames
        /// like a voice's, dBFS.
        public var quietMusicDecibels: Float = -36
        /// Frames out of the last eight that must be like a voice's: voiced, and not fading since a strike.
        public var likeVoiceFramesToStart = 2
        /// What every other voiced speech frame takes off the proof.
        public var proofLostPerFrame: Float = 0.25
        /// A sound this far above all that the background has reached is no music in it, dB.
        public var aloneAboveBackgroundDecibels: Float = 20
        /// A background is even when the loudest that was heard is within this of its noise, dB.
        public var evenWithinDecibels: Float = 6
        /// Share of its last second's frames that may be voiced: two.
        public var largestEvenVoicedShare: Float = 0.05
        /// Level of the talker's vowels that is assumed until somebody has spoken, dBFS.
        public var expectedTalkerDecibels: Float = -24
        /// Score above which a first talker on a quiet line is believed at any level, dB.
        public var strangerScoreDecibels: Float = 18
        /// How fast the tracked level comes down while quieter speech is heard over a restless background, dB per frame.
        public var talkerFallPerFrame: Float = 0.05
        /// The same over a calm background, where quieter speech is likely the talker, dB per frame.
        public var talkerFallPerCalmFrame: Float = 0.3
        /// Unrest below which a background is calm, dB.
        public var calmUnrestDecibels: Float = 1.2

        /// What a band's noise is taken to be before any has been heard, dBFS.
        public var initialNoiseBandDecibels: Float = -58
        /// Largest rise of a band's floor per frame while nobody talks, dB.
        public var riseWhileSilent: Float = 0.1
        /// Largest rise of a band's floor per frame during speech, dB.
        public var riseWhileTalking: Float = 0.02
        /// Frames a sound must hold its level to count as background, 1 to 16; 14 are 280 ms.
        public var steadyFrames = 14
        /// The same for the first background of a call, 1 to 16; 8 are 160 ms.
        public var firstSteadyFrames = 8
        /// How fast the floor climbs to a sound that holds its level, dB per frame.
        public var steadyRisePerFrame: Float = 1
        /// The range of the mean band level within which a sound holds its level, dB.
        public var steadyRangeDecibels: Float = 4
        /// Its bands must also move less than this, dB: vowels hold their level too, but not their spectrum.
        public var steadyMotionDecibels: Float = 1.2
        /// A sound that holds its level within this range for 320 ms is a machine's, dB.
        public var toneRangeDecibels: Float = 1
        /// How fast the floor climbs to such a sound, dB per frame.
        public var toneRisePerFrame: Float = 4

        public init() {}
    }
}
