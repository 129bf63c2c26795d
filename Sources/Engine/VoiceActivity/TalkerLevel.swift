/// Tracks how loud the talker's vowels are, so that much quieter sounds in the background do not count as a start of speech.
struct TalkerLevel {
    /// dBFS; the expected level until somebody has spoken.
    private(set) var decibels: Float
    private(set) var isKnown = false

    init(expectedDecibels: Float) { decibels = expectedDecibels }

    /// Learns from a voiced speech frame.
    mutating func hear(_ levelDecibels: Float) {
        if !isKnown {
            decibels = levelDecibels
            isKnown = true
        } else if levelDecibels > decibels {
            decibels += (levelDecibels - decibels) * 0.2
        } else {
            decibels += max(levelDecibels - decibels, -12) * 0.01
        }
    }

    /// Comes down a little: something that would be speech but for its level was heard. A caller who moved away from the
    /// telephone is followed at `decibelsPerFrame`.
    mutating func doubt(decibelsPerFrame: Float) { decibels -= decibelsPerFrame }

    /// How far a level lies below the talker's, dB.
    func shortfall(of levelDecibels: Float) -> Float { decibels - levelDecibels }
}
