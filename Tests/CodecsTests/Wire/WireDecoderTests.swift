import Codecs
import Testing

@Suite("Wire decoder")
struct WireDecoderTests {
    private static func little(_ samples: [Int16]) -> [UInt8] {
        samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    private static func decode(_ payload: [UInt8], with decoder: inout WireDecoder) throws -> [Int16] {
        var room = [Int16](repeating: 77, count: decoder.outputCapacity(for: payload.count))
        var span = room.mutableSpan
        let count = try decoder.decode(payload.span, into: &span)
        return Array(room[..<count])
    }

    @Test(arguments: [WireFormat.muLaw, .aLaw, .linear8k, .linear16k], [1, 2, 3, 7, 159, 161, 320, 641, 5_000])
    func anyPayloadSizeGivesTheSameSamples(format: WireFormat, size: Int) throws {
        var random = SeededGenerator(seed: UInt64(size))
        let bytes = random.bytes(9_600)
        var whole = try WireDecoder(format: format)
        let expected = try Self.decode(bytes, with: &whole)
        var pieces = try WireDecoder(format: format)
        var output: [Int16] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            output += try Self.decode(Array(bytes[start..<min(bytes.count, start + size)]), with: &pieces)
        }
        #expect(output == expected)
        #expect(output.count == [.muLaw: 9_600, .aLaw: 9_600, .linear8k: 4_800, .linear16k: 2_400][format])
        switch format {
        case .muLaw: #expect(output == bytes.map(MuLaw.linear))
        case .aLaw: #expect(output == bytes.map(ALaw.linear))
        case .linear8k: #expect(Self.little(output) == bytes)
        case .linear16k: break
        }
    }

    @Test func sixteenKilohertzBecomeEight() throws {
        var decoder = try WireDecoder(format: .linear16k)
        let output = try Self.decode(Self.little(Signals.sine(440, rate: 16_000, count: 16_000)), with: &decoder)
        #expect(output.count == 8_000)
        #expect(abs(Signals.amplitude(of: 440, in: output[800...], rate: 8_000) - 10_000) < 150)
    }

    @Test(arguments: [WireFormat.muLaw, .aLaw, .linear8k, .linear16k]) func muLawIsTheEncodingOfTheLinearSamples(
        format: WireFormat
    ) throws {
        var random = SeededGenerator(seed: 3)
        let bytes = random.bytes(1_000)
        var linear = try WireDecoder(format: format)
        var companded = try WireDecoder(format: format)
        let expected = try Self.decode(bytes, with: &linear)
        var room = [UInt8](repeating: 0, count: companded.outputCapacity(for: bytes.count))
        var span = room.mutableSpan
        let count = try companded.decode(bytes.span, intoMuLaw: &span)
        if format == .muLaw {
            #expect(room == bytes)
        } else {
            #expect(Array(room[..<count]) == expected.map(MuLaw.byte))
        }
    }

    @Test(arguments: [WireFormat.muLaw, .aLaw, .linear8k]) func aChangeToAndFromSixteenKilohertzDoesNotClick(
        from: WireFormat
    ) throws {
        // One steady tone across both changes, cut where it is near its peak.
        let slow = Signals.sine(200, rate: 8_000, count: 8_000)
        let fast = Signals.sine(200, rate: 16_000, count: 16_000)
        func payload(_ samples: some Sequence<Int16>) -> [UInt8] {
            switch from {
            case .muLaw: samples.map(MuLaw.byte)
            case .aLaw: samples.map(ALaw.byte)
            default: Self.little(Array(samples))
            }
        }
        var decoder = try WireDecoder(format: from)
        var output = try Self.decode(payload(slow[..<1_610]), with: &decoder)
        try decoder.change(to: .linear16k)
        output += try Self.decode(Self.little(Array(fast[3_220..<6_420])), with: &decoder)
        try decoder.change(to: from)
        output += try Self.decode(payload(slow[3_210..<4_000]), with: &decoder)
        #expect(output.count == 4_000)
        #expect(decoder.statistics.formatChanges == 2)
        let steps = zip(output, output.dropFirst()).map { abs(Int($1) - Int($0)) }
        // The tone itself moves 1 571 a sample at most, mu-law's steps add to that. From a cold start the first change would
        // fall from 10 000 to 0. At the second one the resampler's delay lies between the streams: one splice, no more.
        #expect(steps[1_600..<1_625].max().map { $0 < 3_000 } == true)
        #expect(steps.indices.allSatisfy { $0 == 3_209 || steps[$0] < 3_000 })
    }

    @Test func aHalfSampleIsDroppedAndCountedAtAChange() throws {
        var decoder = try WireDecoder(format: .linear8k)
        #expect(try Self.decode([1, 0, 2], with: &decoder) == [1])
        try decoder.change(to: .linear8k)
        #expect(decoder.statistics == .init())
        #expect(try Self.decode([0, 3], with: &decoder) == [2])
        try decoder.change(to: .muLaw)
        #expect(decoder.statistics == .init(formatChanges: 1, droppedBytes: 1))
        #expect(try Self.decode([0xFF], with: &decoder) == [0])
    }

    @Test func aShortOutputIsRefusedAndNothingIsRead() throws {
        var decoder = try WireDecoder(format: .linear8k)
        var room = [Int16](repeating: 0, count: 1)
        var span = room.mutableSpan
        #expect(throws: WireError.outputTooSmall(needed: 2, capacity: 1)) {
            _ = try decoder.decode([1, 0, 2, 0].span, into: &span)
        }
        #expect(try Self.decode([1, 0, 2, 0], with: &decoder) == [1, 2])
        #expect(try Self.decode([], with: &decoder) == [])
    }
}
