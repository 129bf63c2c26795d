import AudioQuality
import CAllocations
import Codecs
import Engine
import TestSupport
import Testing

/// A provider that sends `speech` as packets, and what a repair makes of them.
struct StreamRig: ~Copyable {
    struct Heard: Equatable {
        var origin: FrameOrigin
        var samples: [Int16]
    }
    let speech: [UInt8]
    var repair = StreamRepair(seed: 3)
    var heard: [Heard] = []
    var sequence: Int64 = 1

    init() throws { speech = try Fixtures.bytes("speech/flite_slt_00.ulaw") }

    func packet(at place: Int, count: Int = 160, timestamp: Int64? = nil, sequence: Int64) -> MediaPacket {
        var packet = MediaPacket(
            kind: .audio,
            value: sequence,
            count: UInt8(count),
            timestampSamples: timestamp ?? Int64(place)
        )
        for index in 0..<min(count, 160) { packet.bytes[index] = speech[(place + index) % speech.count] }
        return packet
    }

    mutating func send(_ packet: MediaPacket, milliseconds: Int64) {
        let now = MediaInstant(milliseconds: milliseconds)
        repair.insert(packet, now: now)
        drain(now)
    }

    mutating func drain(_ now: MediaInstant) {
        var frame = FrameSamples(repeating: 0)
        while let origin = repair.next(now: now, into: &frame) {
            heard.append(Heard(origin: origin, samples: (0..<160).map { frame[$0] }))
        }
    }

    func original(_ range: Range<Int>) -> [Int16] { range.map { MuLaw.linear(speech[$0 % speech.count]) } }
    var output: [Int16] { heard.flatMap(\.samples) }
}

@Suite("Stream repair")
struct StreamRepairTests {
    @Test(arguments: [1, 7, 80, 133, 160])
    func packetsOfAnySizeBecomeTheSameSamples(size: Int) throws {
        var rig = try StreamRig()
        var place = 0
        while place < 16_000 {
            rig.send(
                rig.packet(at: place, count: size, sequence: Int64(place / size + 1)),
                milliseconds: Int64(place / 8)
            )
            place += size
        }
        #expect(rig.heard.count == place / 160)
        #expect(rig.output == rig.original(0..<(place / 160 * 160)))
        #expect(rig.heard.allSatisfy { $0.origin.operation == .normal && !$0.origin.followsDiscontinuity })
        #expect(rig.repair.statistics.concealedSamples == 0)
    }

    @Test func wholeMillisecondsOfOddPacketsAreNoGap() throws {
        var rig = try StreamRig()
        for number in 0..<500 {
            let place = number * 133
            rig.send(
                rig.packet(at: place, count: 133, timestamp: Int64(place / 8 * 8), sequence: Int64(number + 1)),
                milliseconds: Int64(place / 8)
            )
        }
        #expect(rig.output == rig.original(0..<(rig.heard.count * 160)))
    }

    @Test(arguments: [4_294_965_696, 0, 12_345] as [Int64])
    func timesAndNumbersMayWrap(start: Int64) throws {
        var rig = try StreamRig()
        for number in 0..<100 {
            rig.send(
                rig.packet(
                    at: number * 160,
                    timestamp: (start + Int64(number) * 160) & 0xFFFF_FFFF,
                    sequence: (65_500 + Int64(number)) & 0xFFFF
                ),
                milliseconds: Int64(number) * 20
            )
        }
        #expect(rig.output == rig.original(0..<16_000))
        #expect(rig.repair.statistics.discontinuities == 0)
    }

