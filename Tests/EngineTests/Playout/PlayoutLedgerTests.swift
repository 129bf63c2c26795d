import Engine
import Testing

@Suite("Playout ledger")
struct PlayoutLedgerTests {
    private func at(_ milliseconds: Int64) -> MediaInstant { MediaInstant(milliseconds: milliseconds) }

    /// Sends `frames` frames of reply 1, piece 0, all at once.
    private func send(_ ledger: inout PlayoutLedger, frames: Int, now: MediaInstant) {
        for frame in 1...frames { ledger.sent(reply: 1, piece: 0, end: Int32(frame * 160), now: now) }
    }

    private func mark(_ ledger: inout PlayoutLedger, reply: Int32, piece: Int32, end: Int32) -> Int64 {
        guard let number = ledger.mark(reply: reply, piece: piece, end: end) else {
            Issue.record("a mark was refused")
            return -1
        }
        return number
    }

    @Test func framesAreHeardOneAfterTheOther() {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 5, now: at(1000))
        let seen1 = ledger.lead(at: at(1000))
        #expect(seen1 == .milliseconds(100))
        for (time, samples) in [(1019, 0), (1020, 160), (1059, 320), (1060, 480), (1100, 800)] as [(Int64, Int32)] {
            ledger.advance(to: at(time))
            let seen2 = ledger.heard.samples
            #expect(seen2 == samples, "at \(time) ms")
        }
        let seen3 = ledger.isEmpty
        #expect(seen3)
        let seen4 = ledger.lead(at: at(1200))
        #expect(seen4 == .zero)
    }

    @Test func whatWasClearedIsNeverHeard() {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 10, now: at(0))
        ledger.cleared(now: at(70))
        let seen5 = ledger.heard
        #expect(seen5 == HeardPosition(reply: 1, piece: 0, samples: 480))
        ledger.advance(to: at(5000))
        let seen6 = ledger.heard.samples
        #expect(seen6 == 480)
        let seen7 = ledger.lead(at: at(70))
        #expect(seen7 == .zero)
    }

    @Test func aMarkThatComesBackConfirmsAndMeasuresTheRoundTrip() {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 5, now: at(0))
        let mark = mark(&ledger, reply: 1, piece: 0, end: 800)
        let seen8 = ledger.returned(mark: mark, now: at(180))
        #expect(seen8)
        let seen9 = ledger.roundTrip
        #expect(seen9 == .milliseconds(80))
        let seen10 = ledger.heard
        #expect(seen10 == HeardPosition(reply: 1, piece: 0, samples: 800, isConfirmed: true))
    }

    @Test func theHeardPositionLagsHalfTheRoundTrip() {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 1, now: at(0))
        let mark = mark(&ledger, reply: 1, piece: 0, end: 160)
        let seen11 = ledger.returned(mark: mark, now: at(120))
        #expect(seen11)
        for frame in 1...5 { ledger.sent(reply: 2, piece: 0, end: Int32(frame * 160), now: at(1000)) }
        ledger.advance(to: at(1069))
        let seen12 = ledger.heard
        #expect(seen12 == HeardPosition(reply: 1, piece: 0, samples: 160, isConfirmed: true))
        ledger.advance(to: at(1070))
        let seen13 = ledger.heard
        #expect(seen13 == HeardPosition(reply: 2, piece: 0, samples: 160))
    }

    @Test func marksThatComeBackBecauseOfAClearProveNothing() {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 5, now: at(0))
        let mark = mark(&ledger, reply: 1, piece: 0, end: 800)
        ledger.cleared(now: at(40))
        let seen14 = ledger.returned(mark: mark, now: at(60))
        #expect(!seen14)
        let seen15 = ledger.heard.samples
        #expect(seen15 == 320)
        let seen16 = ledger.heard.isConfirmed
        #expect(!seen16)
    }

    @Test func aMarkAnswersThoseBeforeItAndIsTakenOnce() {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 2, now: at(0))
        let first = mark(&ledger, reply: 1, piece: 0, end: 320)
        let second = mark(&ledger, reply: 1, piece: 0, end: 320)
        let seen17 = ledger.returned(mark: second, now: at(40))
        #expect(seen17)
        let seen18 = ledger.returned(mark: first, now: at(41))
        #expect(!seen18)
        let seen19 = ledger.returned(mark: second, now: at(42))
        #expect(!seen19)
        let seen20 = ledger.returned(mark: 4711, now: at(43))
        #expect(!seen20)
    }

    @Test func unansweredMarksAreBounded() {
        var ledger = PlayoutLedger()
        var given = 0
        for _ in 0..<100 where ledger.mark(reply: 1, piece: 0, end: 0) != nil { given += 1 }
        #expect(given == 32)
    }

    @Test func moreFramesThanItHoldsPushTheOldestOut() {
        var ledger = PlayoutLedger()
        send(&ledger, frames: 200, now: at(0))
        let seen21 = ledger.heard.samples
        #expect(seen21 == (200 - 64) * 160)
        ledger.advance(to: at(4000))
        let seen22 = ledger.heard.samples
        #expect(seen22 == 200 * 160)
    }
}
