import Codecs
import Engine
import TestSupport

/// One arrival of a 20 ms packet: which one, and when.
public struct JitterArrival: Sendable, Equatable {
    public var milliseconds: Double
    public var sequence: Int

    public init(_ milliseconds: Double, _ sequence: Int) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }
}

/// A trace played through the jitter buffer with speech in its packets, in virtual time.
public struct JitterRun: Sendable {
    public struct Tick: Sendable {
        public var milliseconds: Double
        public var origin: FrameOrigin
        /// From the speaker's mouth to here: this frame's time minus its timestamp.
        public var lagMilliseconds: Double
        public var delayMilliseconds: Double
        public var samples: [Int16]
    }
    public var ticks: [Tick] = []
    public var statistics = JitterStatistics()
    public var lost = 0
    /// How long the first packet waits for a pull, in milliseconds: the part of the delay that is the pull's phase.
    public var pullWait = 0.0
    /// When the network's delay falls by more than 60 ms, if it does.
    public var stepDown: Double?

    /// Sequence numbers begin at `firstSequence` and timestamps at `firstTimestamp`, and wrap as RTP's do.
    public init(
        _ arrivals: [JitterArrival],
        speech: [UInt8],
        phase: Double = 0,
        firstSequence: Int = 1,
        firstTimestamp: Int64 = 0
    ) {
        var buffer = JitterBuffer(seed: 7)
        let last = arrivals.map(\.milliseconds).max() ?? 0
        let highest = arrivals.map(\.sequence).max() ?? 0
        lost = highest + 1 - Set(arrivals.map(\.sequence)).count
        let first = arrivals.map(\.milliseconds).min() ?? 0
        pullWait = ((first - phase) / 20).rounded(.up) * 20 + phase - first
        let sent = arrivals.sorted { $0.sequence < $1.sequence }
        stepDown =
            zip(sent, sent.dropFirst()).first { $1.milliseconds - $0.milliseconds < -60 }?.1.milliseconds
        var next = 0
        var time = phase
        var frame = FrameSamples(repeating: 0)
        while time <= last + 20 {
            while next < arrivals.count, arrivals[next].milliseconds <= time {
                let arrival = arrivals[next]
                buffer.insert(
                    Self.packet(arrival.sequence, speech, firstSequence, firstTimestamp),
                    now: MediaInstant(nanoseconds: Int64(arrival.milliseconds * 1e6))
                )
                next += 1
            }
            if let origin = buffer.next(now: MediaInstant(nanoseconds: Int64(time * 1e6)), into: &frame) {
                let sent = Double(origin.timestampSamples - firstTimestamp) / 8
                ticks.append(
                    Tick(
                        milliseconds: time,
                        origin: origin,
                        lagMilliseconds: time - sent,
                        delayMilliseconds: buffer.delay.inMilliseconds,
                        samples: (0..<Frame.samples).map { frame[$0] }
                    )
                )
            }
            time += 20
        }
        statistics = buffer.statistics
    }

    public static func packet(_ number: Int, _ speech: [UInt8], _ sequence: Int, _ timestamp: Int64) -> MediaPacket {
        var packet = MediaPacket(
            kind: .audio,
            value: Int64((sequence + number) & 0xFFFF),
            count: UInt8(Frame.samples),
            timestampSamples: (timestamp + Int64(number) * 160) & 0xFFFF_FFFF
        )
        for index in 0..<Frame.samples { packet.bytes[index] = speech[(number * 160 + index) % speech.count] }
        return packet
    }

    public var output: [Int16] { ticks.flatMap(\.samples) }

    public func count(_ operations: FrameOperation...) -> Int {
        ticks.count { operations.contains($0.origin.operation) }
    }

    /// The 95th percentile of what the buffer added.
    public var delayP95: Double {
        let sorted = ticks.map(\.delayMilliseconds).sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 95 / 100)]
    }

    /// Sample jumps of more than six times the local level, beyond those of the same speech undisturbed: clicks.
    public static func clicks(_ samples: [Int16]) -> Int { clickPlaces(samples).count }

    public static func clickPlaces(_ samples: [Int16]) -> [Int] {
        guard samples.count > 400 else { return [] }
        var squares = [Double](repeating: 0, count: samples.count + 1)
        for index in samples.indices {
            squares[index + 1] = squares[index] + Double(samples[index]) * Double(samples[index])
        }
        var clicks: [Int] = []
        var quietUntil = 0
        for index in 80..<(samples.count - 80) where index >= quietUntil {
            // 20 ms around; a jump below 100 steps is under -50 dBFS and inaudible.
            let level = ((squares[index + 80] - squares[index - 80]) / 160).squareRoot()
            let jump = abs(Double(samples[index]) - Double(samples[index - 1]))
            if jump > 6 * level, jump > 100 {
                clicks.append(index)
                quietUntil = index + 160
            }
        }
        return clicks
    }
}
