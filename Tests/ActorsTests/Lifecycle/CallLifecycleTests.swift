import Actors
import TestSupport
import Testing

@Suite("Call lifecycle")
struct CallLifecycleTests {
    typealias Phase = CallLifecycle.Phase
    /// From the least to the most advanced.
    static let order: [Phase] = [
        .initiated, .ringing, .inProgress, .failed, .canceled, .noAnswer, .busy, .completed, .voicemail,
    ]

    private static func told(_ phases: [Phase]) -> CallLifecycle {
        var call = CallLifecycle()
        for phase in phases { _ = call.enter(phase) }
        return call
    }

    @Test func everyPhaseHasItsPlace() {
        #expect(Set(Self.order) == Set(Phase.allCases) && Self.order.count == Phase.allCases.count)
        #expect(Self.order.filter(\.isEnded) == Array(Self.order.dropFirst(3)))
    }

    @Test(arguments: order)
    func aNewCallTakesAnyPhase(_ phase: Phase) {
        var call = CallLifecycle()
        #expect(call.phase == nil && !call.wasAnswered)
        let change = call.enter(phase)
        #expect(change == .entered(phase))
        #expect(call.phase == phase)
        #expect(call.wasAnswered == (phase == .inProgress || phase == .completed))
    }

    @Test(arguments: order, order)
    func fromEveryPhaseOnlyWhatIsAheadIsTaken(_ from: Phase, _ to: Phase) throws {
        var call = Self.told([from])
        let here = try #require(Self.order.firstIndex(of: from))
        let there = try #require(Self.order.firstIndex(of: to))
        let change = call.enter(to)
        if there <= here {
            #expect(change == .stale && call.phase == from)
        } else {
            #expect(change == (from.isEnded ? .refined(to) : .entered(to)) && call.phase == to)
        }
        let again = call.enter(to)
        #expect(again == .stale, "told again")
        if from.isEnded { #expect(call.phase?.isEnded == true, "never lives again") }
    }

    @Test func aCallMissedByOneAndAnsweredByAnotherWasCompleted() {
        #expect(Self.told([.ringing, .noAnswer, .completed]).phase == .completed)
        #expect(Self.told([.ringing, .completed, .noAnswer]).phase == .completed)
    }

    @Test func lateNewsOfTheAnswerIsStillTrue() {
        var call = Self.told([.ringing, .failed])
        #expect(!call.wasAnswered)
        let late = call.enter(.inProgress)
        #expect(late == .stale)
        #expect(call.wasAnswered && call.phase == .failed)
    }

    @Test func aRecordingCountsOnceAlsoAfterTheEnd() {
        var call = Self.told([.completed])
        let new = ["RE1", "RE2", "RE1"].map { call.recorded($0) }
        #expect(new == [true, true, false])
        #expect(call.recordings == ["RE1", "RE2"])
    }

    @Test func recordingsAreBounded() {
        var call = CallLifecycle()
        for number in 0..<500 { _ = call.recorded("\(number)") }
        #expect(call.recordings.count == CallLifecycle.maximumRecordings)
        #expect(call.recordings.first == "0")
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func anyOrderAndRepetitionEndsInTheSameState(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let phases = (0..<Int.random(in: 1...6, using: &random)).map { _ in Self.order.randomElement(using: &random)! }
        let reference = Self.told(phases)
        for _ in 0..<20 {
            let again = phases + phases.filter { _ in Bool.random(using: &random) }
            var call = CallLifecycle()
            var hasEnded = false
            for phase in again.shuffled(using: &random) {
                _ = call.enter(phase)
                if hasEnded { #expect(call.phase?.isEnded == true, "seed \(seed)") }
                hasEnded = call.phase?.isEnded ?? false
            }
            #expect(call == reference, "seed \(seed): \(again)")
        }
    }
}
