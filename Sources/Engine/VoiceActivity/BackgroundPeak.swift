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
    /// Share of the frames that were voiced, over a second without speech.
    private(set) var voicedShare: Float = 0
    /// Enough has been heard, 0.8 s, for `decibels` to have risen to it.
    var isKnown: Bool { framesHeard >= 40 }
    private var framesHeard = 0

    mutating func hear(_ levelDecibels: Float, isVoiced: Bool, whileTalking isTalking: Bool) {
        framesHeard += 1
        if !isTalking { voicedShare += ((isVoiced ? 1 : 0) - voicedShare) * 0.02 }
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
