import Caller
import Testing

@Suite("Load generator: the processor's pace")
struct ProcessorPaceTests {
    private static let ms: Int64 = 1_000_000

    /// A sample every 10 ms from `start` on, each stretch as long and as slow as given.
    /// - Parameter stretches: milliseconds, and what the work takes then in nanoseconds.
    private func pace(_ stretches: [(Int64, Int64)], from start: Int64 = 0) -> ProcessorPace {
        var pace = ProcessorPace()
        var now = start * Self.ms
        for (length, took) in stretches {
            for _ in 0..<length / 10 {
                pace.add(took, now: now)
                now += 10 * Self.ms
            }
        }
        return pace
    }

    private func times(_ pairs: [(Int64, Int64)]) -> [TimeSpan] {
        pairs.map { TimeSpan(begin: $0.0 * Self.ms, end: $0.1 * Self.ms) }
    }

    @Test func nothingIsKnownBeforeAWindowIsOver() {
        let pace = pace([(240, 7000)])
        #expect(pace.fullSpeed == nil && pace.slow.isEmpty)
        #expect(pace.meanSpeed(in: TimeSpan(begin: 0, end: .max)) == nil)
    }

    @Test func aSteadyProcessorIsNeverSlow() {
        let pace = pace([(10_000, 7000), (10_000, 8000)])
        #expect(pace.fullSpeed == 7000)
        #expect(pace.slow.isEmpty, "7/8 is more than 0.85")
    }

    @Test func aSlowStretchIsFoundWithTheTimeItsBacklogTakes() {
        let pace = pace([(5000, 7000), (2000, 10_500), (5000, 7000)])
        #expect(pace.slow == times([(5000, 8000)]))
        let whole = TimeSpan(begin: 0, end: 12_000 * Self.ms)
        let speed = pace.meanSpeed(in: whole) ?? 0
        // 10 s at 1 and 2 s at 2/3 make a mean cost of 13/12.
        #expect(abs(speed - 12.0 / 13) < 0.02)
    }

    @Test func stretchesThatFollowOneAnotherAreOne() {
        let found = pace([(5000, 7000), (500, 14_000), (750, 7000), (500, 14_000), (5000, 7000)]).slow
        #expect(found == times([(5000, 7750)]))
        let apart = pace([(5000, 7000), (500, 14_000), (1500, 7000), (500, 14_000), (5000, 7000)]).slow
        #expect(apart == times([(5000, 6500), (7000, 8500)]))
    }

    /// Whoever is interrupted while working takes long at any speed.
    @Test func aSampleThatWasInterruptedSaysNothing() {
        var pace = ProcessorPace()
        for index in 0..<1000 {
            pace.add(index % 5 == 0 ? 3_000_000 : 7000, now: Int64(index) * 10 * Self.ms)
        }
        #expect(pace.fullSpeed == 7000 && pace.slow.isEmpty)
    }

    /// One lucky quarter of a second in a minute is not the measure of all others.
    @Test func fullSpeedIsThatOfMoreThanOneWindow() {
        let pace = pace([(250, 4000), (60_000, 7000)])
        #expect(pace.fullSpeed == 7000 && pace.slow.isEmpty)
    }

    @Test func aProcessorThatIsAlwaysSlowLooksLikeASlowProcessor() {
        #expect(pace([(20_000, 14_000)]).slow.isEmpty)
    }

    @Test func whatARunHasKeptIsToldApart() {
        // Slow from 5 to 7 s; with its backlog to 8 s.
        var seen = ProcessorWitness.Sightings()
        seen.pace = pace([(5000, 7000), (2000, 14_000), (53_000, 7000)])
        seen.standstills = times([(1000, 1041), (2000, 2012), (6000, 6100), (30_000, 30_020), (70_000, 70_500)])
        var moments = LoadMoments(window: TimeSpan(begin: 1000 * Self.ms, end: 61_000 * Self.ms))
        moments.calls = 300
        moments.gaps = times([(1040, 1100), (1041, 1101), (7990, 8060), (8000, 8060), (5500, 5600)])
        moments.answers = [(4.9, 700), (5.1, 900), (8.3, 800), (8.7, 650), (20, 640)].map {
            LoadAnswer(at: Int64($0.0 * 1000) * Self.ms, milliseconds: $0.1)
        }
        var late = 0.0
        for (second, count) in [(1, 0), (2, 900), (3, 0), (6, 40), (8, 5), (9, 7), (10, 2)] {
            late += Double(count)
            let metrics = EngineMetrics(parsing: "\(LateTickLog.metric) \(late)")
            let now = Int64(second) * 1000 * Self.ms
            moments.lateTicks.read(metrics, asked: now - 10 * Self.ms, now: now)
        }
        let processor = LoadReport.Processor(seen, moments)
        #expect(processor.slowSeconds == 3)
        #expect(processor.gapsOf60WhenSlow == 2)
        // Those read between 3 and 6 s, 6 and 8 s, and 7.99 and 9 s.
        #expect(processor.lateTicksWhenSlow == 52)
        #expect(processor.answerMsOtherwise.count == 3)
        #expect(processor.answerMsOtherwise.max == 700)
        // The one of 100 ms lies in the slow time and that of 500 ms after the window.
        #expect(processor.standstills == 3 && processor.longestMs == 41 && processor.totalMs == 73)
        #expect(processor.lateTicksExplained == 1200)
        #expect(processor.gapsOf60Explained == 1)
    }

    @Test func theLogKeepsWhatBecameLateBetweenTwoReadings() {
        var log = LateTickLog()
        func read(_ total: Int?, _ asked: Int64, _ now: Int64) {
            log.read(total.map { EngineMetrics(parsing: "\(LateTickLog.metric) \($0)") }, asked: asked, now: now)
        }
        read(5, 0, 10)
        read(5, 100, 110)
        // The engine did not answer: the next reading covers both seconds.
        read(nil, 200, 210)
        read(9, 300, 310)
        read(12, 400, 410)
        #expect(log.entries.map(\.span) == [TimeSpan(begin: 100, end: 310), TimeSpan(begin: 300, end: 410)])
        #expect(log.entries.map(\.count) == [4, 3])
    }

    @Test func timesOverlap() {
        let span = TimeSpan(begin: 10, end: 20)
        #expect(span.overlap(with: [TimeSpan(begin: 0, end: 12), TimeSpan(begin: 15, end: 16)]) == 3)
        #expect(span.overlap(with: [TimeSpan(begin: 20, end: 30)]) == 0)
        #expect(!span.touches(anyOf: [TimeSpan(begin: 20, end: 30), TimeSpan(begin: 0, end: 10)]))
        #expect(span.touches(TimeSpan(begin: 19, end: 30)))
    }
}
