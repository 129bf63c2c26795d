import Caller
import Engine
import Foundation

/// A call that was held, on the clock that the vendors' servers go by.
struct PlacedCall: Sendable {
    typealias Instant = ContinuousClock.Instant

    let report: CallReport
    /// Zero of the report's times.
    let openedAt: Instant
    /// Which of the frames played at the phone were audible.
    private let audible: [Bool]

    /// Places a call and holds it to its end.
    static func hold(_ configuration: TwilioCallConfiguration) async throws -> PlacedCall {
        let opened = Locked<Instant?>(nil)
        let report = try await TwilioCall(configuration: configuration).run { event in
            if case .opened = event { opened.withLock { $0 = .now } }
        }
        return PlacedCall(report: report, openedAt: opened.withLock { $0 } ?? .now)
    }

    private init(report: CallReport, openedAt: Instant) {
        self.report = report
        self.openedAt = openedAt
        audible = stride(from: 0, to: report.heard.count, by: PhoneFrame.bytes).map { start in
            let end = min(start + PhoneFrame.bytes, report.heard.count)
            return PhoneFrame.level(report.heard[start..<end]) > -50
        }
    }

    func instant(_ milliseconds: Double) -> Instant { openedAt + .seconds(milliseconds / 1000) }

    func milliseconds(_ instant: Instant) -> Double { openedAt.duration(to: instant) / .milliseconds(1) }

    /// When the first frame at or after a time is audible, in the call's milliseconds; nil: none is.
    func audible(from time: Double) -> Double? {
        // The first frame is played within 20 ms of the socket's opening: its end is the latest it can be.
        let first = max(0, Int(time) / PhoneFrame.milliseconds)
        return audible[min(first, audible.count)...].firstIndex(of: true).map { Double(($0 + 1) * 20) }
    }

    /// The longest silence between two audible frames of a stretch, in milliseconds.
    func longestHole(from start: Double, to end: Double) -> Double {
        var longest = 0, silent = 0
        var isHeard = false
        let first = max(0, Int(start) / PhoneFrame.milliseconds)
        for index in first..<max(first, min(audible.count, Int(end) / PhoneFrame.milliseconds)) {
            if audible[index] {
                if isHeard { longest = max(longest, silent) }
                (isHeard, silent) = (true, 0)
            } else {
                silent += 1
            }
        }
        return Double(longest * PhoneFrame.milliseconds)
    }

    /// When the agent's answer to a turn is over: the caller's next word, or the end of the call.
    func end(of turn: CallReport.Turn) -> Double {
        report.turns.first { $0.turn == turn.turn + 1 }?.startedMs ?? report.durationMs
    }
}
