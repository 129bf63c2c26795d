import Engine

/// How fast a caller is heard over the agent, and how often a background is taken for one: detector and barge-in machine together.
public enum BargeInQuality {
    static let area = "barge-in"

    public static func measure(_ corpus: Corpus) throws -> [QualityFigure] {
        try latencies(corpus) + falseTriggers(corpus) + SpeechHeldOut.figures(corpus, area: area)
            + SpeechHeldOut.falseTriggers()
    }

    private static func latencies(_ corpus: Corpus) throws -> [QualityFigure] {
        var figures: [QualityFigure] = []
        for (set, talkers) in try VoiceActivityTalkers.sets(corpus) {
            for (isPeople, who) in [(false, "\(set) voices"), (true, "\(set) people")] {
                let chosen = talkers.filter { ($0.name == "people") == isPeople }
                for condition in VoiceActivityQuality.Condition.all {
                    var tally = BargeInTally()
                    for (index, talker) in chosen.enumerated() {
                        let call = condition.call(talker, seed: UInt64(41 + index))
                        // A person's labels begin with the breath; a voice's delay counts from the voice.
                        tally.add(call, fromVoice: isPeople)
                    }
                    let isPromised = condition.precision != nil && !isPeople
                    let most = condition.ratio == 99 ? 300.0 : 350
                    let name = "\(who), \(condition.name)"
                    figures += [
                        .init(area, "p50 latency, \(name)", tally.latency(0.5), unit: "ms"),
                        .init(
                            area,
                            "p95 latency, \(name)",
                            tally.latency(0.95),
                            unit: "ms",
                            target: isPromised ? .atMost(most) : .none
                        ),
                        .init(
                            area,
                            "missed, \(name)",
                            tally.missedShare,
                            unit: "ratio",
                            target: isPromised ? .atMost(0.02) : .none
                        ),
                    ]
                }
            }
        }
        return figures
    }

    /// Backgrounds alone, before anybody has spoken, 20 and 10 dB below a talker at -24 dBFS.
    private static func falseTriggers(_ corpus: Corpus) throws -> [QualityFigure] {
        let voices = try VoiceActivityTalkers.heldOut(corpus)[0].recordings
        var figures: [QualityFigure] = []
        func add(_ name: String, _ sound: [Double], most: Double?) {
            for decibels in [-44.0, -34] {
                var tally = BargeInTally()
                tally.add(.only(sound, decibels: decibels), fromVoice: false)
                // At 10 dB only a trained model tells a voice in the background from the caller's.
                let isPromised = most == 0.5 || decibels == -44
                figures.append(
                    .init(
                        area,
                        "false triggers, \(name) at \(Int(decibels)) dBFS",
                        tally.falsePerMinute,
                        unit: "1/min",
                        target: isPromised ? most.map { .atMost($0) } ?? .none : .none
                    )
                )
            }
        }
        for noise in VoiceActivityNoise.allCases {
            let most: Double? =
                VoiceActivityNoise.stationary.contains(noise) || VoiceActivityNoise.swelling.contains(noise)
                ? 0.5 : [.organ, .piano, .drums].contains(noise) ? 2 : nil
            add("\(noise)", (1...3).flatMap { noise.samples(seconds: 60, seed: 900 + $0) }, most: most)
        }
        let babble = (1...2).flatMap { VoiceActivityNoise.babble(of: voices, seconds: 60, seed: 900 + $0) }
        add("babble of awb", babble, most: 2)
        for name in ["white", "pink", "street", "babble", "music"] {
            let once = try corpus.samples("noise/\(name).ulaw").map(Double.init)
            let isEven = name == "white" || name == "pink"
            add("corpus \(name)", (0..<8).flatMap { _ in once }, most: isEven ? 0.5 : name == "street" ? nil : 2)
        }
        return figures
    }
}

/// Interruptions counted against labels.
struct BargeInTally {
    private var latencies: [Double] = []
    private var missed = 0
    private var falseStops = 0
    private var quietFrames = 0

    mutating func add(_ call: VoiceActivityMaterial, fromVoice: Bool) {
        let stops = Self.stops(VoiceActivityQuality.detected(call.frames(seed: 7)))
        var previousEnd = -99
        for stretch in VoiceActivityMaterial.stretches(of: true, in: call.speech) {
            // A stretch of 400 ms or more after a pause of 300 ms is one the agent should notice.
            if stretch.count >= 20, stretch.lowerBound - previousEnd >= 15 {
                let onset = fromVoice ? stretch.first { call.voice[$0] } ?? stretch.lowerBound : stretch.lowerBound
                if let stop = stops.first(where: stretch.contains) {
                    latencies.append(Double(stop - onset + 1) * 20)
                } else {
                    missed += 1
                }
            }
            previousEnd = stretch.upperBound
        }
        falseStops += stops.count { stop in !call.speech[max(0, stop - 17)...stop].contains(true) }
        quietFrames += call.speech.count { !$0 }
    }

    /// Frames at which the machine stops the agent; the agent speaks again as soon as the caller is silent.
    private static func stops(_ answers: [VoiceActivity]) -> [Int] {
        var machine = BargeInMachine()
        var stops: [Int] = []
        var isStopped = false
        for (frame, answer) in answers.enumerated() {
            if isStopped, !answer.isSpeech {
                machine.agentStarted()
                isStopped = false
            }
            let output = machine.handle(
                isSpeech: answer.isSpeechFrame,
                isProtected: false,
                talkerOverNoiseDecibels: answer.talkerOverNoiseDecibels,
                now: MediaInstant(milliseconds: Int64(frame + 1) * 20)
            )
            if case .stop = output {
                stops.append(frame)
                isStopped = true
            }
        }
        return stops
    }

    func latency(_ share: Double) -> Double {
        let sorted = latencies.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.down)))]
    }
    var missedShare: Double { Double(missed) / Double(max(1, missed + latencies.count)) }
    var falsePerMinute: Double { Double(falseStops) / (Double(max(1, quietFrames)) / 3000) }
}
