/// Whether what is heard began with a strike and has only died away since, strikes into what still sounds included: bells, a drum kit.
///
/// Stricter than `StruckSound`: a voice that begins softly over its own breath is a strike here too, so this judges only where a
/// late start costs little.
struct OverlappingStrikes {
    /// A rise by this within two frames is a strike until it proves to be a voice, dB.
    private static let strikeDecibels: Float = 5
    /// A rise by less within a frame is a waver of what is fading, dB.
    private static let waverDecibels: Float = 1
    /// A rise by this within a frame begins a strike, whatever wavered before it by less than `swellDecibels`, dB. A voice that
    /// swells rises most at once, and then less.
    private static let strokeDecibels: Float = 8
    private static let swellDecibels: Float = 3
    /// Frames that a strike's rise takes at most: one that it falls into and one that it fills.
    private static let strikeFrames = 2
    /// After this many frames a strike has faded by `fadePerFrame` each, or it is held. A bell fades by 6 dB a second.
    private static let heldFrames = 8
    private static let fadePerFrame: Float = 0.06

    private var last: Float = -100
    /// The level before it began to rise.
    private var before: Float = -100
    private var risingFrames = 0
    private var peak: Float = -100
    private var framesSinceRise = 0
    /// Struck, and nothing since has shown a voice.
    private(set) var isFading = false

    mutating func hear(_ levelDecibels: Float) {
        let level = max(levelDecibels, -70)
        defer { last = level }
        guard level > last + Self.waverDecibels else {
            risingFrames = 0
            framesSinceRise += 1
            peak = max(peak, level)
            if framesSinceRise >= Self.heldFrames, level > peak - Self.fadePerFrame * Float(framesSinceRise) {
                isFading = false
            }
            return
        }
        let isStroke = level > last + Self.strokeDecibels && last < before + Self.swellDecibels
        if risingFrames == 0 || isStroke { (before, risingFrames) = (last, 0) }
        risingFrames += 1
        guard risingFrames <= Self.strikeFrames else {
            peak = max(peak, level)
            isFading = false
            return
        }
        if level > before + Self.strikeDecibels { isFading = true }
        (peak, framesSinceRise) = (level, 0)
    }
}
