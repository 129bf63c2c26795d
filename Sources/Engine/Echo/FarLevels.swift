/// How loud the agent was lately, frame by frame: what an echo in the near end can be as loud as.
struct FarLevels: ~Copyable, Sendable {
    /// Level above which a frame is speech that can be heard back, dBFS.
    static let speech: Float = -42
    /// Level below which nothing is played, dBFS.
    static let sound: Float = -70

    private var levels = InlineArray<64, Float>(repeating: FrameLevel.silence)
    private var newest = 0
    /// Over everything that may still come back, 720 ms; dBFS.
    private(set) var loudest = FrameLevel.silence
    private(set) var framesSinceSpeech = 1000
    private(set) var framesSinceSound = 1000

    mutating func append(_ level: Float) {
        newest = (newest &+ 1) & 63
        levels[newest] = level
        if level >= loudest {
            loudest = level
        } else if levels[(newest &- 36) & 63] >= loudest {
            // The loudest has just left: only then are all looked at.
            loudest = level
            for age in 1..<36 { loudest = max(loudest, levels[(newest &- age) & 63]) }
        }
        framesSinceSpeech = level > Self.speech ? 0 : framesSinceSpeech &+ 1
        framesSinceSound = level > Self.sound ? 0 : framesSinceSound &+ 1
    }

    /// Of the frames whose echo, dispersed by up to 80 ms, is in the near frame.
    /// - Parameter lag: of the echo, steps of 5 ms.
    /// Mutating so that the array is read in place.
    mutating func loudest(around lag: Int) -> Float {
        let age = max(lag, 0) / 4
        var loudest = FrameLevel.silence
        for step in max(age - 1, 0)...age + 4 { loudest = max(loudest, levels[(newest &- step) & 63]) }
        return loudest
    }
}
