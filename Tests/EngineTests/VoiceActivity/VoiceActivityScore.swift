import Engine

/// How well a detector's answers match the labels.
struct VoiceActivityScore {
    private(set) var hits = 0
    private(set) var falseFrames = 0
    private(set) var missedFrames = 0
    /// From the labelled onset to the end of the frame that triggers, ms; one per stretch of 400 ms or more after a pause.
    private(set) var latencies: [Int] = []
    private(set) var missedOnsets = 0
    /// Triggers away from any speech.
    private(set) var falseTriggers = 0

    mutating func add(_ fixture: VoiceActivityFixture, _ answers: [VoiceActivity]) {
        let labels = answers.indices.map { frame in fixture.speech.contains { $0.contains(frame) } }
        for (label, answer) in zip(labels, answers) {
            switch (label, answer.isSpeech) {
            case (true, true): hits += 1
            case (false, true): falseFrames += 1
            case (true, false): missedFrames += 1
            case (false, false): break
            }
        }
        let triggers = Self.bargeIns(answers)
        var previousEnd = -99
        for stretch in fixture.speech {
            if stretch.count >= 20, stretch.lowerBound - previousEnd >= 15 {
                if let first = triggers.first(where: { stretch.contains($0) }) {
                    latencies.append((first - stretch.lowerBound + 1) * 20)
                } else {
                    missedOnsets += 1
                }
            }
            previousEnd = stretch.upperBound
        }
        for trigger in triggers where !triggers.contains(trigger - 1) {
            if !labels[max(0, trigger - 17)...trigger].contains(true) { falseTriggers += 1 }
        }
    }

    var precision: Double { Double(hits) / Double(max(1, hits + falseFrames)) }
    var recall: Double { Double(hits) / Double(max(1, hits + missedFrames)) }

    func latency(percentile: Int) -> Int {
        let sorted = latencies.sorted()
        return sorted.isEmpty ? .max : sorted[min(sorted.count - 1, sorted.count * percentile / 100)]
    }

    /// Frames at which 200 of the last 240 ms were speech.
    static func bargeIns(_ answers: [VoiceActivity]) -> [Int] {
        answers.indices.filter { frame in
            frame >= 9 && answers[max(0, frame - 11)...frame].count { $0.isSpeechFrame } >= 10
        }
    }
}
