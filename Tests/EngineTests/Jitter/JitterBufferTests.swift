import AudioQuality
import Codecs
import Engine
import TestSupport
import Testing

@Suite("Jitter buffer")
struct JitterBufferTests {
    static let speech = (try? Fixtures.bytes("speech/flite_slt_00.ulaw")) ?? []

    @Test func wrappingNumbersAndTimesChangeNothing() {
        let arrivals = JitterTraces.jitter(deviation: 12, seed: 4)
        let plain = JitterRun(arrivals, speech: Self.speech)
        let wrapping = JitterRun(
            arrivals,
            speech: Self.speech,
            firstSequence: 65_000,
            firstTimestamp: 0xFFFF_FFFF - 160 * 700
        )
        #expect(plain.output == wrapping.output)
        #expect(plain.statistics == wrapping.statistics)
        #expect(plain.ticks.count > 1400)
    }

    @Test func aMissingFirstPacketDelaysNothing() {
        let arrivals = JitterTraces.steady(at: 40).filter { $0.sequence > 0 }
        let run = JitterRun(arrivals, speech: Self.speech)
        #expect(run.statistics.concealed == 0)
        #expect(run.delayP95 <= 20)
    }

    @Test func aPauseOfFiveSecondsIsComfortNoiseAndLeavesNoDelay() {
        let arrivals = JitterTraces.steady(at: 40).filter { !(300..<550).contains($0.sequence) }
        let run = JitterRun(arrivals, speech: Self.speech)
        #expect(run.count(.comfortNoise) > 240)
        #expect(run.count(.conceal) <= 4)
        #expect((run.ticks.last?.lagMilliseconds ?? .infinity) <= run.ticks[100].lagMilliseconds + 20)
        #expect(run.statistics.late == 0)
    }

    private struct Feed: ~Copyable {
        var buffer = JitterBuffer(seed: 1)
        var origins: [FrameOrigin] = []

        mutating func insert(_ number: Int, timestamp: Int64, at milliseconds: Int64) {
            var packet = JitterRun.packet(number, JitterBufferTests.speech, 1, 0)
            packet.timestampSamples = timestamp
            buffer.insert(packet, now: MediaInstant(milliseconds: milliseconds))
        }
        mutating func pull(_ milliseconds: Int64) {
            var frame = FrameSamples(repeating: 0)
            if let origin = buffer.next(now: MediaInstant(milliseconds: milliseconds), into: &frame) {
                origins.append(origin)
            }
        }
    }

    @Test(arguments: [4_000_000_000, 28_800_000, 100] as [Int64])
    func anotherSourceIsFollowedAtOnce(start: Int64) {
        var feed = Feed()
        for number in 0..<200 {
            let base = number < 100 ? 1_000_000 : start
            feed.insert(number, timestamp: base + Int64(number) * 160, at: Int64(number) * 20)
            feed.pull(Int64(number) * 20 + 5)
        }
        #expect(feed.origins.count { $0.followsDiscontinuity } == 1)
        #expect(feed.buffer.statistics.concealed <= 2)
        #expect(feed.origins.suffix(90).allSatisfy { $0.operation == .normal || $0.operation == .expand })
    }

    @Test func anHourOldPacketIsDropped() {
        var feed = Feed()
        for number in 0..<200 {
            if number == 50 { feed.insert(0, timestamp: 0, at: 999) }
            feed.insert(number, timestamp: 28_800_000 + Int64(number) * 160, at: Int64(number) * 20)
            feed.pull(Int64(number) * 20 + 5)
        }
        #expect(feed.buffer.statistics.strays == 1)
        #expect(feed.origins.allSatisfy { $0.operation == .normal && !$0.followsDiscontinuity })
    }

    @Test func aFloodIsBoundedAndEnds() {
        var feed = Feed()
        for number in 0..<10_000 { feed.insert(number, timestamp: Int64(number) * 160, at: 0) }
        #expect(feed.buffer.statistics.overflow > 3000)
        for tick in 1..<600 { feed.pull(Int64(tick) * 20) }
        #expect(feed.origins.count >= 598)
        #expect(feed.origins.suffix(100).allSatisfy { $0.operation == .comfortNoise })
    }

    @Test(arguments: UInt64(1)...8)
    func anythingAtAllIsSurvivedTheSameWayTwice(seed: UInt64) {
        func run() -> ([FrameOrigin], JitterStatistics) {
            var generator = SeededGenerator(seed: seed)
            var feed = Feed()
            for tick in 0..<3000 {
                for _ in 0..<Int.random(in: 0...3, using: &generator) {
                    let usual = Int64(tick) * 160 + Int64.random(in: -3000...3000, using: &generator)
                    let odds: [Int64] = [.max, .max - 160, 1 << 31, 0xFFFF_FFFF, -1, 0]
                    let odd = odds[Int.random(in: 0..<odds.count, using: &generator)]
                    feed.insert(
                        tick,
                        timestamp: Int.random(in: 0..<4, using: &generator) == 0 ? odd : usual,
                        at: Int64(tick) * 20
                    )
                }
                feed.pull(Int64(tick) * 20 + 3)
            }
            return (feed.origins, feed.buffer.statistics)
        }
        let (first, counts) = run()
        let (second, again) = run()
        #expect(first == second && counts == again)
        #expect(first.count > 2900)
    }
}
