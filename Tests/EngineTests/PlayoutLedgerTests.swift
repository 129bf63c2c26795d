import Engine
import Testing

@Suite("Playout ledger")
struct PlayoutLedgerTests {
    private func at(_ milliseconds: Int64) -> MediaInstant { MediaInstant(milliseconds: milliseconds) }

    /// Sends `frames` frames of reply 1, piece 0, all at once.
    private func send(_ ledger: inout PlayoutLedger, frames: Int, now: MediaInstant) {
        for frame in 1...frames { ledger.sent(reply: 1, piece: 0, end: Int32(frame * 160), now: now) }
    }

    @Test func framesAreHeardOneAfterTheOther() {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 5, now: at(1000))
        #expect(ledger.lead(at: at(1000)) == .milliseconds(100))
        for (time, samples) in [(1019, 0), (1020, 160), (1059, 320), (1060, 480), (1100, 800)] as [(Int64, Int32)] {
            ledger.advance(to: at(time))
            #expect(ledger.heard.samples == samples, "at \(time) ms")
        }
        #expect(ledger.isEmpty)
        #expect(ledger.lead(at: at(1200)) == .zero)
    }

    @Test func whatWasClearedIsNeverHeard() {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 10, now: at(0))
        ledger.cleared(now: at(70))
        #expect(ledger.heard == HeardPosition(reply: 1, piece: 0, samples: 480))
        ledger.advance(to: at(5000))
        #expect(ledger.heard.samples == 480)
        #expect(ledger.lead(at: at(70)) == .zero)
    }

    @Test func aMarkThatComesBackConfirmsAndMeasuresTheRoundTrip() throws {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 5, now: at(0))
        let mark = try #require(ledger.mark(reply: 1, piece: 0, end: 800))
        #expect(ledger.returned(mark: mark, now: at(180)))
        #expect(ledger.roundTrip == .milliseconds(80))
        #expect(ledger.heard == HeardPosition(reply: 1, piece: 0, samples: 800, isConfirmed: true))
    }

    @Test func theHeardPositionLagsHalfTheRoundTrip() throws {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 1, now: at(0))
        let mark = try #require(ledger.mark(reply: 1, piece: 0, end: 160))
        #expect(ledger.returned(mark: mark, now: at(120)))
        for frame in 1...5 { ledger.sent(reply: 2, piece: 0, end: Int32(frame * 160), now: at(1000)) }
        ledger.advance(to: at(1069))
        #expect(ledger.heard == HeardPosition(reply: 1, piece: 0, samples: 160, isConfirmed: true))
        ledger.advance(to: at(1070))
        #expect(ledger.heard == HeardPosition(reply: 2, piece: 0, samples: 160))
    }

    @Test func marksThatComeBackBecauseOfAClearProveNothing() throws {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 5, now: at(0))
        let mark = try #require(ledger.mark(reply: 1, piece: 0, end: 800))
        ledger.cleared(now: at(40))
        #expect(!ledger.returned(mark: mark, now: at(60)))
        #expect(ledger.heard.samples == 320)
        #expect(!ledger.heard.isConfirmed)
    }

    @Test func aMarkAnswersThoseBeforeItAndIsTakenOnce() throws {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 2, now: at(0))
        let first = try #require(ledger.mark(reply: 1, piece: 0, end: 320))
        let second = try #require(ledger.mark(reply: 1, piece: 0, end: 320))
        #expect(ledger.returned(mark: second, now: at(40)))
        #expect(!ledger.returned(mark: first, now: at(41)))
        #expect(!ledger.returned(mark: second, now: at(42)))
        #expect(!ledger.returned(mark: 4711, now: at(43)))
    }

    @Test func unansweredMarksAreBounded() {
        var ledger = PlayoutLedger()
        let given = (0..<100).filter { _ in ledger.mark(reply: 1, piece: 0, end: 0) != nil }
        #expect(given.count == 32)
    }

    @Test func moreFramesThanItHoldsPushTheOldestOut() {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 200, now: at(0))
        #expect(ledger.heard.samples == (200 - 64) * 160)
        ledger.advance(to: at(4000))
        #expect(ledger.heard.samples == 200 * 160)
    }
}
