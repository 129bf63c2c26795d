import Engine
import TestSupport

/// Lines drawn by chance that no threshold of the echo stage was chosen on: other seeds, delays, voices, and changes of path.
enum EchoHeldOut {
    private static let area = "echo"

    static func measure(_ material: EchoMaterial) -> [QualityFigure] {
        selfInterruption(material) + interruptions(material)
    }

    /// What happens to a line, one after the other.
    enum Change: Int, CaseIterable {
        case none, laterBy40, laterBy200, earlierBy120, louderBy10, saturated
    }

    /// A line whose far end is known up to a slot too early or too late, as the pipeline counts it.
    static func line(_ change: Change, loss: Double, random: inout SeededGenerator) -> EchoScenario.Line {
        var line = EchoScenario.Line(delay: .random(in: -20...440, using: &random), loss: loss)
        line.dispersion = .random(in: 5...40, using: &random)
        line.noise = .random(in: -70 ... -50, using: &random)
        line.drift = .random(in: -40...40, using: &random)
        let second = Double.random(in: 8...24, using: &random)
        switch change {
        case .none: break
        case .laterBy40: line.jump = (second, line.delay + 40)
        case .laterBy200: line.jump = (second, line.delay + 200)
        case .earlierBy120: line.jump = (second, max(-20, line.delay - 120))
        case .louderBy10:
            // An echo as loud as the agent is no telephone line's: 2 dB below it is the loudest.
            line.loss = max(loss, 12)
            line.change = (second, -10)
        case .saturated: line.clipping = .random(in: 6...14, using: &random)
        }
        return line
    }

    /// Forty seconds of a voice played faster or slower, which makes another voice of it.
    static func agent(
        _ material: EchoMaterial,
        voice: String,
        pitch: Double,
        pause: ClosedRange<Double> = 0.2...0.6,
        seed: UInt64
    ) -> [Int16] {
        let said = material.agent(voice: voice, seconds: 40 * pitch + 1, pause: pause, seed: seed)
        return (0..<320_000).map { index in
            let place = Double(index) * pitch
            let (whole, part) = (Int(place), place - place.rounded(.down))
            return Int16((Double(said[whole]) * (1 - part) + Double(said[whole + 1]) * part).rounded())
        }
    }

    /// Sixty agents of 40 s: six kinds of line, losses of 6 to 20 dB, one in three with long pauses.
    static func stops(_ material: EchoMaterial, seed: UInt64) -> [(name: String, stops: [Int])] {
        var random = SeededGenerator(seed: seed)
        var found: [(String, [Int])] = []
        for number in 0..<60 {
            let change = Change.allCases[number % Change.allCases.count]
            let loss = [6.0, 12, 9, 16, 20][number / Change.allCases.count % 5]
            let voice = EchoMaterial.voices[(number + number / Change.allCases.count) % EchoMaterial.voices.count]
            let line = line(change, loss: loss, random: &random)
            let pause = number % 3 == 0 ? 0.8...3.5 : 0.15...0.8
            let pitch = Double.random(in: 0.85...1.2, using: &random)
            let far = agent(material, voice: voice, pitch: pitch, pause: pause, seed: random.next())
            let run = EchoRun(EchoScenario(far: far, line: line, seed: random.next()))
            found.append(("\(number) \(change), \(voice), loss \(loss) dB, delay \(Int(line.delay)) ms", run.stops))
        }
        return found
    }

    static func selfInterruption(_ material: EchoMaterial) -> [QualityFigure] {
        let stops = stops(material, seed: 7001).reduce(0) { $0 + $1.stops.count }
        let name = "self-interruptions in 60 x 40 s, lines drawn by chance"
        return [QualityFigure(area, name, Double(stops), unit: "", target: .atMost(0))]
    }

    /// Callers who interrupt on lines drawn by chance, with and without echo, after the first ten seconds.
    static func interruptions(_ material: EchoMaterial) -> [QualityFigure] {
        var random = SeededGenerator(seed: 7002)
        var figures: [QualityFigure] = []
        for (name, losses, most) in [("no echo", [nil], 300.0), ("echo 12 to 20 dB", [12.0, 16, 20, 14], 400)] {
            var tally = EchoTally()
            for number in 0..<8 {
                let voice = EchoMaterial.voices[number % EchoMaterial.voices.count]
                let caller = EchoMaterial.voices[(number + 1 + number / 3) % EchoMaterial.voices.count]
                let starts = stride(from: 11.0, to: 34, by: 4.5).map { $0 + .random(in: 0...1, using: &random) }
                let level = Double.random(in: -26 ... -18, using: &random)
                let talk = material.caller(voice: caller, at: starts, level: level, seconds: 40, seed: random.next())
                var line = line(.none, loss: 12, random: &random)
                line.loss = losses[number % losses.count]
                let far = agent(
                    material,
                    voice: voice,
                    pitch: .random(in: 0.85...1.2, using: &random),
                    seed: random.next()
                )
                let scenario = EchoScenario(far: far, line: line, caller: talk.samples, talking: talk.talking)
                tally.add(EchoRun(scenario).stops, talking: talk.talking)
            }
            let label = "lines drawn by chance, \(name)"
            figures += [
                QualityFigure(area, "interruption p95, \(label)", tally.p95, unit: "ms", target: .atMost(most)),
                QualityFigure(
                    area,
                    "interruptions missed, \(label)",
                    Double(tally.missed),
                    unit: "",
                    target: .atMost(0)
                ),
            ]
        }
        return figures
    }
}

/// How late interruptions were noticed.
struct EchoTally {
    private var latencies: [Double] = []
    private(set) var missed = 0

    mutating func add(_ stops: [Int], talking: [Range<Int>]) {
        for talk in talking {
            if let stop = stops.first(where: { talk.contains($0) }) {
                latencies.append(Double(stop + 1 - talk.lowerBound) * 20)
            } else {
                missed += 1
                latencies.append(.infinity)
            }
        }
    }

    /// Milliseconds; one that was missed came never.
    var p95: Double {
        let sorted = latencies.sorted()
        return sorted.isEmpty ? .infinity : sorted[min(sorted.count * 95 / 100, sorted.count - 1)]
    }
}
