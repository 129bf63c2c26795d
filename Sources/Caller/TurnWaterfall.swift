/// A turn's stages as bars over the time since the caller's last word: what overlaps what is seen at a glance. Pure.
struct TurnWaterfall {
    private static let names = [
        ("endpoint", "end of turn"), ("stt_final", "transcript"), ("llm_first_token", "first token"),
        ("llm_first_sentence", "first sentence"), ("tts_first_audio", "first audio"), ("first_frame", "first frame"),
    ]
    private static let width = 48

    private let spans: [EngineEvent.Span]

    init(_ spans: [EngineEvent.Span]) { self.spans = spans }

    /// One line for each stage, in the order of the stages; none when nothing is known.
    var lines: [String] {
        let end = spans.map(\.toMs).max() ?? 0
        guard end > 0 else { return [] }
        return Self.names.compactMap { stage, name in
            guard let span = spans.first(where: { $0.stage == stage }) else { return nil }
            // A stage that began before the last word (a recogniser that was already at work) is drawn from there.
            let from = Self.place(max(0, span.fromMs), of: end)
            let to = max(from + 1, Self.place(span.toMs, of: end))
            let bar = String(repeating: " ", count: from) + String(repeating: "=", count: to - from)
            return "          " + Self.padded(name, 16) + Self.padded(bar, Self.width + 2)
                + "\(Int(span.fromMs.rounded())) to \(Int(span.toMs.rounded())) ms"
        }
    }

    private static func place(_ milliseconds: Double, of end: Double) -> Int {
        min(width, Int((milliseconds / end * Double(width)).rounded()))
    }

    private static func padded(_ text: String, _ count: Int) -> String {
        text + String(repeating: " ", count: max(0, count - text.count))
    }
}
