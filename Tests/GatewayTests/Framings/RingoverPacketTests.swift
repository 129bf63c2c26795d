import Codecs
import Engine
import Foundation
import Gateway
import TestSupport
import Testing

/// A Ringover stream whose messages are RTP packets.
@Suite("Ringover RTP packets")
struct RingoverPacketTests {
    private struct Packet {
        var sequence = 1
        var timestamp = 0
        var source: UInt8 = 7
        var samples = [Int16](repeating: 1000, count: 160)

        var bytes: [UInt8] {
            let (number, time) = (UInt16(truncatingIfNeeded: sequence), UInt32(truncatingIfNeeded: timestamp))
            let head: [UInt8] = [0x80, 96, UInt8(number >> 8), UInt8(number & 0xFF)]
            let clock = [24, 16, 8, 0].map { (shift: UInt32) in UInt8(truncatingIfNeeded: time >> shift) }
            return head + clock + [0, 0, 0, source] + RingoverBench.bytes(samples)
        }
    }

    private func open(rate: Int = 8000) -> RingoverBench {
        let bench = RingoverBench(rate: rate, hasRTP: true)
        _ = bench.open()
        return bench
    }

    private func tone(_ count: Int) -> [Int16] { (0..<count).map { Int16(8000 * sin(Double($0) * 0.3)) } }

    @Test func soundIsWhatLiesBehindTheHeader() {
        let bench = open()
        #expect(bench.read(Packet(samples: tone(160)).bytes) == .none)
        #expect(bench.takeAudio() == tone(160).map { MuLaw.byte($0) })
    }

    @Test func sourcesExtensionAndPaddingAreNoSound() {
        let bench = open()
        let plain = Packet(samples: tone(160)).bytes
        var packet: [UInt8] = [0xB1] + plain[1..<12]
        packet += [9, 9, 9, 9] + [0xBE, 0xDE, 0, 2] + [UInt8](repeating: 9, count: 8)
        packet += plain[12...]
        packet += [0, 0, 0, 4]
        #expect(bench.read(packet) == .none)
        #expect(bench.takeAudio() == tone(160).map { MuLaw.byte($0) })
    }

    @Test func aBrokenPacketIsCountedAndDropped() {
        let bench = open()
        let plain = Packet().bytes
        #expect(bench.read(RingoverBench.bytes(tone(160))) == .odd("no_rtp"))
        #expect(bench.read([]) == .odd("no_rtp") && bench.read(Array(plain.prefix(11))) == .odd("no_rtp"))
        for (first, rest) in [(0x90, [0, 0, 1, 0]), (0xA0, [1, 0])] as [(UInt8, [UInt8])] {
            let packet: [UInt8] = [first] + plain[1..<12]
            #expect(bench.read(packet + rest) == .odd("bad_rtp"))
        }
        #expect(bench.takePackets().isEmpty)
        #expect(bench.read(plain) == .none)
        #expect(bench.takePackets().map(\.timestampSamples) == [0], "the stream begins with its first sound packet")
    }

    @Test(arguments: [8000, 16_000]) func aGapShowsInNumbersAndTimes(_ rate: Int) {
        let bench = open(rate: rate)
        let size = rate / 50
        // Packets 3 and 4 were lost.
        for number in [0, 1, 4, 5] {
            let samples = [Int16](repeating: 500, count: size)
            let packet = Packet(sequence: 500 + number, timestamp: 12_345 + number * size, samples: samples)
            #expect(bench.read(packet.bytes) == .none)
        }
        let packets = bench.takePackets()
        #expect(packets.map(\.value) == [1, 2, 5, 6])
        #expect(packets.map(\.timestampSamples) == [0, 160, 640, 800])
        #expect(packets.allSatisfy { $0.count == 160 })
    }

    @Test func numbersAndTimesDoNotWrap() {
        let bench = open(rate: 16_000)
        for number in 0..<6 {
            let samples = [Int16](repeating: 500, count: 320)
            let packet = Packet(sequence: 65_533 + number, timestamp: (1 << 32) - 700 + number * 320, samples: samples)
            #expect(bench.read(packet.bytes) == .none)
        }
        let packets = bench.takePackets()
        #expect(packets.map(\.value) == [1, 2, 3, 4, 5, 6])
        #expect(packets.map(\.timestampSamples) == [0, 160, 320, 480, 640, 800])
    }

    @Test func thousandsOfPacketsWrapAsOftenAsTheyMust() {
        let bench = open()
        for number in 0..<100_000 {
            _ = bench.read(Packet(sequence: 40_000 + number, timestamp: number, samples: [1]).bytes)
            let packets = bench.takePackets()
            guard packets.map(\.value) == [Int64(number + 1)], packets[0].timestampSamples == number else {
                Issue.record("packet \(number): \(packets.map(\.value))")
                return
            }
        }
    }

