import Codecs

/// Repairs the caller's audio of a stream over TCP: packets of any size become 20 ms frames on the provider's clock.
///
/// Such a stream loses and reorders nothing on its way; it stalls and bursts, and what was lost before it shows as a gap
/// in its timestamps. Nobody listens to these frames, so nothing is delayed: a packet's frames are there at once, a burst
/// drains at once, and after a stall nothing is late. Short gaps are concealed, longer ones are jumped over and reported.
///
/// Use: `insert` a packet, then `next` until it returns `nil`. Told the time, allocates nothing, holds at most
/// `capacityPackets` packets.
public struct StreamRepair: ~Copyable, Sendable {
    /// Gaps up to 200 ms are filled; of a longer one nothing would be left after 60 ms, so the frames go on behind it.
    public static let longestConcealedSamples: Int64 = 1600
    public static let capacityPackets = 4

    /// The call's packets and frames, counted.
    public internal(set) var statistics = JitterStatistics()

    // What waits, in the order of the provider's time.
    var waiting: InlineArray<4, MediaPacket>
    /// When each of them came.
    var since: InlineArray<4, MediaInstant>
    var waitingCount = 0

    /// The provider's time of the next sample to be appended.
    var clock: Int64 = 0
    /// `clock` comes from the provider's timestamps and is not only counted.
    var isClockProviders = false
    var lastSequence: Int64 = 0
    /// When the last packet that was placed came.
    var lastPlaced: MediaInstant?
    /// Samples that may still be invented: what time has passed, at most a second. A peer that sends gaps without time
    /// passing gets jumps instead, which cost nothing.
    var credit: Int64 = StreamRepair.longestCredit
    var creditedAt: MediaInstant?

    // What is being appended.
    private var current = MediaPacket(kind: .audio)
    private var offset = 0
    private var toConceal = 0
    private var frame = FrameSamples(repeating: 0)
    private var filled = 0
    private var frameTimestamp: Int64 = 0
    private var invented = 0
    private var isNoise = true
    private var isMerged = false

    /// A jump that the frame after `framesToJump` more follows.
    private var pendingJump: Int64?
    private var framesToJump = 0
    private var concealment: Concealment

    static let longestCredit = Int64(Frame.sampleRate)

    public init(seed: UInt64 = 1) {
        waiting = InlineArray(repeating: MediaPacket(kind: .audio))
        since = InlineArray(repeating: .zero)
        concealment = Concealment(seed: seed)
    }

    /// Root mean square of the line's background, in 16-bit steps: for noise while nothing comes.
    public var backgroundLevel: Float { concealment.backgroundLevel }

    /// Takes a packet and gives its frame in one step, when the packet is a whole frame that follows the one before it:
    /// nearly every packet of nearly every call. Nothing is copied but its samples.
    /// - Returns: nil for every other packet, which is kept; `next` goes on from there.
    public mutating func take(
        _ packet: inout MediaPacket,
        now: MediaInstant,
        into frame: inout FrameSamples
    ) -> FrameOrigin? {
        guard isNextFrame(&packet) else {
            insert(packet, now: now)
            return next(now: now, into: &frame)
        }
        statistics.packets += 1
        let slip = ProviderClock.distance(from: clock, to: packet.timestampSamples)
        clock &+= slip / 16
        if packet.value > 0 { lastSequence = packet.value }
        lastPlaced = now
        MuLaw.decode(packet.bytes.span, into: &frame)
        frameTimestamp = clock
        clock &+= Int64(Frame.samples)
        concealment.pass(frame.span)
        return origin(.normal)
    }

    /// Nothing waits, nothing is half done, and the packet's number and time are the next ones. Mutating, as the next one is,
    /// so that the compiler looks at this value where it lies instead of at a copy.
    private mutating func isNextFrame(_ packet: inout MediaPacket) -> Bool {
        let (number, time) = (packet.value, packet.timestampSamples)
        guard packet.kind == .audio, Int(packet.count) == Frame.samples, waitingCount == 0, filled == 0,
            offset >= Int(current.count), toConceal == 0, pendingJump == nil, !concealment.isActive, isClockProviders,
            time >= 0, number == 0 || number == lastSequence &+ 1
        else { return false }
        return abs(ProviderClock.distance(from: clock, to: time)) < Self.toleratedSlip
    }

    /// Takes a packet of kind `.audio`; others and empty ones are ignored. More than 160 bytes are cut to 160.
    public mutating func insert(_ packet: borrowing MediaPacket, now: MediaInstant) {
        guard packet.kind == .audio, packet.count > 0 else { return }
        statistics.packets += 1
        enqueue(packet, now: now)
    }

