/// How loud the sounds are that were not taken for speech: the beats and notes of music, the loudest of a crowd.
///
/// A frame counts half a second after it was heard, and not at all when speech began in between: a talker's own first
/// consonants are no background.
struct BackgroundPeak {
    private static let delayFrames = 24
    private static let nothing: Float = -100

    private var waiting = [24 of Float](repeating: Self.nothing)
    private var next = 0
    private var wasTalking = false
    /// dBFS; rises a quarter of the way per frame, falls 3 dB a second.
    private(set) var decibels = Self.nothing

    mutating func hear(_ levelDecibels: Float, whileTalking isTalking: Bool) {
        if isTalking && !wasTalking { waiting = [24 of Float](repeating: Self.nothing) }
        wasTalking = isTalking
        let ripe = waiting[next]
        waiting[next] = isTalking ? Self.nothing : levelDecibels
        next = next + 1 == Self.delayFrames ? 0 : next + 1
        if ripe > decibels {
            decibels += (ripe - decibels) * 0.25
        } else {
            decibels = max(decibels - 0.06, Self.nothing)
        }
    }
}