    @Test func anOvertakenPacketKeepsItsPlace() {
        let bench = open()
        for number in [0, 1, 3, 2, 4] {
            #expect(bench.read(Packet(sequence: 65_534 + number, timestamp: number * 160).bytes) == .none)
        }
        let packets = bench.takePackets()
        #expect(packets.map(\.value) == [1, 2, 4, 3, 5])
        #expect(packets.map(\.timestampSamples) == [0, 160, 480, 320, 640])
    }

    @Test func whatIsOlderThanTheFirstHasNoNumberOfItsOwn() {
        let bench = open()
        for number in [2, 1, 3] { _ = bench.read(Packet(sequence: number, timestamp: number * 160).bytes) }
        let packets = bench.takePackets()
        #expect(packets.map(\.value) == [1, 0, 2])
        #expect(packets.map(\.timestampSamples) == [0, 0, 160], "late, and seen to be")
    }

    @Test func anotherSourceAndAClockSetAnewGoOnWhereTheSoundEnds() {
        let bench = open()
        for number in 0..<2 { _ = bench.read(Packet(sequence: number, timestamp: 90_000 + number * 160).bytes) }
        for number in 0..<2 {
            let packet = Packet(sequence: 60_000 + number, timestamp: 1_000_000 + number * 160, source: 8)
            _ = bench.read(packet.bytes)
        }
        for number in 0..<2 {
            let packet = Packet(sequence: 60_002 + number, timestamp: number * 160, source: 8)
            _ = bench.read(packet.bytes)
        }
        let packets = bench.takePackets()
        #expect(packets.map(\.value) == [1, 2, 3, 4, 5, 6])
        #expect(packets.map(\.timestampSamples) == (0..<6).map { Int64($0 * 160) })
    }

    @Test func aNewRateGoesOnWhereTheSoundEnds() {
        let bench = open()
        for number in 0..<2 { _ = bench.read(Packet(sequence: number, timestamp: number * 160).bytes) }
        #expect(bench.read(#"{"sampleRate":16000}"#) == .rateChanged)
        for number in 2..<4 {
            let samples = [Int16](repeating: 500, count: 320)
            _ = bench.read(Packet(sequence: number, timestamp: number * 320, samples: samples).bytes)
        }
        #expect(bench.read(#"{"sampleRate":8000}"#) == .rateChanged)
        for number in 4..<6 { _ = bench.read(Packet(sequence: number, timestamp: number * 160).bytes) }
        let packets = bench.takePackets()
        #expect(packets.map(\.value) == [1, 2, 3, 4, 5, 6])
        #expect(packets.map(\.timestampSamples) == (0..<6).map { Int64($0 * 160) })
    }

    @Test func aPacketThatIsSplitHasItsNumberOnce() {
        let bench = open()
        for number in 0..<2 {
            let packet = Packet(sequence: number, timestamp: number * 400, samples: tone(400))
            #expect(bench.read(packet.bytes) == .none)
        }
        let packets = bench.takePackets()
        #expect(packets.map(\.value) == [1, 0, 0, 2, 0, 0])
        #expect(packets.map(\.timestampSamples) == [0, 160, 320, 400, 560, 720])
    }

    @Test func halfASampleDoesNotWaitForTheNextPacket() {
        let bench = open()
        for number in 0..<2 {
            let packet = Packet(sequence: number, timestamp: number * 160, samples: tone(160))
            #expect(bench.read(Array(packet.bytes.dropLast())) == .odd("odd_length"))
            #expect(bench.takeAudio() == tone(159).map { MuLaw.byte($0) })
        }
    }

    /// What the numbers and times are for: a lost packet is concealed, a copy is dropped.
    @Test func theCallSeesWhatWasLostAndWhatCameTwice() {
        let bench = open()
        var repair = StreamRepair()
        var frame = FrameSamples(repeating: 0)
        var now = MediaInstant.zero
        var operations: [FrameOperation] = []
        for number in Array(0..<10) + [9] + Array(12..<20) {
            _ = bench.read(Packet(sequence: 65_530 + number, timestamp: number * 160, samples: tone(160)).bytes)
            for packet in bench.takePackets() {
                repair.insert(packet, now: now)
                while let origin = repair.next(now: now, into: &frame) { operations.append(origin.operation) }
            }
            now = now.advanced(by: .milliseconds(20))
        }
        #expect(operations.count == 20)
        #expect(operations.filter { $0 == .conceal }.count == 2)
        #expect(repair.statistics.duplicates == 1)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func whateverComesNothingBreaks(_ seed: UInt64) {
        let bench = open(rate: seed == 2 ? 16_000 : 8000)
        var random = SeededGenerator(seed: seed)
        for number in 0..<2000 {
            var bytes = Packet(sequence: number, timestamp: number * 160, samples: tone(20)).bytes
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                bytes[Int.random(in: 0..<16, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...8, using: &random))
            _ = bench.read(bytes)
            for packet in bench.takePackets() {
                #expect(packet.value >= 0 && packet.timestampSamples >= 0 && packet.count <= 160)
            }
        }
    }
}
