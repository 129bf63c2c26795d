import Codecs
import Testing

private func run(_ resampler: inout Resampler, _ input: [Int16]) throws -> [Int16] {
    var output = [Int16](repeating: 0, count: resampler.outputCapacity(for: input.count))
    var span = output.mutableSpan
    let count = try resampler.process(input.span, into: &span)
    return Array(output[..<count])
}

@Suite("Resampler")
struct ResamplerTests {
    static let pairs = [
        (8_000, 16_000), (16_000, 8_000), (24_000, 8_000), (8_000, 24_000), (48_000, 8_000), (8_000, 48_000),
        (48_000, 16_000), (44_100, 8_000), (22_050, 8_000), (8_000, 44_100), (11_025, 16_000), (8_000, 7_999),
    ]

    @Test(arguments: pairs) func aConvertedToneKeepsPitchLevelLengthAndPlace(from: Int, to: Int) throws {
        let input = Signals.sine(440, rate: from, count: from)
        for quality in [0, 3, 4, 10] {
            let output = try Resampler.convert(input, from: from, to: to, quality: quality)
            #expect(output.count == to)
            // The middle, away from the edges of the filter; aligned, or the ratio would be near 0 dB.
            let middle = to / 10..<(to * 9 / 10)
            let ratio = Signals.ratio(output[middle], to: Signals.sine(440, rate: to, count: to)[middle])
            #expect(ratio > (quality == 0 ? 25 : 50), "quality \(quality)")
        }
    }

    @Test(arguments: [(8_000, 16_000, 320), (16_000, 8_000, 80), (24_000, 8_000, 54), (8_000, 48_000, 960)])
    func framesGiveTheSameStreamHoweverTheyAreCut(from: Int, to: Int, capacity: Int) throws {
        var random = SeededGenerator(seed: UInt64(from + to))
        let input = random.samples(4_000)
        var whole = try Resampler(from: from, to: to)
        #expect(whole.outputCapacity(for: 160) == capacity)
        let expected = try run(&whole, input)
        var pieces = try Resampler(from: from, to: to)
        var (joined, position) = ([Int16](), 0)
        while position < input.count {
            let end = min(input.count, position + Int.random(in: 0...400, using: &random))
            joined += try run(&pieces, Array(input[position..<end]))
            position = end
        }
        #expect(joined == expected)
    }

    @Test(arguments: [(8_000, 16_000), (16_000, 8_000), (8_000, 24_000), (48_000, 8_000)])
    func frameAfterFrameHasTheSameLength(from: Int, to: Int) throws {
        var resampler = try Resampler(from: from, to: to)
        let frame = [Int16](repeating: 100, count: from / 50)
        for _ in 0..<100 { #expect(try run(&resampler, frame).count == to / 50) }
    }

    @Test func aboveTheNewBandNothingComesThrough() throws {
        let input = Signals.sine(6_000, rate: 16_000, count: 16_000)
        let output = try Resampler.convert(input, from: 16_000, to: 8_000, quality: 4)
        #expect(Signals.energy(output[800..<7_200]) < Signals.energy(input[1_600..<14_400]) / 10_000)
    }

    @Test func equalRatesCopy() throws {
        var random = SeededGenerator(seed: 5)
        let input = random.samples(333)
        var resampler = try Resampler(from: 8_000, to: 8_000)
        #expect(try run(&resampler, input) == input)
        #expect(resampler.latency == 0)
        #expect(try Resampler.convert(input, from: 16_000, to: 16_000) == input)
    }

    @Test func skippingTheDelayPutsAnImpulseWhereItWas() throws {
        var input = [Int16](repeating: 0, count: 800)
        input[400] = 20_000
        var plain = try Resampler(from: 8_000, to: 16_000)
        var skipping = try Resampler(from: 8_000, to: 16_000, skipsLeadingDelay: true)
        let delayed = try run(&plain, input)
        let aligned = try run(&skipping, input)
        #expect(aligned.indices.max { aligned[$0] < aligned[$1] } == 800)
        #expect(delayed.indices.max { delayed[$0] < delayed[$1] } == 800 + 2 * plain.latency)
    }

    @Test(arguments: [true, false]) func resetStartsTheSameStreamAgain(skips: Bool) throws {
        var random = SeededGenerator(seed: 9)
        let input = random.samples(500)
        var resampler = try Resampler(from: 16_000, to: 8_000, skipsLeadingDelay: skips)
        let first = try run(&resampler, input)
        resampler.reset()
        #expect(try run(&resampler, input) == first)
    }

    @Test(arguments: [0, 1, 2, 3]) func theShortestRecordingsHaveTheRightLength(count: Int) throws {
        let input = [Int16](repeating: 1_000, count: count)
        #expect(try Resampler.convert(input, from: 8_000, to: 16_000).count == count * 2)
        #expect(try Resampler.convert(input, from: 16_000, to: 8_000).count == (count + 1) / 2)
    }

    @Test func aShortOutputIsRefusedAndNothingIsConsumed() throws {
        var random = SeededGenerator(seed: 3)
        let input = random.samples(160)
        var fresh = try Resampler(from: 8_000, to: 16_000)
        var refused = try Resampler(from: 8_000, to: 16_000)
        var small = [Int16](repeating: 7, count: 319)
        do {
            var span = small.mutableSpan
            _ = try refused.process(input.span, into: &span)
            Issue.record("319 samples are one too few")
        } catch { #expect(error == .outputTooSmall(needed: 320, capacity: 319)) }
        #expect(small == [Int16](repeating: 7, count: 319))
        #expect(try run(&refused, input) == run(&fresh, input))
    }

    @Test func ratesAndQualitiesThatDoNotExistAreRefused() {
        #expect(throws: ResamplerError.unsupportedRate(0)) { try Resampler.convert([], from: 0, to: 8_000) }
        #expect(throws: ResamplerError.unsupportedRate(-5)) { try Resampler.convert([], from: 8_000, to: -5) }
        #expect(throws: ResamplerError.unsupportedRate(768_001)) { try Resampler.convert([], from: 768_001, to: 8_000) }
        #expect(throws: ResamplerError.unsupportedQuality(11)) {
            try Resampler.convert([], from: 8_000, to: 16_000, quality: 11)
        }
    }
}
