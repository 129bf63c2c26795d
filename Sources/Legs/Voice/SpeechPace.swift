/// Says until when a piece of speech is on time: first by its first audio, then by the playout that this began.
///
/// A value that is told the time. A vendor that drips is late by the same rule as one that stops: what has arrived has been
/// played, and nothing is left to play.
package struct SpeechPace: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private let limits: VoiceLimits
    private let rate: Int
    private let start: Instant
    private var firstAudio: Instant?
    private var samples = 0

    /// - Parameter rate: samples per second of what `receive` counts.
    package init(_ limits: VoiceLimits, rate: Int, now: Instant) {
        self.limits = limits
        self.rate = rate
        start = now
    }

    package var hasBegun: Bool { firstAudio != nil }

    /// More audio, or the end, must have come by then.
    package var deadline: Instant {
        guard let firstAudio else { return start.advanced(by: limits.firstAudio) }
        let played = Duration.milliseconds(Int64(samples) * 1000 / Int64(rate))
        return firstAudio.advanced(by: played + limits.stall)
    }

    package mutating func receive(samples count: Int, now: Instant) {
        guard count > 0 else { return }
        if firstAudio == nil { firstAudio = now }
        samples += count
    }
}
