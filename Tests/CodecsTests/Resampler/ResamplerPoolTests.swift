import Codecs
import Testing

@Suite("Resampler pool")
struct ResamplerPoolTests {
    private static func convert(_ samples: [Int16], with resampler: inout Resampler) throws -> [Int16] {
        var room = [Int16](repeating: 0, count: resampler.outputCapacity(for: samples.count))
        var span = room.mutableSpan
        let count = try resampler.process(samples.span, into: &span)
        return Array(room[..<count])
    }

    @Test(arguments: [(8_000, 16_000), (16_000, 8_000), (24_000, 8_000), (48_000, 16_000), (8_000, 8_000)])
    func whatWasUsedBeforeSoundsLikeNew(from: Int, to: Int) throws {
        let pool = ResamplerPool()
        var random = SeededGenerator(seed: 1)
        let samples = random.samples(from / 50)
        var first = try pool.take(from: from, to: to)
        let expected = try Self.convert(samples, with: &first)
        _ = try Self.convert(random.samples(from / 50), with: &first)
        pool.give(first)
        var second = try pool.take(from: from, to: to)
        #expect(try Self.convert(samples, with: &second) == expected)
        #expect(pool.statistics == .init(built: 1, reused: 1, discarded: 0))
    }

    @Test func kindsAreKeptApartAndTheShelfIsBounded() throws {
        let pool = ResamplerPool(capacityPerKind: 1)
        let one = try pool.take(from: 8_000, to: 16_000)
        let two = try pool.take(from: 8_000, to: 16_000)
        pool.give(one)
        pool.give(two)
        #expect(pool.statistics == .init(built: 2, reused: 0, discarded: 1))
        _ = try pool.take(from: 8_000, to: 16_000, quality: 5)
        let other = try pool.take(from: 16_000, to: 8_000)
        #expect(other.inputRate == 16_000 && other.outputRate == 8_000)
        #expect(pool.statistics.built == 4)
        #expect(throws: ResamplerError.unsupportedRate(1)) { _ = try pool.take(from: 1, to: 8_000) }
    }

    @Test(.timeLimit(.minutes(5))) func manyThreadsShareIt() async throws {
        let pool = ResamplerPool(capacityPerKind: 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<100 {
                        var resampler = try pool.take(from: 8_000, to: 16_000)
                        #expect(try Self.convert([Int16](repeating: 9, count: 160), with: &resampler).count == 320)
                        pool.give(resampler)
                    }
                }
            }
            try await group.waitForAll()
        }
        let counts = pool.statistics
        #expect(counts.built + counts.reused == 800)
    }
}
