/// What the provider does with the audio it is sent: a queue played at the speed of the phone.
///
/// Plays exactly one 160-byte frame per 20 ms tick (silence when nothing is queued), gives a mark back when
/// everything queued before it has been played, at once when nothing is; `clear` empties the queue and gives all
/// pending marks back at once. Pure value: it is told the time, in milliseconds of the call.
///
/// - Source: twilio.com/docs/voice/media-streams/websocket-messages (messages to Twilio).
public struct PlayoutBuffer: Sendable {
    /// What one tick put on the line.
    public struct Played: Sendable, Equatable {
        /// Bytes of the frame that came from the queue; the rest is silence.
        public let queuedBytes: Int
        /// When the first of those bytes had arrived, in milliseconds of the call; nil when there are none.
        public let arrivedAt: Double?
        /// Marks whose audio had been played to the end when this frame began, in order.
        public let marks: [String]
    }

    /// What a `clear` took away.
    public struct Cleared: Sendable, Equatable {
        /// The marks that were pending, in order. They come back although their audio was not heard to the end.
        public let marks: [String]
        /// Audio that was not heard, in milliseconds: the queue and the rest of the frame on the line.
        public let unplayedMilliseconds: Double
    }

    private var queue: [UInt8] = []
    /// Index in `queue` of the next byte to play.
    private var head = 0
    /// Bytes ever queued and ever taken from the queue; positions of marks and arrivals are counted on the same scale.
    private var queued = 0
    private var taken = 0
    private var pendingMarks: [(name: String, position: Int)] = []
    private var arrivals: [(position: Int, at: Double)] = []
    /// The frame now on the line: when it began and how much of it is queued audio.
    private var onLine: (since: Double, bytes: Int)?

    public init() {}

    /// Bytes waiting to be played.
    public var waitingBytes: Int { queued - taken }
    /// Whether nothing is queued and no queued audio is on the line.
    public var isIdle: Bool { waitingBytes == 0 && onLine == nil }

    /// Appends audio to the queue. Any size.
    public mutating func media(_ bytes: [UInt8], now: Double) {
        guard !bytes.isEmpty else { return }
        arrivals.append((queued, now))
        queue.append(contentsOf: bytes)
        queued += bytes.count
    }

    /// Takes a mark.
    ///
    /// - Returns: whether it is to be given back at once, because nothing is being played.
    public mutating func mark(_ name: String) -> Bool {
        if isIdle { return true }
        pendingMarks.append((name, queued))
        return false
    }

    /// Empties the queue.
    public mutating func clear(now: Double) -> Cleared {
        var unplayed = Double(waitingBytes) / Double(PhoneFrame.bytesPerMillisecond)
        if let onLine {
            let length = Double(onLine.bytes) / Double(PhoneFrame.bytesPerMillisecond)
            unplayed += max(0, length - (now - onLine.since))
        }
        let marks = pendingMarks.map(\.name)
        queue.removeAll(keepingCapacity: true)
        head = 0
        taken = queued
        pendingMarks.removeAll()
        arrivals.removeAll()
        return Cleared(marks: marks, unplayedMilliseconds: unplayed)
    }

    /// Puts the next frame on the line.
    ///
    /// - Parameter line: what the phone hears; exactly 160 bytes are appended.
    public mutating func tick(now: Double, into line: inout [UInt8]) -> Played {
        var due: [String] = []
        while let mark = pendingMarks.first, mark.position <= taken {
            due.append(mark.name)
            pendingMarks.removeFirst()
        }
        let bytes = min(PhoneFrame.bytes, waitingBytes)
        let arrivedAt = bytes > 0 ? arrivals.first?.at : nil
        line.append(contentsOf: queue[head..<head + bytes])
        for _ in bytes..<PhoneFrame.bytes { line.append(PhoneFrame.silence) }
        head += bytes
        taken += bytes
        while arrivals.count > 1 && arrivals[1].position <= taken { arrivals.removeFirst() }
        if taken == queued { arrivals.removeAll(keepingCapacity: true) }
        forgetPlayed()
        onLine = bytes > 0 ? (now, bytes) : nil
        return Played(queuedBytes: bytes, arrivedAt: arrivedAt, marks: due)
    }

    /// Keeps the queue from growing with the call: drops played bytes once there are ten seconds of them or it is
    /// empty.
    private mutating func forgetPlayed() {
        if head == queue.count {
            queue.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 80_000 {
            queue.removeFirst(head)
            head = 0
        }
    }
}
