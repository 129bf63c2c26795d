/// What the provider does with an engine's audio, by count: a queue played at 160 bytes per tick, marks that come back, and
/// torn speech.
///
/// The same rules as `PlayoutBuffer` and `PlayoutGaps`, without the audio itself. Pure value; no allocation once its arrays
/// have grown to a call's usual queue.
///
/// - Source: twilio.com/docs/voice/media-streams/websocket-messages (messages to Twilio).
package struct LoadPlayout {
    private struct Piece {
        var bytes: Int
        var isAudible: Bool
    }
    private struct Mark {
        /// Bytes queued before it.
        var position: Int
        var nameEnd: Int
    }

    private var pieces: [Piece] = []
    private var firstPiece = 0
    private var queued = 0
    private var taken = 0
    private var marks: [Mark] = []
    private var firstMark = 0
    private var names: [UInt8] = []
    /// Queued audio is on the line in this frame.
    private var isOnLine = false
    private var gaps = LoadGaps()

    package init() {}

    package var waitingBytes: Int { queued - taken }

    package mutating func media(bytes: Int, isAudible: Bool) {
        guard bytes > 0 else { return }
        if firstPiece == pieces.count {
            pieces.removeAll(keepingCapacity: true)
            firstPiece = 0
        } else if firstPiece >= 1024 {
            pieces.removeFirst(firstPiece)
            firstPiece = 0
        }
        pieces.append(Piece(bytes: bytes, isAudible: isAudible))
        queued += bytes
    }

    /// - Returns: whether the mark goes back at once, because nothing is being played.
    package mutating func mark(_ name: Span<UInt8>) -> Bool {
        if waitingBytes == 0, !isOnLine { return true }
        if firstMark == marks.count { forgetMarks() }
        for index in 0..<name.count { names.append(name[index]) }
        marks.append(Mark(position: queued, nameEnd: names.count))
        return false
    }

    /// Empties the queue; every pending mark is due.
    package mutating func clear() {
        pieces.removeAll(keepingCapacity: true)
        firstPiece = 0
        taken = queued
        isOnLine = false
        gaps.disarm()
    }

    /// Hands out the marks whose audio is played, one by one, before the frame that `tick` begins.
    package mutating func nextDueMark() -> ArraySlice<UInt8>? {
        guard firstMark < marks.count, marks[firstMark].position <= taken else { return nil }
        let start = firstMark == 0 ? 0 : marks[firstMark - 1].nameEnd
        let end = marks[firstMark].nameEnd
        firstMark += 1
        return names[start..<end]
    }

    /// Puts the next frame on the line.
    ///
    /// - Returns: the bytes that came from the queue, whether they can be heard, and a gap that has just ended, in ms.
    package mutating func tick() -> (bytes: Int, isAudible: Bool, gap: Double?) {
        let bytes = min(PhoneFrame.bytes, waitingBytes)
        var isAudible = false
        var left = bytes
        while left > 0 {
            let part = min(left, pieces[firstPiece].bytes)
            isAudible = isAudible || pieces[firstPiece].isAudible
            pieces[firstPiece].bytes -= part
            if pieces[firstPiece].bytes == 0 { firstPiece += 1 }
            left -= part
        }
        taken += bytes
        isOnLine = bytes > 0
        return (bytes, isAudible, gaps.tick(queuedBytes: bytes, audible: isAudible))
    }

    /// The caller began to speak, or the generator itself was late: running dry now is nobody's fault.
    package mutating func excuse() { gaps.disarm() }

    private mutating func forgetMarks() {
        marks.removeAll(keepingCapacity: true)
        names.removeAll(keepingCapacity: true)
        firstMark = 0
    }
}

/// Finds the times an agent's speech was torn because audio came too late.
///
/// A gap begins when the queue runs dry within 200 ms (of played audio) of something audible, and counts if audio comes again
/// within a second, as in `PlayoutGaps`; here each gap is handed out when it ends.
struct LoadGaps {
    private var audioSinceAudible = Double.infinity
    private var dry = 0.0
    private var isArmed = false

    private static let utteranceTailMs = 200.0
    private static let longestGapMs = 1000.0
    private static let shortestGapMs = 20.0

    mutating func tick(queuedBytes: Int, audible: Bool) -> Double? {
        var ended: Double?
        let missing = Double(PhoneFrame.bytes - queuedBytes) / Double(PhoneFrame.bytesPerMillisecond)
        if queuedBytes > 0 {
            if isArmed, dry >= Self.shortestGapMs, dry <= Self.longestGapMs { ended = dry }
            dry = 0
            isArmed = false
            audioSinceAudible = audible ? 0 : audioSinceAudible + Double(PhoneFrame.milliseconds) - missing
        }
        if missing > 0 {
            if dry == 0 { isArmed = audioSinceAudible <= Self.utteranceTailMs }
            dry += missing
        }
        return ended
    }

    mutating func disarm() {
        isArmed = false
        audioSinceAudible = .infinity
    }
}
