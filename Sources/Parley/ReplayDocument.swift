import Engine
import Foundation

/// What a replay found, for people and for machines.
struct ReplayDocument: Encodable {
    struct Event: Encodable {
        var atSeconds: Double?
        var event: String
    }

    var lengthSeconds: Double
    var replaySeconds: Double
    /// The call's length over the replay's time.
    var factor: Double
    var ticks: Int
    var checkpoints: Int
    var isIdentical: Bool
    /// `complete`, `broken` (its writer could not keep up) or nil (it is cut or damaged).
    var ending: String?
    /// The first second that differs, counted from 0.
    var differsInSecond: Int64?
    var problem: String?
    var events: [Event]

    init(_ report: CaptureReplay.Report, events: [CallEvent], taken: Duration) {
        lengthSeconds = report.length.inMilliseconds / 1000
        replaySeconds = taken.inMilliseconds / 1000
        factor = lengthSeconds / max(replaySeconds, 1e-9)
        ticks = report.ticks
        checkpoints = report.checkpoints
        isIdentical = report.isIdentical
        ending = report.ending.map { "\($0)" }
        differsInSecond = report.firstDifference.map { $0.after.milliseconds / 1000 }
        if let difference = report.firstDifference {
            let from = Self.seconds(Double(difference.after.milliseconds) / 1000)
            let to = Self.seconds(Double(difference.by.milliseconds) / 1000)
            problem = "what leaves the pipeline differs first between \(from) and \(to)"
        } else if let fault = report.fault {
            problem = "\(fault)"
        }
        self.events = events.map { event in
            let at = event.reported ?? event.begun
            return Event(atSeconds: at.map { Double($0.nanoseconds) / 1e9 }, event: Self.name(event))
        }
    }

    var text: String {
        var lines = events.map { event in
            Self.padded(event.atSeconds.map(Self.seconds) ?? "", 12) + "  " + event.event
        }
        lines.append("")
        lines.append("call      \(Self.seconds(lengthSeconds)), \(ticks) ticks")
        lines.append("replayed  in \(Self.seconds(replaySeconds)), \(Int(factor)) times faster")
        if isIdentical {
            let end = ending == "broken" ? "; the capture breaks off here, its writer could not keep up" : ""
            lines.append("digests   all \(checkpoints) agree\(end)")
        } else if differsInSecond != nil {
            lines.append("digests   differ")
        } else {
            lines.append("digests   \(checkpoints) agree up to there; the capture is not whole")
        }
        return lines.joined(separator: "\n")
    }

    func encoded() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private static func seconds(_ value: Double) -> String { String(format: "%.3f s", value) }
    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func name(_ event: CallEvent) -> String {
        func at(_ position: HeardPosition) -> String {
            "heard reply \(position.reply), piece \(position.piece), \(position.samples) samples"
        }
        return switch event {
        case .callerStarted(let turn, _): "turn \(turn) began"
        case .callerEnded(let turn, let last, _):
            "turn \(turn) ended, last speech \(seconds(Double(last.nanoseconds) / 1e9))"
        case .callerPaused(let turn, let pause, let last, _):
            "turn \(turn) paused, pause \(pause), last speech \(seconds(Double(last.nanoseconds) / 1e9))"
        case .callerResumed(let turn, _): "turn \(turn) went on"
        case .callerDropped(let turn, _): "turn \(turn) was nothing"
        case .bargeIn(let onset, _, let heard):
            "barge-in, onset \(seconds(Double(onset.nanoseconds) / 1e9)), \(at(heard))"
        case .stopped(_, let heard): "agent stopped, \(at(heard))"
        case .replyAudible(let reply, _): "reply \(reply) audible"
        case .replyPlayed(let reply, _): "reply \(reply) played"
        // A key may be part of a card number: which one it was stays in the capture.
        case .digit: "key pressed"
        case .idle(let count, _): "line idle, \(count)"
        case .timeUp: "time is up"
        case .ended(let reason, _): "ended: \(reason)"
        }
    }
}

extension CallEvent {
    /// A turn's start is placed at its onset.
    fileprivate var begun: MediaInstant? { if case .callerStarted(_, let at) = self { at } else { nil } }
}
