/// Where on the provider's clock a packet belongs, and what that means for the packets around it.
extension StreamRepair {
    /// 5 ms. Timestamps of whole milliseconds are up to 7 samples off, and a clock that is read when the packet is sent a
    /// little more: so small a slip is no gap, the clock only leans towards it.
    static let toleratedSlip: Int64 = 40
    /// A packet that a missing one may still overtake waits this long.
    private static let overtaking: Duration = .milliseconds(40)
    /// A packet this far in the past is another stream's, not a late one.
    private static let longestLateness: Int64 = 8000
    /// A jump may be this much longer than the time that has passed and still be a pause of the talker.
    private static let jumpSlack: Int64 = 8000

    // MARK: The queue

    mutating func enqueue(_ packet: borrowing MediaPacket, now: MediaInstant) {
        if waitingCount == Self.capacityPackets {
            statistics.overflow += 1
            dropFirst()
        }
        var place = waitingCount
        while place > 0,
            isBefore(
                packet.value,
                packet.timestampSamples,
                waiting[place - 1].value,
                waiting[place - 1].timestampSamples
            )
        {
            waiting[place] = waiting[place - 1]
            since[place] = since[place - 1]
            place -= 1
        }
        waiting[place] = copy packet
        if Int(packet.count) > Frame.samples { waiting[place].count = UInt8(Frame.samples) }
        since[place] = now
        waitingCount += 1
    }

    /// Numbers and times both say that a packet was overtaken by another.
    private func isBefore(_ number: Int64, _ time: Int64, _ otherNumber: Int64, _ otherTime: Int64) -> Bool {
        guard let distance = ProviderClock.sequenceDistance(from: otherNumber, to: number), distance < 0, time >= 0,
            otherTime >= 0
        else { return false }
        let slip = ProviderClock.distance(from: otherTime, to: time)
        return slip < 0 && slip >= -Self.longestConcealedSamples
    }

    private mutating func dropFirst() {
        for index in 1..<Self.capacityPackets {
            waiting[index - 1] = waiting[index]
            since[index - 1] = since[index]
        }
        waitingCount -= 1
    }

    // MARK: Placing

    /// Takes packets from the queue until one has something to give.
    /// - Returns: whether there is something to append now.
    mutating func placeNext(now: MediaInstant) -> Bool {
        while waitingCount > 0 {
            switch place(now: now) {
            case .accepted: return true
            case .dropped: continue
            case .held: return false
            }
        }
        return false
    }

    private enum Placement { case accepted, dropped, held }

    private mutating func place(now: MediaInstant) -> Placement {
        let packet = waiting[0]
        let steps = ProviderClock.sequenceDistance(from: lastSequence, to: packet.value)
        guard packet.timestampSamples >= 0 else { return placeUntimed(packet, steps: steps, now: now) }
        guard isClockProviders else {
            isClockProviders = true
            clock = packet.timestampSamples
            accept(packet)
            return placed(packet, now: now)
        }
        let slip = ProviderClock.distance(from: clock, to: packet.timestampSamples)
        if slip < 0, slip > -Self.longestLateness, let steps, steps <= 0 {
            return drop(isDuplicate: steps == 0)
        }
        // Of a packet shorter than 5 ms half its length: else its copy would pass for the next one.
        let tolerated = min(Self.toleratedSlip, max(8, Int64(packet.count) / 2))
        if abs(slip) < tolerated {
            clock &+= slip / 16
            accept(packet)
            return placed(packet, now: now)
        }
        return slip > 0
            ? placeAhead(packet, by: slip, steps: steps, now: now)
            : placeBehind(packet, by: -slip, steps: steps, now: now)
    }

    private mutating func placeUntimed(_ packet: MediaPacket, steps: Int64?, now: MediaInstant) -> Placement {
        // A number long past is that of a restarted stream.
        if let steps, steps <= 0, steps > -64 { return drop(isDuplicate: steps == 0) }
        accept(packet)
        return placed(packet, now: now)
    }

    private mutating func placeAhead(
        _ packet: MediaPacket,
        by slip: Int64,
        steps: Int64?,
        now: MediaInstant
    ) -> Placement {
        if slip <= Self.longestConcealedSamples, slip <= credit {
            if let steps, steps > 1, waitingCount < Self.capacityPackets,
                since[0].duration(to: now) < Self.overtaking
            {
                return .held
            }
            accept(packet, gap: slip)
            return placed(packet, now: now)
        }
        let elapsed = (lastPlaced ?? now).nanoseconds(to: since[0]) / 125_000
        if slip <= elapsed + Self.jumpSlack { return jump(packet, by: slip, now: now) }
        return judgeStray(packet, by: slip, steps: steps, now: now)
    }

    private mutating func placeBehind(
        _ packet: MediaPacket,
        by lateness: Int64,
        steps: Int64?,
        now: MediaInstant
    ) -> Placement {
        guard lateness < Self.longestLateness else {
            return judgeStray(packet, by: -lateness, steps: steps, now: now)
        }
        guard lateness < Int64(packet.count) else { return drop(isDuplicate: steps == 0) }
        accept(packet, trim: Int(lateness))
        return placed(packet, now: now)
    }

    /// A packet of quite another time: the stream started again when its number is the next, or when the packet behind it
    /// goes on from it; a stray one when the packet behind it goes on from before.
    private mutating func judgeStray(
        _ packet: MediaPacket,
        by slip: Int64,
        steps: Int64?,
        now: MediaInstant
    ) -> Placement {
        if steps == 1 { return jump(packet, by: slip, now: now) }
        guard waitingCount > 1 else { return .held }
        let following = waiting[1].timestampSamples
        let end = packet.timestampSamples &+ Int64(packet.count)
        let goesOn = abs(ProviderClock.distance(from: end, to: following)) <= Self.longestConcealedSamples
        let wentOn = abs(ProviderClock.distance(from: clock, to: following)) <= Self.longestConcealedSamples
        if wentOn, !goesOn {
            statistics.strays += 1
            dropFirst()
            return .dropped
        }
        return jump(packet, by: slip, now: now)
    }

    private mutating func jump(_ packet: MediaPacket, by slip: Int64, now: MediaInstant) -> Placement {
        accept(packet, jumping: slip)
        return placed(packet, now: now)
    }

    private mutating func placed(_ packet: MediaPacket, now: MediaInstant) -> Placement {
        if packet.value > 0 { lastSequence = packet.value }
        lastPlaced = since[0]
        dropFirst()
        return .accepted
    }

    private mutating func drop(isDuplicate: Bool) -> Placement {
        if isDuplicate { statistics.duplicates += 1 } else { statistics.late += 1 }
        dropFirst()
        return .dropped
    }
}
