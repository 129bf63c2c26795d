import Codecs
import Engine
import TestSupport

/// What the jitter buffer makes of arrival traces: the corpus's, and others made in code.
public enum JitterQuality {
    private static let area = "jitter"

    public static func measure(_ corpus: Corpus) throws -> [QualityFigure] {
        let speech = try speech(corpus)
        // Voices have edges of their own, and so have the joints of the sentences.
        let undisturbed = JitterRun.clicks(
            (0..<JitterTraces.packets * Frame.samples).map { MuLaw.linear(speech[$0 % speech.count]) }
        )
        var figures: [QualityFigure] = []
        for item in corpus.items(in: "traces") {
            let name = String(item.file.dropFirst("traces/".count).dropLast(".csv".count))
            let arrivals = try corpus.trace(item.file).map { JitterArrival($0.arrivalMilliseconds, $0.sequence) }
            for phase in [0.0, 7, 13] {
                let run = JitterRun(arrivals, speech: speech, phase: phase)
                figures += judge(name, run, speech, undisturbed: undisturbed, suffix: "\(name), phase \(Int(phase)) ms")
            }
        }
        for seed in UInt64(1)...3 {
            for (name, arrivals) in generated(seed: seed) {
                figures += judge(
                    name,
                    JitterRun(arrivals, speech: speech, phase: Double(seed) * 6),
                    speech,
                    undisturbed: undisturbed,
                    suffix: "\(name), generated, seed \(seed)"
                )
            }
        }
        return figures
    }

    static func generated(seed: UInt64) -> [(String, [JitterArrival])] {
        [
            ("steady", JitterTraces.steady(at: Double(seed) * 33)),
            ("jitter_mild", JitterTraces.jitter(deviation: 9, seed: seed)),
            ("jitter_heavy", JitterTraces.jitter(deviation: 33, seed: seed)),
            ("loss_random_5", JitterTraces.loss(share: 0.05, burst: 1, seed: seed)),
            ("loss_burst_8", JitterTraces.loss(share: 0.08, burst: 4, seed: seed)),
            (
                "spikes",
                JitterTraces.spikes([(4000, 280), (11_000, 450), (20_000, 600)], seed: seed)
            ),
            ("reorder", JitterTraces.reorder(share: 0.06, seed: seed)),
            ("drift_fast", JitterTraces.drift(partsPerMillion: -300, seed: seed)),
            ("drift_slow", JitterTraces.drift(partsPerMillion: 300, seed: seed)),
            ("step_delay", JitterTraces.step(by: 110, from: 500, to: 1000, seed: seed)),
        ]
    }

    /// 30 s of the corpus's sentences, voices in turn.
    public static func speech(_ corpus: Corpus) throws -> [UInt8] {
        var speech: [UInt8] = []
        for item in corpus.items(in: "speech") where item.file.hasSuffix("_02.ulaw") || item.file.hasSuffix("_07.ulaw")
        {
            speech += try corpus.bytes(item.file)
        }
        return speech
    }

    // MARK: The pass column

    static func judge(
        _ trace: String,
        _ run: JitterRun,
        _ speech: [UInt8],
        undisturbed: Int,
        suffix: String
    ) -> [QualityFigure] {
        let share = 100 * Double(run.count(.conceal, .comfortNoise)) / Double(max(run.ticks.count, 1))
        let clicks = Double(run.newClicks - undisturbed)
        func figure(_ name: String, _ value: Double, _ unit: String, _ target: QualityFigure.Target) -> QualityFigure {
            QualityFigure(area, "\(name), \(suffix)", value, unit: unit, target: target)
        }
        let concealed = (Double(run.statistics.concealedSamples) / Double(Frame.samples)).rounded()
        var figures = [figure("clicks", clicks, "", .atMost(suffix.contains("generated") ? 1 : 0))]
        switch trace {
        case "steady":
            figures += [
                figure("concealed", share, "%", .atMost(0)),
                figure("delay p95", run.delayP95, "ms", .atMost(run.pullWait + 20)),
                figure("frames not bit-exact", Double(run.inexact(speech)), "", .atMost(0)),
            ]
        case "jitter_mild", "jitter_heavy":
            figures += [
                figure("concealed", share, "%", .atMost(trace == "jitter_mild" ? 0.5 : 2)),
                figure("delay p95", run.delayP95, "ms", .atMost(trace == "jitter_mild" ? 60 : 140)),
                figure("stretched", run.stretchedPercent, "%", .none),
            ]
        case "loss_random_5", "loss_burst_8":
            figures += [
                // One frame while the delay is still being learned.
                figure("concealed beyond the lost", concealed - Double(run.lost), "frames", .atMost(1)),
                figure("delay p95", run.delayP95, "ms", .none),
            ]
            figures += distances(run, speech, suffix: suffix)
        case "spikes":
            figures += [
                figure("longest way back to 40 ms of normal", run.longestRecovery, "s", .atMost(2)),
                figure("largest delay", run.ticks.map(\.delayMilliseconds).max() ?? 0, "ms", .atMost(700)),
            ]
        case "reorder":
            let adapted = run.ticks.filter { $0.milliseconds > 3000 }
            figures.append(
                figure(
                    "concealed once adapted",
                    Double(adapted.count { $0.origin.operation == .conceal }),
                    "frames",
                    .atMost(0)
                )
            )
        case "duplicates":
            figures += [
                figure("frames played twice", Double(run.repeated), "", .atMost(0)),
                figure("concealed", share, "%", .none),
            ]
        case "drift_fast", "drift_slow":
            figures += [
                figure("concealed", share, "%", .atMost(0)),
                figure("largest delay", run.ticks.map(\.delayMilliseconds).max() ?? 0, "ms", .atMost(80)),
                figure("stretches per 2 s", run.stretchedPercent, "", .atMost(1)),
            ]
        case "step_delay":
            figures += [
                figure("gaps", Double(run.gaps), "", .atMost(1)),
                figure("back after the step down", run.shrinkSeconds, "s", .atMost(3)),
            ]
        default: break
        }
        return figures
    }

    /// How far the invented frames are from the lost ones, beside zeros in their place.
    static func distances(_ run: JitterRun, _ speech: [UInt8], suffix: String) -> [QualityFigure] {
        var (concealed, zeros, frames) = (0.0, 0.0, 0)
        let silence = [Int16](repeating: 0, count: Frame.samples)
        for tick in run.ticks where tick.origin.operation == .conceal {
            let start = Int(tick.origin.timestampSamples)
            let original = (start..<(start + Frame.samples)).map { MuLaw.linear(speech[$0 % speech.count]) }
            // What cannot be heard cannot be missed.
            guard original.contains(where: { abs(Int($0)) > 500 }) else { continue }
            concealed += JitterSpectrum.distance(tick.samples[...], original[...])
            zeros += JitterSpectrum.distance(silence[...], original[...])
            frames += 1
        }
        let count = Double(max(frames, 1))
        return [
            QualityFigure(
                area,
                "spectral distance, \(suffix)",
                concealed / count,
                unit: "dB",
                target: .atMost(zeros / count - 3)
            ),
            QualityFigure(area, "spectral distance of zeros, \(suffix)", zeros / count, unit: "dB"),
        ]
    }
}
