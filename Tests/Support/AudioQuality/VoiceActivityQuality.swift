import Engine

/// Precision and recall of the detector, frame by frame against the labels of the clean signal.
///
/// Synthetic voices and people stand apart: rooms and breaths make a person's labels start early and end late, which no detector hears
/// in noise.
public enum VoiceActivityQuality {
    static let area = "voice activity"

    public static func measure(_ corpus: Corpus) throws -> [QualityFigure] {
        var figures: [QualityFigure] = []
        for (set, talkers) in try VoiceActivityTalkers.sets(corpus) {
            let people = talkers.filter { $0.name == "people" }
            let voices = talkers.filter { $0.name != "people" }
            for condition in Condition.all {
                figures += condition.figures("\(set) voices", voices, isHeld: true)
                figures += condition.figures("\(set) people", people, isHeld: false)
            }
        }
        for item in corpus.items(in: "mixed") {
            var tally = VoiceActivityTally()
            let samples = try corpus.samples(item.file)
            let frames = stride(from: 0, through: samples.count - 160, by: 160).map { Array(samples[$0..<$0 + 160]) }
            tally.add(speech: frames.indices.map { item.isSpeech(frame: $0) }, detected(frames))
            figures.append(.init(area, "precision, \(item.file)", tally.precision, unit: "ratio"))
            figures.append(.init(area, "recall, \(item.file)", tally.recall, unit: "ratio"))
        }
        return try figures + SpeechHeldOut.figures(corpus, area: area)
    }

    static func detected(_ frames: [[Int16]]) -> [VoiceActivity] {
        var detector = BandEnergyDetector(sampleRate: 8000)
        return frames.map { detector.process($0.span) }
    }

    /// A level, or a background with its distance from a talker at -24 dBFS.
    struct Condition {
        var name: String
        var noise: VoiceActivityNoise?
        var ratio = 99.0
        var decibels = -24.0
        /// What must hold; nil where nothing is promised.
        var precision: Double?
        var recall: Double?

        static var all: [Condition] {
            var all: [Condition] = []
            for decibels in [-14.0, -24, -30, -36] {
                all.append(
                    Condition(name: "clean \(Int(decibels)) dBFS", decibels: decibels, precision: 0.95, recall: 0.9)
                )
            }
            for (noise, ratio) in VoiceActivityNoise.stationary.flatMap({ [($0, 20.0), ($0, 10)] }) {
                all.append(
                    Condition(
                        name: "\(noise) \(Int(ratio)) dB",
                        noise: noise,
                        ratio: ratio,
                        precision: 0.95,
                        recall: 0.9
                    )
                )
            }
            // A fan is as even as hum; a car's rumble swells, and nothing is promised over it.
            all.append(Condition(name: "fan 10 dB", noise: .fan, ratio: 10, precision: 0.95, recall: 0.9))
            all.append(Condition(name: "rumble 10 dB", noise: .rumble, ratio: 10))
            return all
        }

        /// A call of `talkers` under this condition.
        func call(_ talkers: VoiceActivityTalkers, seed: UInt64) -> VoiceActivityMaterial {
            let call = VoiceActivityMaterial.talk(talkers.recordings, decibels: decibels, seed: seed)
            guard let noise else { return call }
            return call.over(noise.samples(seconds: 20, seed: seed &* 31), ratio: ratio, decibels: decibels)
        }

        func figures(_ who: String, _ talkers: [VoiceActivityTalkers], isHeld: Bool) -> [QualityFigure] {
            var tally = VoiceActivityTally()
            for (index, talker) in talkers.enumerated() {
                let call = call(talker, seed: UInt64(41 + index))
                tally.add(speech: call.speech, detected(call.frames(seed: 7)))
            }
            func target(_ least: Double?) -> QualityFigure.Target {
                isHeld ? least.map { .atLeast($0) } ?? .none : .none
            }
            return [
                .init(area, "precision, \(who), \(name)", tally.precision, unit: "ratio", target: target(precision)),
                .init(area, "recall, \(who), \(name)", tally.recall, unit: "ratio", target: target(recall)),
            ]
        }
    }
}

/// Frames counted against labels.
struct VoiceActivityTally {
    private var hits = 0
    private var falseFrames = 0
    private var missedFrames = 0

    mutating func add(speech: [Bool], _ answers: [VoiceActivity]) {
        for (label, answer) in zip(speech, answers) {
            switch (label, answer.isSpeech) {
            case (true, true): hits += 1
            case (false, true): falseFrames += 1
            case (true, false): missedFrames += 1
            case (false, false): break
            }
        }
    }

    var precision: Double { Double(hits) / Double(max(1, hits + falseFrames)) }
    var recall: Double { Double(hits) / Double(max(1, hits + missedFrames)) }
}