    @Test(arguments: [1, 2, 5, 10])
    func aShortGapIsConcealedToTheSample(missing: Int) throws {
        var rig = try StreamRig()
        for number in 0..<100 where !(40..<(40 + missing)).contains(number) {
            let sequence = Int64(number < 40 ? number + 1 : number + 1 - missing)
            rig.send(rig.packet(at: number * 160, sequence: sequence), milliseconds: Int64(number) * 20)
        }
        #expect(rig.heard.count == 100)
        #expect(rig.repair.statistics.concealedSamples == missing * 160)
        #expect(rig.heard.map(\.origin.timestampSamples) == (0..<100).map { Int64($0) * 160 })
        #expect(rig.heard[40].origin.operation == .conceal)
        #expect(rig.heard[40 + missing].origin.operation == .merge)
        #expect(rig.heard[41 + missing].samples == rig.original((41 + missing) * 160..<(42 + missing) * 160))
        if missing == 10 { #expect(rig.heard[49].origin.operation == .comfortNoise) }
    }

    @Test(arguments: [40_000, 28_800_000, -57_600_000] as [Int64])
    func aLongJumpIsFollowedAtOnceAndReported(jump: Int64) throws {
        var rig = try StreamRig()
        for number in 0..<100 {
            let shift = number < 50 ? 0 : jump
            rig.send(
                rig.packet(
                    at: number * 160,
                    timestamp: 100_000_000 + Int64(number) * 160 + shift,
                    sequence: Int64(number + 1)
                ),
                milliseconds: Int64(number) * 20
            )
        }
        #expect(rig.heard.count == 100)
        #expect(rig.heard[50].origin.followsDiscontinuity)
        #expect(rig.heard[50].origin.jumpedSamples == jump)
        #expect(rig.heard.count { $0.origin.followsDiscontinuity } == 1)
        #expect(rig.repair.statistics.concealedSamples == 0)
    }

    @Test func aPauseOfFiveSecondsIsJumpedOver() throws {
        var rig = try StreamRig()
        for number in 0..<20 { rig.send(rig.packet(at: number * 160, sequence: 0), milliseconds: Int64(number) * 20) }
        rig.send(rig.packet(at: 270 * 160, sequence: 0), milliseconds: 5400)
        #expect(rig.heard.count == 21)
        #expect(
            rig.heard[20].origin
                == FrameOrigin(
                    operation: .normal,
                    followsDiscontinuity: true,
                    jumpedSamples: 250 * 160,
                    timestampSamples: 270 * 160
                )
        )
    }

    @Test func aRestartedStreamGoesOnAfterOnePacketMore() throws {
        var rig = try StreamRig()
        for number in 0..<50 {
            rig.send(
                rig.packet(
                    at: number * 160,
                    timestamp: 90_000_000 + Int64(number) * 160,
                    sequence: 5000 + Int64(number)
                ),
                milliseconds: Int64(number) * 20
            )
        }
        for number in 0..<50 {
            rig.send(rig.packet(at: number * 160, sequence: Int64(number + 1)), milliseconds: 1000 + Int64(number) * 20)
        }
        #expect(rig.heard.count == 100)
        #expect(rig.heard[50].origin.followsDiscontinuity)
        #expect(rig.repair.statistics.strays == 0)
    }

    @Test func anHourOldPacketIsDropped() throws {
        var rig = try StreamRig()
        for number in 0..<50 {
            if number == 20 { rig.send(rig.packet(at: 0, timestamp: 100, sequence: 7), milliseconds: 395) }
            rig.send(
                rig.packet(
                    at: number * 160,
                    timestamp: 28_800_000 + Int64(number) * 160,
                    sequence: 900 + Int64(number)
                ),
                milliseconds: Int64(number) * 20
            )
        }
        #expect(rig.output == rig.original(0..<8000))
        #expect(rig.repair.statistics.strays == 1)
    }

    @Test(arguments: [0, 1] as [Int64])
    func copiesAreDropped(known: Int64) throws {
        var rig = try StreamRig()
        for number in 0..<50 {
            for _ in 0..<(number % 7 == 3 ? 3 : 1) {
                rig.send(
                    rig.packet(at: number * 160, sequence: Int64(number + 1) * known),
                    milliseconds: Int64(number) * 20
                )
            }
        }
        #expect(rig.output == rig.original(0..<8000))
        #expect(rig.repair.statistics.duplicates + rig.repair.statistics.late == 14)
    }

    @Test func overlapsAreCut() throws {
        var rig = try StreamRig()
        for number in 0..<50 {
            rig.send(rig.packet(at: number * 80, sequence: Int64(number + 1)), milliseconds: Int64(number) * 10)
        }
        #expect(rig.output == rig.original(0..<(rig.heard.count * 160)))
        #expect(rig.heard.count == 25)
    }

