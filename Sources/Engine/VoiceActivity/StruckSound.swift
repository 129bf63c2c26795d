/// Whether what is heard began with a strike and has only died away since: a note of a piano or a guitar, a drum, a door.
///
/// What is struck or plucked is loudest at once and then only fades. A voice takes longer to rise, or holds its level, or
/// rises again within a syllable, and then it is no strike.
struct StruckSound {
    /// A rise by this within two frames from rest is a strike until it proves to be a voice, dB.
    private static let strikeDecibels: Float = 5
    /// A rise by less within a frame is a waver of what is fading, dB.
    private static let waverDecibels: Float = 1
    /// Frames that a strike's rise takes at most: one that it falls into and one that it fills.
    private static let strikeFrames = 2
    /// After this many frames a strike has faded by `fadePerFrame` each, or it is held.
    private static let heldFrames = 5
    private static let fadePerFrame: Float = 0.12

    private var last: Float = -100
    private var older: Float = -100
    private var risingFrames = 0
    /// The level since the strike: its highest, and the lowest after that.
    private var peak: Float = -100
    private var lowest: Float = -100
    private var framesSincePeak = 0
    /// Struck, and nothing since has shown a voice.
    private(set) var isFading = false

    mutating func hear(_ levelDecibels: Float) {
        let level = max(levelDecibels, -70)
        defer { (older, last) = (last, level) }
        if level > last + Self.waverDecibels {
            risingFrames += 1
            if risingFrames <= Self.strikeFrames, level > min(last, older) + Self.strikeDecibels {
                isFading = true
                (peak, lowest, framesSincePeak) = (level, level, 0)
            } else if risingFrames > Self.strikeFrames || level > lowest + 2 * Self.waverDecibels {
                isFading = false
            }
            return
        }
        risingFrames = 0
        peak = max(peak, level)
        lowest = min(lowest, level)
        framesSincePeak += 1
        if framesSincePeak >= Self.heldFrames, level > peak - Self.fadePerFrame * Float(framesSincePeak) {
            isFading = false
        }
    }
}
