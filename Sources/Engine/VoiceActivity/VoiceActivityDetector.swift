/// Decides, frame by frame, whether a caller is talking.
///
/// One detector serves one audio stream. It keeps its own clock by counting frames, so every 20 ms of the stream must be
/// handed over, in order, silence included.
public protocol VoiceActivityDetector: ~Copyable {
    /// Judges the next 20 ms frame.
    ///
    /// - Shape: mono, exactly 20 ms of samples at the detector's rate (160 at 8 kHz, 320 at 16 kHz).
    /// - Units: Int16 linear PCM.
    mutating func process(_ frame: Span<Int16>) -> VoiceActivity

    /// Forgets the call: noise, talker and history.
    mutating func reset()
}

/// What a detector says about one 20 ms frame.
public struct VoiceActivity: Sendable, BitwiseCopyable, Equatable {
    /// Speech, held for the detector's hang time after the last speech frame. For turn taking and recording.
    public var isSpeech: Bool
    /// This frame itself carries speech, judged over an analysis window of up to 60 ms; no hang. What a barge-in trigger counts.
    public var isSpeechFrame: Bool
    /// The last 40 ms repeat at a pitch between 60 and 330 Hz.
    public var isVoiced: Bool
    /// How far the frame stands above the noise, dB: mean excess of the four strongest bands.
    public var score: Float
    /// Level of the frame in dBFS (a full-scale sine is -3), measured between 200 and 3600 Hz, so without DC, hum and rumble.
    public var levelDecibels: Float
    /// Tracked noise level in dBFS, summed over 200 to 3600 Hz.
    public var noiseDecibels: Float
    /// Tracked level of the talker's vowels in dBFS; the expected level until somebody has spoken.
    public var talkerDecibels: Float

    /// How far the talker's vowels stand above the noise, dB.
    public var talkerOverNoiseDecibels: Float { talkerDecibels - noiseDecibels }

    public init(
        isSpeech: Bool,
        isSpeechFrame: Bool,
        isVoiced: Bool,
        score: Float,
        levelDecibels: Float,
        noiseDecibels: Float,
        talkerDecibels: Float
    ) {
        self.isSpeech = isSpeech
        self.isSpeechFrame = isSpeechFrame
        self.isVoiced = isVoiced
        self.score = score
        self.levelDecibels = levelDecibels
        self.noiseDecibels = noiseDecibels
        self.talkerDecibels = talkerDecibels
    }
}
