/// Ties every frame sent to the words it carries and to the moment the caller hears it.
///
/// The provider plays frames back to back from the moment the first one arrives, so the end of what it has queued is
/// known without asking: `queuedUntil`. What was heard is everything whose modelled end has passed, less the way to the
/// phone and back, which returned marks measure. After a `clear`, what was still queued was never heard.
public struct PlayoutLedger: ~Copyable, Sendable {
    /// One frame on its way to the caller's ear.
    private struct Entry: BitwiseCopyable {
        var reply: Int32 = 0
        var piece: Int32 = 0
        /// Samples of the piece up to the end of this frame.
        var end: Int32 = 0
        var heardAt: MediaInstant = .zero
    }
    private struct PendingMark: BitwiseCopyable {
        var number: Int64 = 0
        var expected: MediaInstant = .zero
        var position = HeardPosition(reply: 0, piece: 0, samples: 0)
    }

    /// Frames not yet heard: the pacer's lead is a few frames, so 64 (1.3 s) also covers a slow line.
    private var entries = InlineArray<64, Entry>(repeating: Entry())
    private var first = 0
    private var count = 0
    private var marks = InlineArray<32, PendingMark>(repeating: PendingMark())
    private var firstMark = 0
    private var markCount = 0
    private var nextMark: Int64 = 1

    /// When the provider will have played everything it was sent.
    public private(set) var queuedUntil: MediaInstant = .zero
    /// The last position the caller is known or modelled to have heard.
    public private(set) var heard = HeardPosition(reply: 0, piece: 0, samples: 0)
    /// Smoothed time between the modelled end of a mark's audio and the mark's return: network both ways.
    public private(set) var roundTrip: Duration = .zero
    private var hasRoundTrip = false
    /// Half of it: the way to the caller's ear.
    private var oneWay: Int64 = 0

    public init() {}

    /// Audio sent and not yet played, by the model.
    public func lead(at now: MediaInstant) -> Duration { .nanoseconds(leadNanoseconds(at: now)) }

    /// The same for the tick.
    public func leadNanoseconds(at now: MediaInstant) -> Int64 { max(0, now.nanoseconds(to: queuedUntil)) }

    /// Records that a frame goes out now.
    /// - Parameter end: samples of the piece up to the end of this frame.
    public mutating func sent(reply: Int32, piece: Int32, end: Int32, now: MediaInstant) {
        queuedUntil = max(queuedUntil, now).advanced(nanoseconds: Frame.nanoseconds)
        if count == 64 { advanceOldest() }
        entries[(first + count) & 63] = Entry(reply: reply, piece: piece, end: end, heardAt: queuedUntil)
        count += 1
    }

    /// Records that a frame without speech goes out now: it takes its time in the queue and belongs to no reply.
    public mutating func sentBackground(now: MediaInstant) {
        queuedUntil = max(queuedUntil, now).advanced(nanoseconds: Frame.nanoseconds)
    }

    /// Registers a mark behind everything sent so far.
    /// - Returns: its number, or nil while too many marks are unanswered.
    public mutating func mark(reply: Int32, piece: Int32, end: Int32) -> Int64? {
        guard markCount < 32 else { return nil }
        let position = HeardPosition(reply: reply, piece: piece, samples: end, isConfirmed: true)
        marks[(firstMark + markCount) & 31] = PendingMark(number: nextMark, expected: queuedUntil, position: position)
        markCount += 1
        nextMark += 1
        return nextMark - 1
    }

    /// A mark came back.
    /// - Returns: false for a mark that is not pending (unknown, repeated, or from before a `clear`).
    public mutating func returned(mark number: Int64, now: MediaInstant) -> Bool {
        // Marks come back in order: an answered one answers those before it, whose return was lost.
        for index in 0..<markCount where marks[(firstMark + index) & 31].number == number {
            let mark = marks[(firstMark + index) & 31]
            firstMark += index + 1
            markCount -= index + 1
            let delay = max(.zero, mark.expected.duration(to: now))
            roundTrip = hasRoundTrip ? (roundTrip * 7 + delay) / 8 : delay
            hasRoundTrip = true
            oneWay = roundTrip.nanoseconds / 2
            confirm(mark.position)
            return true
        }
        return false
    }

    /// Moves the heard position to `now`.
    public mutating func advance(to now: MediaInstant) {
        // A frame is heard half a round trip after its modelled end at the provider.
        let horizon = now.advanced(nanoseconds: -oneWay)
        while count > 0, entries[first & 63].heardAt <= horizon { advanceOldest() }
    }

    /// Everything queued will never be heard (`clear`). Pending marks come back now and prove nothing.
    public mutating func cleared(now: MediaInstant) {
        advance(to: now)
        count = 0
        markCount = 0
        queuedUntil = now
    }

    /// True when nothing that was sent is still to be heard.
    public var isEmpty: Bool { count == 0 }

    private mutating func advanceOldest() {
        let entry = entries[first & 63]
        first &+= 1
        count -= 1
        let sameReply = entry.reply == heard.reply
        heard = HeardPosition(
            reply: entry.reply,
            piece: entry.piece,
            samples: entry.end,
            isConfirmed: sameReply && heard.isConfirmed
        )
    }

    private mutating func confirm(_ position: HeardPosition) {
        while count > 0 {
            let entry = entries[first & 63]
            guard (entry.reply, entry.piece, entry.end) <= (position.reply, position.piece, position.samples) else {
                break
            }
            advanceOldest()
        }
        if (heard.reply, heard.piece, heard.samples) <= (position.reply, position.piece, position.samples) {
            heard = position
        } else if heard.reply == position.reply {
            heard.isConfirmed = true
        }
    }
}
