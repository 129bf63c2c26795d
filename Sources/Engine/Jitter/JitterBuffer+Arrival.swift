/// What becomes of a packet when it arrives.
extension JitterBuffer {
    /// 5 ms: the first packet waits for its followers a little, since it is rarely the latest of them.
    private static let startingDelay: Int64 = 40
    /// A packet more than 2 s away from what is being played belongs to another stream, or is a stray one.
    private static let longestReach: Int64 = 16_000
    /// 10 ms: late packets whose transits differ by less are equally late; those of a draining spike differ by 20 ms.
    private static let equallyLate: Int64 = 80
    private static let steadyPackets = 5
    /// 200 ms: for so long after an outage its stragglers say nothing about the network.
    private static let stragglers: Int64 = 1600

    /// Takes a packet of kind `.audio`; others and empty ones are ignored. More than 160 bytes are cut to 160.
    public mutating func insert(_ packet: borrowing MediaPacket, now: MediaInstant) {
        guard packet.kind == .audio, packet.count > 0 else { return }
        statistics.packets += 1
        let time = Self.samples(now)
        let stamp =
            packet.timestampSamples >= 0 ? packet.timestampSamples : store.lastEnd ?? playhead
        guard isAnchored else { return begin(with: packet, at: stamp, time: time) }
        let timestamp = playhead &+ ProviderClock.distance(from: playhead, to: stamp)
        if (timestamp &- playhead).magnitude <= Self.longestReach {
            if stray != nil {
                stray = nil
                statistics.strays += 1
            }
            return place(packet, at: timestamp, time: time)
        }
        guard let first = stray else { return stray = copy packet }
        let end = first.timestampSamples &+ Int64(first.count)
        stray = copy packet
        guard abs(ProviderClock.distance(from: end, to: stamp)) <= Self.longestReach else {
            statistics.strays += 1
            return
        }
        // Two that agree: the stream has started again.
        stray = nil
        let before = playhead
        restart()
        begin(with: first, at: first.timestampSamples, time: time)
        pendingJump = (pendingJump ?? 0) &+ ProviderClock.distance(from: before, to: first.timestampSamples)
        place(packet, at: playhead &+ ProviderClock.distance(from: playhead, to: stamp), time: time)
    }

    private mutating func begin(with packet: borrowing MediaPacket, at stamp: Int64, time: Int64) {
        if !isAnchored { startsAt = time &+ Self.startingDelay }
        isAnchored = true
        playhead = stamp
        target.reset(to: time &- stamp)
        place(packet, at: stamp, time: time)
    }

    private mutating func place(_ packet: borrowing MediaPacket, at timestamp: Int64, time: Int64) {
        let mark = Int((timestamp / Int64(Frame.samples)) & 63)
        if received[mark] == timestamp {
            statistics.duplicates += 1
            return
        }
        received[mark] = timestamp
        let transit = time &- timestamp
        if timestamp &+ Int64(packet.count) <= playhead { return placeLate(packet, at: timestamp, transit: transit) }
        let isStraggler = isOutage || playhead &- outageEnded <= Self.stragglers
        target.observe(transit, wasOvertaken: !isStraggler && timestamp < (store.lastEnd ?? playhead))
        if store.isFull {
            statistics.overflow += 1
            _ = store.removeFirst()
            if store.firstTimestamp > playhead { jump(to: store.firstTimestamp) }
        }
        if !store.insert(packet, at: timestamp) { statistics.duplicates += 1 }
    }

    private mutating func placeLate(_ packet: borrowing MediaPacket, at timestamp: Int64, transit: Int64) {
        let lateness = playhead &- timestamp
        if isOutage {
            steadyLate = (transit &- lateTransit).magnitude <= Self.equallyLate ? steadyLate + 1 : 1
            lateTransit = transit
            guard steadyLate >= Self.steadyPackets else {
                statistics.late += 1
                return
            }
            // The network takes longer from now on: what it brings is played that much later.
            isOutage = false
            steadyLate = 0
            target.reset(to: transit)
            jump(to: timestamp)
            _ = store.insert(packet, at: timestamp)
            return
        }
        statistics.late += 1
        // What waiting could not have saved is no reason to wait longer.
        if lateness <= Self.longestHold, playhead &- outageEnded > Self.stragglers {
            target.observe(transit, wasOvertaken: true)
        }
    }
}