    @Test func anOvertakenPacketIsWaitedFor() throws {
        var rig = try StreamRig()
        for number in [0, 1, 2, 4, 3, 5, 7, 8, 6, 9] {
            rig.send(rig.packet(at: number * 160, sequence: Int64(number + 1)), milliseconds: 20)
        }
        #expect(rig.output == rig.original(0..<1600))
    }

    @Test func aStallLosesNothingAndLeavesNoDelay() throws {
        var rig = try StreamRig()
        for number in 0..<50 {
            rig.send(rig.packet(at: number * 160, sequence: Int64(number + 1)), milliseconds: Int64(number) * 20)
        }
        for tick in 50..<150 { rig.drain(MediaInstant(milliseconds: Int64(tick) * 20)) }
        for number in 50..<150 {
            rig.send(rig.packet(at: number * 160, sequence: Int64(number + 1)), milliseconds: 3000)
        }
        #expect(rig.heard.count == 150)
        #expect(rig.output == rig.original(0..<24_000))
    }

    @Test func aFloodIsBounded() throws {
        var rig = try StreamRig()
        for number in 0..<10_000 {
            rig.repair.insert(rig.packet(at: number * 160, sequence: Int64(number + 1)), now: .zero)
        }
        rig.drain(.zero)
        #expect(rig.repair.statistics.overflow == 10_000 - StreamRepair.capacityPackets)
        #expect(rig.heard.count <= StreamRepair.capacityPackets + 10)
        for number in 10_000..<20_000 {
            rig.send(rig.packet(at: number * 160, sequence: Int64(number + 1)), milliseconds: 1)
        }
        #expect(rig.heard.count > 10_000 - 2)
    }

    @Test func gapsWithoutTimePassingCostNothing() throws {
        var rig = try StreamRig()
        for number in 0..<1000 { rig.send(rig.packet(at: number * 1600, sequence: Int64(number + 1)), milliseconds: 1) }
        #expect(rig.repair.statistics.concealedSamples <= 8000 + 160)
        #expect(rig.heard.count < 1100)
    }

    @Test(arguments: UInt64(1)...8)
    func anythingAtAllIsSurvivedTheSameWayTwice(seed: UInt64) throws {
        func run() throws -> [StreamRig.Heard] {
            var generator = SeededGenerator(seed: seed)
            var rig = try StreamRig()
            var time: Int64 = 0
            for _ in 0..<3000 {
                time += Int64.random(in: 0...40, using: &generator)
                let extreme: [Int64] = [-1, 0, .max, .max - 100, 1 << 31, 0xFFFF_FFFF, 1 << 62]
                let timestamp =
                    Bool.random(using: &generator)
                    ? time * 8 + Int64.random(in: -2000...2000, using: &generator)
                    : extreme.randomElement(using: &generator)!
                var packet = rig.packet(
                    at: Int(time),
                    count: Int.random(in: 0...160, using: &generator),
                    timestamp: timestamp,
                    sequence: [0, time, .max, 65_535, -5].randomElement(using: &generator)!
                )
                if Int.random(in: 0..<20, using: &generator) == 0 { packet.count = 255 }
                rig.send(packet, milliseconds: time)
            }
            return rig.heard
        }
        let first = try run()
        #expect(first.count > 100)
        #expect(try first == run())
    }

    @Test(.enabled(if: AllocationCounter.works && AllocationCounter.isOptimised))
    func repairAllocatesNothing() throws {
        let rig = try StreamRig()
        var repair = StreamRepair()
        var buffer = JitterBuffer()
        var frame = FrameSamples(repeating: 0)
        var frames = 0
        let packet = rig.packet(at: 0, sequence: 0)
        allocations_begin()
        for number in 0..<3000 where number % 50 > 6 || number % 50 < 3 {
            var sent = packet
            sent.timestampSamples = Int64(number) * 160 + (number > 2000 ? 90_000_000 : 0)
            sent.value = Int64(number)
            let now = MediaInstant(milliseconds: Int64(number) * 20 + Int64(number % 7) * 9)
            repair.insert(sent, now: now)
            while repair.next(now: now, into: &frame) != nil { frames += 1 }
            buffer.insert(sent, now: now)
            if buffer.next(now: now, into: &frame) != nil { frames += 1 }
        }
        let count = allocations_end()
        #expect(count == 0)
        #expect(frames > 5000)
    }
}
