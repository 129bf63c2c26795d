/// Counts the times the agent's speech was torn because audio came too late.
///
/// A gap begins when the queue runs dry within 200 ms (of played audio) of something audible, and counts if audio
/// comes again within a second. A `clear`, or the caller starting to speak, makes it an ending instead. Pure value,
/// fed once a tick.
struct PlayoutGaps: Sendable {
    private(set) var over20 = 0
    private(set) var over60 = 0
    private(set) var longestMs = 0.0

    private var audioSinceAudibleMs = Double.infinity
    private var dryMs = 0.0
    private var armed = false

    private static let utteranceTailMs = 200.0
    private static let longestGapMs = 1000.0

    mutating func tick(queuedBytes: Int, audible: Bool) {
        let missing = Double(PhoneFrame.bytes - queuedBytes) / Double(PhoneFrame.bytesPerMillisecond)
        if queuedBytes > 0 {
            close()
            audioSinceAudibleMs = audible ? 0 : audioSinceAudibleMs + Double(PhoneFrame.milliseconds) - missing
        }
        if missing > 0 {
            if dryMs == 0 { armed = audioSinceAudibleMs <= Self.utteranceTailMs }
            dryMs += missing
        }
    }

    /// The agent was stopped, or it is no longer its turn: running dry now is no fault.
    mutating func disarm() {
        armed = false
        audioSinceAudibleMs = .infinity
    }

    private mutating func close() {
        if armed, dryMs <= Self.longestGapMs {
            if dryMs >= 20 { over20 += 1 }
            if dryMs >= 60 { over60 += 1 }
            longestMs = max(longestMs, dryMs)
        }
        dryMs = 0
        armed = false
    }
}