    /// The next frame; `nil` when more packets are needed first. `frame` is then left as it is.
    public mutating func next(now: MediaInstant, into frame: inout FrameSamples) -> FrameOrigin? {
        refill(now: now)
        while true {
            if toConceal > 0 {
                conceal()
            } else if offset < Int(current.count) {
                if isWholeFrame { return decodeWhole(into: &frame) }
                append()
            } else if !placeNext(now: now) {
                return nil
            }
            if filled == Frame.samples { return finish(into: &frame) }
        }
    }

    // MARK: Appending

    /// The common case, a 20 ms packet on a frame's border with nothing to join: no copy of the frame.
    private var isWholeFrame: Bool {
        mutating get { filled == 0 && offset == 0 && Int(current.count) == Frame.samples && !concealment.isActive }
    }

    private mutating func decodeWhole(into frame: inout FrameSamples) -> FrameOrigin {
        MuLaw.decode(current.bytes.span, into: &frame)
        offset = Frame.samples
        frameTimestamp = clock
        clock &+= Int64(Frame.samples)
        concealment.pass(frame.span)
        return origin(.normal)
    }

    private mutating func append() {
        let count = min(Frame.samples - filled, Int(current.count) - offset)
        begin()
        for index in 0..<count { frame[filled &+ index] = MuLaw.linear(current.bytes[offset &+ index]) }
        if concealment.merge(&frame, from: filled, count: count) { isMerged = true }
        offset += count
        advance(count)
    }

    private mutating func conceal() {
        let count = min(Frame.samples - filled, toConceal)
        begin()
        if !concealment.fill(&frame, from: filled, count: count) { isNoise = false }
        toConceal -= count
        invented += count
        statistics.concealedSamples += count
        advance(count)
    }

    private mutating func begin() {
        guard filled == 0 else { return }
        frameTimestamp = clock
        (invented, isNoise, isMerged) = (0, true, false)
    }

    private mutating func advance(_ count: Int) {
        filled += count
        clock &+= Int64(count)
    }

    private mutating func finish(into output: inout FrameSamples) -> FrameOrigin {
        filled = 0
        for index in 0..<Frame.samples { output[index] = frame[index] }
        if invented > 0 { return origin(isNoise && invented == Frame.samples ? .comfortNoise : .conceal) }
        concealment.learn(frame)
        return origin(isMerged ? .merge : .normal)
    }

    private mutating func origin(_ operation: FrameOperation) -> FrameOrigin {
        statistics.count(operation)
        var origin = FrameOrigin(operation: operation, timestampSamples: frameTimestamp)
        if let pendingJump {
            if framesToJump == 0 {
                (origin.followsDiscontinuity, origin.jumpedSamples) = (true, pendingJump)
                self.pendingJump = nil
            }
            framesToJump -= 1
        }
        return origin
    }

    // MARK: What the placement decided

    /// Makes `packet` the one that is appended, after `gap` invented samples and without its first `trim` samples.
    mutating func accept(_ packet: MediaPacket, gap: Int64 = 0, trim: Int = 0) {
        current = packet
        offset = trim
        toConceal = Int(gap)
        if gap > 0 { credit -= gap }
    }

    /// Makes `packet` the one that is appended, `distance` samples away from where the clock is. A frame that is not full
    /// is completed, so that the new stretch begins on a frame.
    mutating func accept(_ packet: MediaPacket, jumping distance: Int64) {
        let completed = filled > 0 ? Frame.samples - filled : 0
        current = packet
        offset = 0
        toConceal = completed
        // A jump that was not reported yet is part of this one.
        pendingJump = (pendingJump ?? 0) &+ distance &- Int64(completed)
        framesToJump = completed > 0 ? 1 : 0
        clock = packet.timestampSamples &- Int64(completed)
        statistics.discontinuities += 1
    }

    private mutating func refill(now: MediaInstant) {
        guard let then = creditedAt else {
            creditedAt = now
            return
        }
        guard credit < Self.longestCredit else {
            creditedAt = now
            return
        }
        // 125 microseconds are a sample. Whole samples only, so that no fraction is lost between calls.
        let samples = max(0, then.nanoseconds(to: now) / 125_000)
        guard samples > 0 else { return }
        credit = min(Self.longestCredit, credit &+ min(samples, Self.longestCredit))
        creditedAt = now
    }
}
