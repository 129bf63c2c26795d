import Engine

/// Where turns begin and end: detector and turn machine together.
public enum TurnQuality {
    static let area = "turns"

    public static func measure(_ corpus: Corpus) throws -> [QualityFigure] {
        try pauses(corpus) + preroll(corpus)
    }

    /// Two sentences with a pause between them: one turn up to 500 ms, two beyond.
    private static func pauses(_ corpus: Corpus) throws -> [QualityFigure] {
        try corpus.items(in: "turns").flatMap { item -> [QualityFigure] in
            let samples = try corpus.samples(item.file)
            // A second of quiet, so that the last turn can end.
            let tail = [Int16](repeating: 0, count: 50 * 160)
            let frames = stride(from: 0, through: samples.count + tail.count - 160, by: 160).map {
                Array((samples + tail)[$0..<$0 + 160])
            }
            let turns = turns(frames)
            let pause = item.inner_pause_ms ?? 0
            let wanted = pause <= 500 ? 1 : 2
            let last = Double(item.speech_ms?.last?[1] ?? 0)
            let delay = (turns.last?.decided).map { Double($0 + 1) * 20 - last } ?? .infinity
            return [
                .init(
                    area,
                    "turns too many or too few, pause \(pause) ms",
                    Double(abs(turns.count - wanted)),
                    unit: "turns",
                    target: .atMost(0)
                ),
                .init(area, "end decided after, pause \(pause) ms", delay, unit: "ms", target: .atMost(800)),
            ]
        }
    }

    /// Share of turns whose labelled onset the pre-roll still holds when the turn is known to have begun.
    private static func preroll(_ corpus: Corpus) throws -> [QualityFigure] {
        let all = try VoiceActivityTalkers.tuned(corpus) + VoiceActivityTalkers.heldOut(corpus)
        return VoiceActivityQuality.Condition.all.map { condition in
            var (inside, total) = (0, 0)
            for (index, talker) in all.enumerated() where talker.name != "people" {
                let call = condition.call(talker, seed: UInt64(61 + index))
                let turns = turns(call.frames(seed: 7))
                var previousEnd = -99
                for stretch in VoiceActivityMaterial.stretches(of: true, in: call.speech) {
                    defer { previousEnd = stretch.upperBound }
                    guard stretch.count >= 10, stretch.lowerBound - previousEnd >= 35,
                        let turn = turns.first(where: { stretch.contains($0.started) })
                    else { continue }
                    total += 1
                    if turn.started - stretch.lowerBound < Preroll.capacityFrames { inside += 1 }
                }
            }
            let isPromised = condition.precision != nil
            return QualityFigure(
                area,
                "onset inside the pre-roll, \(condition.name)",
                Double(inside) / Double(max(1, total)),
                unit: "ratio",
                target: isPromised ? .atLeast(0.99) : .none
            )
        }
    }

    /// Frames at which turns are known to have begun and to be over.
    private static func turns(_ frames: [[Int16]]) -> [(started: Int, decided: Int)] {
        var machine = TurnMachine()
        var turns: [(started: Int, decided: Int)] = []
        var started = 0
        for (frame, answer) in VoiceActivityQuality.detected(frames).enumerated() {
            let now = MediaInstant(milliseconds: Int64(frame + 1) * 20)
            switch machine.handle(isSpeech: answer.isSpeechFrame, now: now) {
            case .none, .paused, .resumed, .dropped: break
            case .started: started = frame
            case .ended: turns.append((started, frame))
            }
        }
        return turns
    }
}
