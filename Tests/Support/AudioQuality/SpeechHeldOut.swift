import Engine
import TestSupport

/// Talkers, lines and music drawn by chance that no threshold of the detector was chosen on.
enum SpeechHeldOut {
    /// The corpus's voices played faster or slower, which makes other voices of them: each twice.
    static func talkers(_ corpus: Corpus, seed: UInt64 = 8001) throws -> [VoiceActivityTalkers] {
        var random = SeededGenerator(seed: seed)
        return try ["slt", "rms", "awb", "slt", "rms", "awb"].map { voice in
            let pitch = Double.random(in: 0.85...1.2, using: &random)
            let recordings = try VoiceActivityTalkers.corpusVoice(voice, corpus).recordings
            return VoiceActivityTalkers(name: voice, recordings: recordings.map { played($0, pitch: pitch) })
        }
    }

    /// Precision and recall of `talkers` under one condition, and how fast they are noticed over the agent.
    static func figures(_ corpus: Corpus, area: String) throws -> [QualityFigure] {
        let talkers = try talkers(corpus)
        var random = SeededGenerator(seed: 8002)
        return VoiceActivityQuality.Condition.all.flatMap { condition in
            var (speech, bargeIn) = (VoiceActivityTally(), BargeInTally())
            for talker in talkers {
                var drawn = condition
                drawn.decibels += .random(in: -2...2, using: &random)
                let call = drawn.call(talker, seed: random.next() >> 8)
                if area == VoiceActivityQuality.area {
                    speech.add(speech: call.speech, VoiceActivityQuality.detected(call.frames(seed: random.next())))
                } else {
                    bargeIn.add(call, fromVoice: false)
                }
            }
            if area == VoiceActivityQuality.area {
                return recognition(speech, condition, "voices drawn by chance, \(condition.name)")
            }
            return interruption(bargeIn, condition, "voices drawn by chance, \(condition.name)")
        }
    }

    private static func recognition(
        _ tally: VoiceActivityTally,
        _ condition: VoiceActivityQuality.Condition,
        _ name: String
    ) -> [QualityFigure] {
        let area = VoiceActivityQuality.area
        return [
            .init(area, "precision, \(name)", tally.precision, unit: "ratio", target: condition.precision.least),
            .init(area, "recall, \(name)", tally.recall, unit: "ratio", target: condition.recall.least),
        ]
    }

    private static func interruption(
        _ tally: BargeInTally,
        _ condition: VoiceActivityQuality.Condition,
        _ name: String
    ) -> [QualityFigure] {
        let area = BargeInQuality.area
        let most: Double? = condition.precision == nil ? nil : condition.ratio == 99 ? 300 : 350
        let missed: Double? = condition.precision == nil ? nil : 0.02
        return [
            .init(area, "p95 latency, \(name)", tally.latency(0.95), unit: "ms", target: most.most),
            .init(area, "missed, \(name)", tally.missedShare, unit: "ratio", target: missed.most),
        ]
    }

    /// Music alone, before anybody has spoken, 20 dB below a talker at -24 dBFS: other pieces, and instruments nothing was chosen on.
    static func falseTriggers() -> [QualityFigure] {
        func figure(_ name: String, _ sound: [Double]) -> QualityFigure {
            var tally = BargeInTally()
            tally.add(.only(sound, decibels: -44), fromVoice: false)
            let label = "false triggers, \(name) drawn by chance at -44 dBFS"
            return .init(BargeInQuality.area, label, tally.falsePerMinute, unit: "1/min", target: .atMost(2))
        }
        var figures: [QualityFigure] = []
        for noise in [VoiceActivityNoise.organ, .piano, .drums] {
            figures.append(figure("\(noise)", (1...6).flatMap { noise.samples(seconds: 40, seed: 8100 + UInt64($0)) }))
        }
        for instrument in HeldOutInstrument.allCases {
            let pieces = (1...6).flatMap { instrument.samples(seconds: 40, seed: 8200 + UInt64($0)) }
            figures.append(figure("\(instrument)", pieces))
        }
        return figures
    }

    private static func played(_ samples: [Int16], pitch: Double) -> [Int16] {
        (0..<Int(Double(samples.count - 1) / pitch)).map { index in
            let place = Double(index) * pitch
            let (whole, part) = (Int(place), place - place.rounded(.down))
            return Int16((Double(samples[whole]) * (1 - part) + Double(samples[whole + 1]) * part).rounded())
        }
    }
}

extension Double? {
    fileprivate var least: QualityFigure.Target { map { .atLeast($0) } ?? .none }
    fileprivate var most: QualityFigure.Target { map { .atMost($0) } ?? .none }
}
