import Codecs

/// A playout buffer for RTP: packets of G.711 that come late, early, twice or never become one frame every 20 ms.
///
/// The delay follows the network: `DelayTarget` says how late packets come, and the delay is brought there by stretching
/// one period at a time, at most every fifth frame. Missing packets are concealed. When nothing comes for 160 ms the time
/// runs on, so that a spike of the network costs what was in it and not the conversation's pace afterwards.
///
/// Use: `insert` packets as they come; `next` once every 20 ms. Told the time, allocates nothing, holds at most 64 packets.
/// Times: 8 kHz samples. Wraps as in RFC 3550.
public struct JitterBuffer: ~Copyable, Sendable {
    public internal(set) var statistics = JitterStatistics()

    var store = PacketStore()
    var target = DelayTarget()
    /// Unwrapped time of the next sample to be decoded.
    var playhead: Int64 = 0
    var isAnchored = false
    /// Nothing is given out before.
    var startsAt: Int64 = 0
    /// Samples invented while the playhead stood still, waiting for packets that may only be late.
    var held: Int64 = 0
    /// Nothing came for so long that time runs on without packets.
    var isOutage = false
    var outageEnded: Int64 = .min / 2
    /// Late packets in a row that are all equally late: not a spike that drains, the network's delay has changed.
    var steadyLate = 0
    var lateTransit: Int64 = 0
    /// A packet of quite another time, until the next one confirms it.
    var stray: MediaPacket?
    /// The times received last, to tell a copy from a late packet.
    var received = [64 of Int64](repeating: .min)
    var pendingJump: Int64?

    private var ready = StretchBuffer()
    private var concealment: Concealment
    private var scratch = FrameSamples(repeating: 0)
    private var ticksSinceStretch = JitterBuffer.ticksBetweenStretches
    private var tick = Tick()

    private static let ticksBetweenStretches = 5
    /// 20 ms, one tick: the pull's phase is no excess, and the longest period removed is shorter, so that stretching never
    /// undoes itself.
    private static let tolerated: Int64 = 160
    /// After 60 ms without packets the delay has risen: one frame more is not noticed, a second gap would be.
    private static let longWait: Int64 = 480
    /// 160 ms without a packet: longer than a step of 120 ms, of which nothing may be lost; shorter than what stretching
    /// could win back in two seconds.
    static let longestHold: Int64 = 1280
    /// Beyond 400 ms too late stretching takes too long to catch up.
    private static let tooFarBehind: Int64 = 3200
    /// Correlation of neighbouring periods from which a splice is not heard; in a hurry less will do.
    private static let alike: Float = 0.8
    private static let alikeEnough: Float = 0.4
    private static let hurry: Int64 = 240

    /// What happened while this tick's frame was made.
    private struct Tick {
        var invented = 0
        var isNoise = true
        var isMerged = false
        var stretched: FrameOperation?
    }

    public init(seed: UInt64 = 1) { concealment = Concealment(seed: seed) }

    /// How long the samples of the last frame waited, beyond the fastest packet's way: what the buffer adds to the call.
    public private(set) var delay: Duration = .zero

    /// This tick's frame; `nil` only before the first packet's time has come.
    public mutating func next(now: MediaInstant, into frame: inout FrameSamples) -> FrameOrigin? {
        let time = Self.samples(now)
        guard isAnchored, time >= startsAt else { return nil }
        tick = Tick()
        ticksSinceStretch += 1
        if ready.count < Frame.samples {
            steer(time)
            while ready.count < Frame.samples { fetch(time) }
        }
        let timestamp = playhead &- Int64(ready.count)
        delay = .nanoseconds(max(0, time &- timestamp &- target.fastest) &* 125_000)
        ready.take(into: &frame)
        return origin(timestamp, frame)
    }

    private mutating func origin(_ timestamp: Int64, _ frame: borrowing FrameSamples) -> FrameOrigin {
        let operation: FrameOperation
        if tick.invented > 0 {
            operation = tick.isNoise ? .comfortNoise : .conceal
        } else {
            concealment.learn(frame)
            operation = tick.isMerged ? .merge : tick.stretched ?? .normal
        }
        statistics.count(operation)
        var origin = FrameOrigin(operation: operation, timestampSamples: timestamp)
        if let jump = pendingJump {
            (origin.followsDiscontinuity, origin.jumpedSamples) = (true, jump)
            statistics.discontinuities += 1
            pendingJump = nil
        }
        return origin
    }

