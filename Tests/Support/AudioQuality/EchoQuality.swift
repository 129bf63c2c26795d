import Engine
import Foundation

/// Echo: how much of it is taken away, how soon, and that the agent never interrupts itself while callers still can.
public enum EchoQuality {
    private static let area = "echo"

    public static func measure(_ corpus: Corpus) throws -> [QualityFigure] {
        let material = try EchoMaterial(corpus)
        return try recorded(corpus) + cancelling(material) + selfInterruption(material) + interruptions(material)
            + doubleTalk(material) + EchoHeldOut.measure(material)
    }

    /// The corpus's own scenarios.
    static func recorded(_ corpus: Corpus) throws -> [QualityFigure] {
        let far = try corpus.samples("echo/far.ulaw")
        var stops = 0
        var figures: [QualityFigure] = []
        for item in corpus.items(in: "echo") where item.reference != nil {
            let run = EchoRun(EchoScenario(far: far, near: try corpus.samples(item.file)))
            let talks = item.speech_ms ?? []
            stops +=
                run.stops.filter { stop in !talks.contains { $0[0] <= stop * 20 && stop * 20 < $0[1] + 240 } }.count
            guard talks.isEmpty, item.jump_at_ms == nil else { continue }
            let name = "cancelled in 4 to 14 s, \(item.file.dropFirst(5))"
            figures.append(QualityFigure(area, name, run.erle(seconds: 4..<14), unit: "dB", target: .atLeast(12)))
        }
        figures.append(QualityFigure(area, "self-interruptions, corpus", Double(stops), unit: "", target: .atMost(0)))
        return figures
    }

    /// Echo at a loss of 12 dB and every delay.
    static func cancelling(_ material: EchoMaterial) -> [QualityFigure] {
        var early = Double.infinity
        var steady = Double.infinity
        for (index, delay) in [30.0, 70, 130, 220, 340, 500].enumerated() {
            for voice in ["slt", "rms", "awb"] {
                let far = material.agent(voice: voice, seconds: 24, seed: UInt64(index + 11))
                let run = EchoRun(EchoScenario(far: far, line: .init(delay: delay, loss: 12), seed: UInt64(index)))
                early = min(early, run.erle(seconds: 4..<6))
                steady = min(steady, run.erle(seconds: 12..<24))
            }
        }
        return [
            QualityFigure(
                area,
                "cancelled after 4 s, loss 12 dB, worst of 18",
                early,
                unit: "dB",
                target: .atLeast(12)
            ),
            QualityFigure(area, "cancelled when steady, worst of 18", steady, unit: "dB", target: .atLeast(20)),
        ]
    }

    /// Sixty seconds of an agent on many lines: it must not stop itself, not even before the canceller has learned.
    static func selfInterruption(_ material: EchoMaterial) -> [QualityFigure] {
        var steady = 0
        var changing = 0
        for (index, voice) in ["slt", "rms", "awb"].enumerated() {
            for (delay, loss) in [(0.0, 6.0), (45, 12), (130, 9), (280, 15), (420, 6), (600, 12), (350, 24), (90, 30)] {
                var line = EchoScenario.Line(delay: delay, loss: loss)
                line.dispersion = delay == 130 ? 50 : 12
                line.clipping = delay == 45 ? 8 : nil
                line.noise = delay == 280 ? -45 : -65
                line.drift = delay == 420 ? 50 : 0
                let pause = delay == 600 ? 1.0...4.0 : 0.2...0.6
                let far = material.agent(
                    voice: voice,
                    seconds: 62,
                    pause: pause,
                    seed: UInt64(index * 31) + UInt64(loss)
                )
                steady += EchoRun(EchoScenario(far: far, line: line, seed: UInt64(index))).stops.count
            }
            for variant in 0..<4 {
                var line = EchoScenario.Line(delay: 200, loss: 12)
                switch variant {
                case 0: line.jump = (15, 240)
                case 1: line.jump = (15, 160)
                case 2: line.jump = (15, 400)
                default: line.change = (15, -6)
                }
                let far = material.agent(voice: voice, seconds: 30, seed: UInt64(index * 7 + variant))
                changing += EchoRun(EchoScenario(far: far, line: line)).stops.count
            }
        }
        return [
            QualityFigure(area, "self-interruptions in 24 x 62 s", Double(steady), unit: "", target: .atMost(0)),
            QualityFigure(
                area,
                "self-interruptions in 12 changes of path",
                Double(changing),
                unit: "",
                target: .atMost(0)
            ),
        ]
    }

