import Actors
import Engine
import Gateway
import Testing

@Suite("Job queue") struct JobQueueTests {
    private func at(_ seconds: Double) -> MediaInstant { MediaInstant(nanoseconds: Int64(seconds * 1e9)) }

    private func queue(_ random: Double = 0.5, _ change: (inout JobQueue.Limits) -> Void = { _ in }) -> JobQueue {
        var limits = JobQueue.Limits()
        limits.retry = .init(base: .seconds(2), cap: .seconds(60), retries: 3, budget: .seconds(100))
        change(&limits)
        return JobQueue(limits, random: { random })
    }

    @Test func noMoreThanTheLimitRunAndTheLongestWaitingComesFirst() {
        var queue = queue { $0.running = 2 }
        for id in ["c", "b", "a"] { #expect(queue.add(id, now: at(0)) == .accepted) }
        #expect(queue.start(now: at(0)).map(\.id) == ["c", "b"])
        #expect(queue.start(now: at(1)).isEmpty && queue.wake == nil, "there is no place")
        queue.finished("b")
        #expect(queue.start(now: at(2)).map(\.id) == ["a"])
    }

    @Test func aJobWaitsForItsTime() {
        var queue = queue()
        #expect(queue.add("a", after: .seconds(5), now: at(0)) == .accepted)
        #expect(queue.start(now: at(4.9)).isEmpty)
        #expect(queue.wake == at(5))
        #expect(queue.start(now: at(5)) == [.init(id: "a", deadline: at(105))])
    }

    @Test func theSameWorkIsTakenOnceAlsoAfterItsEnd() {
        var queue = queue()
        #expect(queue.add("a", now: at(0)) == .accepted)
        #expect(queue.add("a", now: at(0)) == .duplicate)
        _ = queue.start(now: at(0))
        queue.finished("a")
        #expect(queue.add("a", now: at(9)) == .duplicate)
        #expect(queue.count == 0)
    }

    @Test func aFullQueueRefusesAndStillKnowsWhatItHas() {
        var queue = queue { $0.waiting = 2 }
        #expect(queue.add("a", now: at(0)) == .accepted)
        #expect(queue.add("b", now: at(0)) == .accepted)
        #expect(queue.add("c", now: at(0)) == .full)
        #expect(queue.add("a", now: at(0)) == .duplicate)
        _ = queue.start(now: at(0))
        #expect(queue.add("c", now: at(0)) == .accepted, "what was refused may come again")
    }

    @Test func pausesAreDrawnFromAGrowingTimeAndRespectTheVendor() {
        var queue = queue()
        _ = queue.add("a", now: at(0))
        _ = queue.start(now: at(0))
        #expect(queue.failed("a", now: at(0)) == .seconds(1))
        #expect(queue.start(now: at(0.9)).isEmpty)
        #expect(queue.start(now: at(1)).first?.deadline == at(100), "the time runs from the first start")
        #expect(queue.failed("a", atLeast: .seconds(30), now: at(1)) == .seconds(32))
        _ = queue.start(now: at(33))
        #expect(queue.failed("a", now: at(33)) == .seconds(4))
        _ = queue.start(now: at(37))
        #expect(queue.failed("a", now: at(37)) == nil, "no attempt is left")
        #expect(queue.count == 0 && queue.running == 0)
    }

    @Test func aPauseBeyondTheDeadlineIsNotBegun() {
        var queue = queue()
        _ = queue.add("a", now: at(0))
        _ = queue.start(now: at(0))
        #expect(queue.failed("a", atLeast: .seconds(100), now: at(0)) == nil)
    }

    @Test func aClosedQueueLetsGoOfWhatWouldComeTooLate() {
        var queue = queue { $0.running = 1 }
        _ = queue.add("running", now: at(0))
        _ = queue.start(now: at(0))
        _ = queue.add("soon", after: .seconds(3), now: at(0))
        _ = queue.add("late", after: .seconds(30), now: at(0))
        #expect(queue.close(until: at(10)) == ["late"])
        #expect(queue.add("new", now: at(1)) == .closed)
        queue.finished("running")
        #expect(!queue.isOver && queue.start(now: at(3)).map(\.id) == ["soon"])
        #expect(queue.failed("soon", atLeast: .seconds(8), now: at(3)) == nil, "beyond the end")
        #expect(queue.isOver)
        #expect(!queue.isOverdue(now: at(9.9)) && queue.isOverdue(now: at(10)))
    }
}
