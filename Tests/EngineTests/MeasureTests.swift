import Engine
import Testing

@Suite("Measures")
struct MeasureTests {
    @Test func aValueFallsIntoTheFirstBucketThatHoldsIt() {
        let histogram = LatencyHistogram(bounds: [10, 20, 30])
        for value in [0, 10, 11, 20, 30, 31, 1000] as [Int64] { histogram.record(nanoseconds: value) }
        let snapshot = histogram.snapshot
        #expect(snapshot.counts == [2, 2, 1, 2])
        #expect(snapshot.count == 7)
        #expect(snapshot.sumNanoseconds == 1102)
    }

    @Test func aNegativeDurationCountsAsZero() {
        let histogram = LatencyHistogram(bounds: [10])
        histogram.record(.milliseconds(-5))
        #expect(histogram.snapshot.counts == [1, 0])
        #expect(histogram.snapshot.sumNanoseconds == 0)
    }

    @Test(arguments: [(0.5, 20), (0.9, 30), (1.0, Int64.max)] as [(Double, Int64)])
    func aQuantileIsItsBucketsBound(share: Double, bound: Int64) {
        let histogram = LatencyHistogram(bounds: [10, 20, 30])
        for value in [5, 15, 15, 15, 15, 25, 25, 25, 25, 99] as [Int64] { histogram.record(nanoseconds: value) }
        #expect(histogram.snapshot.quantile(share) == bound)
    }

    @Test func anEmptyHistogramHasNoQuantile() {
        #expect(LatencyHistogram().snapshot.quantile(0.5) == nil)
    }

    @Test func durationsAndInstantsKeepNanoseconds() {
        let instant = MediaInstant(milliseconds: 1500).advanced(by: .nanoseconds(7))
        #expect(instant.nanoseconds == 1_500_000_007)
        #expect(MediaInstant(milliseconds: 1000).duration(to: instant).nanoseconds == 500_000_007)
        #expect(Duration.milliseconds(-3).nanoseconds == -3_000_000)
        #expect(MediaInstant.zero < instant)
    }
}