    /// Callers who interrupt: how many are heard, and how late.
    static func interruptions(_ material: EchoMaterial) -> [QualityFigure] {
        var figures: [QualityFigure] = []
        for (name, loss, late) in [("without echo", nil, 300.0), ("with echo", 12.0, 400), ("with echo", 20.0, 400)] {
            var latencies: [Double] = []
            var missed = 0
            for (index, pair) in [("slt", "rms"), ("rms", "slt"), ("awb", "rms"), ("slt", "awb")].enumerated() {
                let starts = stride(from: 12.0, to: 40, by: 5).map { $0 + Double(index) * 0.31 }
                let level = [-18.0, -24, -22, -26][index]
                let caller = material.caller(voice: pair.1, at: starts, level: level, seconds: 44, seed: UInt64(index))
                let far = material.agent(voice: pair.0, seconds: 44, seed: UInt64(60 + index))
                let line = EchoScenario.Line(delay: 150 + Double(index) * 90, loss: loss)
                let scenario = EchoScenario(far: far, line: line, caller: caller.samples, talking: caller.talking)
                let run = EchoRun(scenario)
                for talk in caller.talking {
                    if let stop = run.stops.first(where: { talk.contains($0) }) {
                        latencies.append(Double(stop + 1 - talk.lowerBound) * 20)
                    } else {
                        missed += 1
                    }
                }
            }
            latencies.sort()
            let p95 = latencies.isEmpty ? .infinity : latencies[min(latencies.count * 95 / 100, latencies.count - 1)]
            let label = loss.map { "\(name) of \(Int($0)) dB" } ?? name
            figures.append(QualityFigure(area, "interruption p95, \(label)", p95, unit: "ms", target: .atMost(late)))
            figures.append(
                QualityFigure(area, "interruptions missed, \(label)", Double(missed), unit: "", target: .atMost(0))
            )
        }
        return figures
    }

    /// What double talk costs the caller, against the same canceller with a silent far end.
    static func doubleTalk(_ material: EchoMaterial) -> [QualityFigure] {
        var worst = 0.0
        for (index, loss) in [6.0, 12, 20].enumerated() {
            let starts = stride(from: 12.0, to: 26, by: 4).map { $0 }
            let caller = material.caller(voice: "rms", at: starts, level: -22, seconds: 30, seed: UInt64(index))
            let far = material.agent(voice: "slt", seconds: 30, seed: UInt64(80 + index))
            let line = EchoScenario.Line(delay: 120, loss: loss)
            let scenario = EchoScenario(far: far, line: line, caller: caller.samples, talking: caller.talking)
            let both = EchoRun(scenario)
            var alone = EchoConfiguration()
            alone.mode = .always
            let silent = EchoScenario(
                far: far.map { _ in 0 },
                line: .init(delay: 0, loss: nil),
                caller: caller.samples,
                talking: caller.talking
            )
            let reference = EchoRun(silent, configuration: alone)
            var (product, power) = (0.0, 0.0)
            for talk in caller.talking {
                for sample in talk.lowerBound * 160..<min(talk.upperBound * 160, reference.cleaned.count) {
                    product += Double(both.cleaned[sample]) * Double(reference.cleaned[sample])
                    power += Double(reference.cleaned[sample]) * Double(reference.cleaned[sample])
                }
            }
            // The caller's share of what is left: the projection on the caller alone.
            worst = max(worst, -20 * log10(max(product / power, 1e-6)))
        }
        return [QualityFigure(area, "caller's loss in double talk", worst, unit: "dB", target: .atMost(4))]
    }
}
