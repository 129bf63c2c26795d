import Legs
import Testing

@Suite("Sockets kept ready")
struct VoiceShelfTests {
    private typealias Shelf = VoiceShelf<String, Int>
    private let start = ContinuousClock.now

    private func shelf(perVoice: Int = 4, idle: Int = 64, reuses: Bool = false) -> Shelf {
        Shelf(
            .init(idlePerVoice: perVoice, idle: idle, idleLimit: .seconds(15), keepWarm: .seconds(60)),
            reuses: reuses
        )
    }

    private func take(_ shelf: inout Shelf, _ key: String = "a", after seconds: Int = 0) -> Int? {
        shelf.take(key, now: start + .seconds(seconds)) { _ in true }.item
    }

    @Test func oneCallerHasOneSocketReady() {
        var shelf = shelf()
        #expect(shelf.refill("a", now: start).open == ["a"])
        #expect(shelf.refill("a", now: start).open == [])
        #expect(shelf.opened("a", 1, now: start).close == [])
        #expect(take(&shelf) == 1)
        #expect(take(&shelf) == nil)
        #expect(shelf.inUse == 2)
    }

    @Test func asManyAreReadyAsWereInUseAtOnce() {
        var shelf = shelf(perVoice: 3)
        for _ in 0..<5 { _ = take(&shelf) }
        #expect(shelf.refill("a", now: start).open == ["a", "a", "a"])
    }

    @Test func aSocketThatComesBackNeedsNoOtherInItsPlace() {
        var shelf = shelf(reuses: true)
        _ = take(&shelf)
        #expect(shelf.refill("a", now: start).open == [])
        _ = shelf.giveBack("a", nil, now: start)
        #expect(shelf.refill("a", now: start).open == ["a"])
    }

    @Test func theWholeIsBounded() {
        var shelf = shelf(idle: 2)
        for key in ["a", "b", "c"] { _ = shelf.refill(key, now: start) }
        #expect(shelf.opening == 2)
        #expect(shelf.opened("a", 1, now: start).close == [])
        #expect(shelf.opened("b", 2, now: start).close == [])
        _ = take(&shelf, "c")
        #expect(shelf.giveBack("c", 3, now: start).close == [3])
    }

    @Test func anAgedSocketIsNotHandedOut() {
        var shelf = shelf()
        _ = shelf.refill("a", now: start)
        _ = shelf.opened("a", 1, now: start)
        let (item, work) = shelf.take("a", now: start + .seconds(15)) { _ in true }
        #expect(item == nil)
        #expect(work.close == [1])
    }

    @Test func aSocketThatTheVendorClosedIsNotHandedOut() {
        var shelf = shelf()
        _ = shelf.refill("a", now: start)
        _ = shelf.opened("a", 1, now: start)
        let (item, work) = shelf.take("a", now: start) { _ in false }
        #expect(item == nil)
        #expect(work.close == [1])
    }

    @Test func agedSocketsAreReplacedWhileTheirVoiceIsInUse() {
        var shelf = shelf()
        _ = take(&shelf)
        _ = shelf.giveBack("a", 1, now: start)
        #expect(shelf.tick(now: start + .seconds(5)).next == start + .seconds(15))
        let (work, next) = shelf.tick(now: start + .seconds(15))
        #expect(work.close == [1])
        #expect(work.open == ["a"])
        #expect(next == nil)
        _ = shelf.opened("a", 2, now: start + .seconds(50))
        // A minute after the last piece nobody waits any more.
        let end = shelf.tick(now: start + .seconds(65))
        #expect(end.work.close == [2])
        #expect(end.work.open == [])
        #expect(end.next == nil)
    }

    @Test func anOpeningThatFailsIsNotCounted() {
        var shelf = shelf()
        _ = shelf.refill("a", now: start)
        shelf.openingFailed("a")
        #expect(shelf.opening == 0)
        #expect(shelf.refill("a", now: start).open == ["a"])
    }

    @Test func aClosedShelfKeepsNothing() {
        var shelf = shelf()
        _ = shelf.refill("a", now: start)
        _ = shelf.opened("a", 1, now: start)
        _ = take(&shelf, "b")
        #expect(shelf.close().close == [1])
        #expect(shelf.giveBack("b", 2, now: start).close == [2])
        #expect(shelf.refill("a", now: start).open == [])
        #expect(shelf.idle == 0)
    }
}
