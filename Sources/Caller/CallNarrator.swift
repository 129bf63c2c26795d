import Foundation

/// Turns what happens in a call into lines for people. Pure: takes events, gives lines.
///
/// With the engine's words (`followsWords`) the lines come from the engine's events; without, from what the caller
/// measured.
public struct CallNarrator: Sendable {
    private let followsWords: Bool
    private let styled: Bool
    /// An interruption is told by both sides: its length by the phone, its words by the engine. The first waits for
    /// the second.
    private var silence: CallReport.Turn?
    private var heard: EngineEvent?

    /// - Parameter styled: whether lines may carry terminal colours; false in a pipe.
    public init(followsWords: Bool, styled: Bool) {
        self.followsWords = followsWords
        self.styled = styled
    }

    /// Lines for something the caller's side saw.
    public mutating func lines(for event: CallEvent) -> [String] {
        switch event {
        case .answered(let before):
            return before.isEmpty ? [] : ["          before the stream: " + before.joined(separator: ", ")]
        case .opened(let callSid, _):
            return [dim("call \(callSid)")]
        case .greeted(let at):
            return followsWords ? [] : [line(at, "agent", "(is heard)")]
        case .callerBegan(let turn, let utterance, let at):
            return followsWords ? [] : [line(at, "caller", "(utterance \(turn): \(Self.printable(utterance)))")]
        case .responded(let turn):
            guard !followsWords, let at = turn.answerAudibleMs, let response = turn.responseMs else { return [] }
            return [
                line(at, "agent", "(is heard)"),
                dim("          turn \(turn.turn): answered after \(Self.whole(response)) ms"),
            ]
        case .interrupted(let turn):
            silence = turn
            return followsWords && heard == nil ? [] : interruption()
        case .ended(let end, let at):
            return pending() + [dim(Self.time(at) + "  " + Self.words(end))]
        }
    }

    /// Lines for something the engine told.
    public mutating func lines(for event: EngineEvent) -> [String] {
        switch event.name {
        case .started, .ended:
            return []
        case .callerSaid:
            return [line(event.atMs, "caller", Self.printable(event.text ?? ""))]
        case .agentSaid:
            let cut = event.interrupted == true ? " --" : ""
            return [line(event.atMs, "agent", Self.printable(event.text ?? "") + cut)]
        case .interrupted:
            heard = event
            return silence == nil ? [] : interruption()
        case .turn:
            let waterfall = TurnWaterfall(event.spans ?? []).lines.map(dim)
            return (event.stages.map { [dim(Self.stages($0, turn: event.turn))] } ?? []) + waterfall
        case .action:
            return ["          action: \(Self.printable(event.action ?? ""))"]
        }
    }

    /// What is still waiting for its other half when the call is over.
    public mutating func pending() -> [String] {
        silence == nil && heard == nil ? [] : interruption()
    }

    /// The table at the end.
    public func summary(_ report: CallReport) -> [String] {
        var lines = [
            "",
            "call \(report.callSid): \(Self.words(report.end)), \(Self.fixed(report.durationMs / 1000, 1)) s, "
                + "\(report.turns.count) \(report.turns.count == 1 ? "turn" : "turns")",
            "  milliseconds                         p50     p95     max   count",
        ]
        let rows: [(String, Distribution?)] = [
            ("greeting heard after", Distribution([report.greetingMs].compactMap { $0 })),
            ("last word to answer heard", report.response),
            ("interruption to clear", report.interruptionClear),
            ("interruption to silence", report.interruptionSilent),
            ("audio waiting at the provider", report.playout.lead),
        ]
        for (name, values) in rows {
            guard let values else { continue }
            let cells = [values.p50, values.p95, values.max].map { Self.right(Self.whole($0), 8) }
            lines.append("  " + Self.left(name, 32) + cells.joined() + Self.right("\(values.count)", 8))
        }
        let playout = report.playout
        lines.append(
            "  gaps in the agent's speech: \(playout.gaps20) of 20 ms or more, \(playout.gaps60) of 60 ms or more"
        )
        let early = report.turns.filter(\.answeredEarly).count
        if early > 0 { lines.append("  the agent spoke before the caller had finished: \(early)") }
        for warning in report.warnings {
            let code = warning.vendorCode.map { " (provider's warning \($0))" } ?? ""
            lines.append("  protocol: \(warning.fault.rawValue) x \(warning.count)\(code)")
        }
        if report.lateTicks > 0 {
            lines.append("  this program was late \(report.lateTicks) times: the figures above may be too high")
        }
        return lines
    }

    private mutating func interruption() -> [String] {
        defer {
            silence = nil
            heard = nil
        }
        let at = silence?.firstSpeechMs ?? heard?.atMs
        var text = "caller interrupts: "
        if let silent = silence?.interruption?.silentMs {
            text += "agent silent after \(Self.whole(silent)) ms"
        } else if let detected = heard?.detectMs {
            text += "detected after \(Self.whole(detected)) ms"
        } else {
            text += "agent stops"
        }
        if let words = heard?.heard { text += ", had said: \"\(Self.printable(words))\"" }
        return [Self.time(at) + "  " + text]
    }

    private static let stageNames = [
        ("endpoint", "endpoint"), ("stt_final", "transcript"), ("llm_first_token", "first token"),
        ("llm_first_sentence", "first sentence"), ("tts_first_audio", "first audio"), ("first_frame", "first frame"),
        ("engine", "engine"), ("total", "total"),
    ]

    private static func stages(_ stages: [String: Double], turn: Int?) -> String {
        let parts = stageNames.compactMap { key, name in stages[key].map { "\(name) \(whole($0))" } }
        return "          turn \(turn.map(String.init) ?? "?"): " + parts.joined(separator: ", ") + " ms"
    }

    private static func words(_ end: CallReport.End) -> String {
        switch end {
        case .answered: "caller hangs up"
        case .notAnswered: "caller hangs up, the last utterance was not answered"
        case .maxDuration: "caller hangs up, the longest duration is reached"
        case .serverClosed: "the engine ended the call"
        case .transferred: "the engine put the caller through"
        case .connectionLost: "the connection was lost"
        case .cancelled: "call stopped"
        }
    }

    private func line(_ at: Double?, _ who: String, _ text: String) -> String {
        let name = Self.left(who, 6)
        return Self.time(at) + "  " + (styled ? "\u{1B}[1m\(name)\u{1B}[0m" : name) + "  " + text
    }

    private func dim(_ text: String) -> String { styled ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

    private static func time(_ milliseconds: Double?) -> String {
        guard let milliseconds else { return "         " }
        return right(fixed(milliseconds / 1000, 2), 7) + " s"
    }

    /// Words come from outside: no line of theirs may carry control characters to a terminal.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 })
        )
    }

    private static func whole(_ value: Double) -> String { String(Int(value.rounded())) }
    private static func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