    // MARK: Delay

    /// Brings the delay towards its target, if this is the tick for it.
    private mutating func steer(_ time: Int64) {
        let excess = time &- playhead &- target.transit
        if excess > Self.tooFarBehind, !isOutage { jump(to: time &- target.transit &- Int64(Self.longestStretch)) }
        guard ticksSinceStretch >= Self.ticksBetweenStretches, !concealment.isActive, !isOutage else { return }
        let quiet = concealment.backgroundLevel * concealment.backgroundLevel * 4
        if excess > Self.tolerated {
            while ready.count < 2 * Self.longestStretch, isNextReady { decodeFirst() }
            guard ready.count >= 2 * Self.longestStretch else { return }
            let likeness = excess > Self.hurry ? Self.alikeEnough : Self.alike
            guard ready.accelerate(likeness: likeness, quietPower: quiet) > 0 else { return }
            tick.stretched = .accelerate
            ticksSinceStretch = 0
        } else if excess < 0, isNextReady {
            decodeFirst()
            guard ready.expand(likeness: Self.alikeEnough, quietPower: quiet) > 0 else { return }
            tick.stretched = .expand
            ticksSinceStretch = 0
        }
    }

    private static let longestStretch = 120

    private var isNextReady: Bool { store.count > 0 && store.firstTimestamp == playhead }

    /// Goes on elsewhere on the provider's clock.
    mutating func jump(to timestamp: Int64) {
        pendingJump = (pendingJump ?? 0) &+ timestamp &- playhead
        playhead = timestamp
        held = 0
    }

    // MARK: Fetching

    /// Adds samples to those that are ready: the next packet's, or invented ones.
    private mutating func fetch(_ time: Int64) {
        while store.count > 0, store.firstEnd <= playhead {
            _ = store.removeFirst()
            statistics.late += 1
        }
        guard store.count > 0 else { return wait(time) }
        var gap = store.firstTimestamp &- playhead
        if gap > 0, held > 0 {
            // What was invented while waiting was the gap: it need not be invented again.
            let known = min(held, gap)
            playhead &+= known
            held -= known
            gap -= known
        }
        guard gap > 0 else {
            if held >= Self.longWait, time &- playhead < target.transit { return wait(time) }
            return decodeFirst()
        }
        playhead &+= invent(Int(min(gap, Int64(Frame.samples - ready.count))))
    }

    private mutating func decodeFirst() {
        let entry = store.removeFirst()
        let trim = Int(max(0, playhead &- entry.timestamp))
        for index in trim..<entry.count { scratch[index] = MuLaw.linear(entry.bytes[index]) }
        if concealment.merge(&scratch, from: trim, count: entry.count - trim) { tick.isMerged = true }
        ready.append(scratch, from: trim, count: entry.count - trim)
        playhead = entry.end
        held = 0
        if isOutage {
            isOutage = false
            outageEnded = entry.end
        }
    }

    /// Nothing is there. The playhead waits, because the next packet may only be late; after a while it no longer does.
    private mutating func wait(_ time: Int64) {
        let count = invent(Frame.samples - ready.count)
        if isOutage {
            playhead &+= count
        } else {
            held &+= count
            guard held >= Self.longestHold else { return }
            isOutage = true
            steadyLate = 0
            let usual = time &- target.transit
            if usual > playhead { jump(to: usual) }
        }
    }

    private mutating func invent(_ count: Int) -> Int64 {
        if !concealment.fill(&scratch, count: count) { tick.isNoise = false }
        ready.append(scratch, from: 0, count: count)
        tick.invented += count
        statistics.concealedSamples += count
        return Int64(count)
    }

    /// Forgets the samples that were decoded ahead: they belong to a stream that is over.
    mutating func restart() {
        store.removeAll()
        for index in 0..<64 { received[index] = .min }
        (held, isOutage, steadyLate) = (0, false, 0)
        outageEnded = .min / 2
    }

    /// A moment of the call in samples of 125 us.
    static func samples(_ now: MediaInstant) -> Int64 { now.nanoseconds / 125_000 }
}
