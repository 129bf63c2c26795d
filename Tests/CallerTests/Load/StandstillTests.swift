import Caller
import Foundation
import Testing

@Suite("Load generator: standstills")
struct StandstillTests {
    private static let ms: Int64 = 1_000_000

    /// Wakes in time once, then as given.
    private func wake(late: Int64, engineRan: Int64) -> TimeSpan? {
        var watch = StandstillWatch()
        #expect(watch.woke(due: 100 * Self.ms, now: 101 * Self.ms, cpu: 5000 * Self.ms) == nil)
        return watch.woke(due: 103 * Self.ms, now: (103 + late) * Self.ms, cpu: (5000 + engineRan) * Self.ms)
    }

    @Test func whoeverGoesBeforeAllAndWakesLateWasNotLetRun() {
        #expect(wake(late: 40, engineRan: 2) == TimeSpan(begin: 103 * Self.ms, end: 143 * Self.ms))
        #expect(wake(late: 10, engineRan: 0) != nil)
    }

    @Test func aLittleLateIsNoStandstill() { #expect(wake(late: 9, engineRan: 0) == nil) }

    /// Then the processor ran, and the engine on it.
    @Test func noStandstillWhileTheEngineWasRunning() { #expect(wake(late: 40, engineRan: 20) == nil) }

    @Test func theFirstWakeUpHasNothingToCompareWith() {
        var watch = StandstillWatch()
        #expect(watch.woke(due: 0, now: 50 * Self.ms, cpu: 1) == nil)
    }

    /// The thread itself: it starts, watches this very process and ends; without the privilege it says so.
    @Test func theWitnessWatchesAProcessorOrSaysWhyNot() async throws {
        let witness = ProcessorWitness(processor: 0, engine: Int(getpid()))
        let refused = witness.start()
        try await Task.sleep(for: .milliseconds(800))
        let seen = witness.stop()
        if refused == nil {
            #expect((seen.pace.fullSpeed ?? 0) > 0, "the pace of at least one window")
        } else {
            #expect(refused == EPERM && seen.standstills.isEmpty && seen.pace.fullSpeed == nil)
        }
        #expect(ProcessorWitness(processor: 1_000_000, engine: Int(getpid())).start() == EINVAL)
    }
}
