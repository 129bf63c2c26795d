import Actors
import Engine
import TestSupport
import Testing

/// From the caller's last frame of speech to the first audible frame of the answer, against 400 ms of services in series
/// (transcript 100, first token 200, first audio 100), over real pipeline and conversation in virtual time.
@Suite("Turn latency")
struct TurnLatencyTests {
    private static let words = "could you tell me a little more about that please"

    private static func profile(speculates: Bool) -> TenantProfile {
        .varied {
            $0.greeting = "Hello."
            $0.turnTaking.speculates = speculates
        }
    }

    private struct Run {
        var latencies: [Int64] = []
        var engine: [Int64] = []
        var asked = 0

        func percentile(_ share: Double) -> Int64 {
            let sorted = latencies.sorted()
            return sorted[max(0, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
        }
    }

    /// One call per voice, each sentence answered before the next.
    private func run(speculates: Bool) throws -> Run {
        var result = Run()
        let voices = Dictionary(grouping: try SpokenSentence.all()) { $0.name.split(separator: "_")[1] }
        for sentences in voices.values {
            var call = VirtualCall(Self.profile(speculates: speculates), words: Self.words)
            call.wait(sentences[0].floor) { $0.hasPlayed }
            for sentence in sentences {
                let heard = call.audible.count
                let end = call.now.advanced(by: .milliseconds(sentence.end))
                call.say(sentence.bytes)
                call.wait(sentence.floor) { $0.audible.count > heard && $0.hasPlayed }
                let first = try #require(call.audible.dropFirst(heard).first, "\(sentence.name) was not answered")
                result.latencies.append(first.at.milliseconds - end.milliseconds)
                call.wait(sentence.floor) { [now = call.now] in now.duration(to: $0.now) >= .milliseconds(500) }
            }
            #expect(call.turns.count == sentences.count)
            result.engine += call.turns.compactMap { $0[.engine].map { $0.nanoseconds / 1_000_000 } }
            result.asked += call.asked
        }
        return result
    }

    @Test func anAnswerBegunInThePauseIsAudibleWhenTheTurnEnds() throws {
        let with = try run(speculates: true)
        let without = try run(speculates: false)
        for (name, run) in [("with", with), ("without", without)] {
            print(
                "turn, \(name) speculation: p50 \(run.percentile(0.5)) p95 \(run.percentile(0.95)) ms,",
                "least \(run.percentile(0)) most \(run.percentile(1)), engine's share p50",
                "\(run.engine.sorted()[run.engine.count / 2]) most \(run.engine.max() ?? 0) ms,",
                "\(run.asked) requests for \(run.latencies.count) turns"
            )
        }
        #expect(with.percentile(0.5) <= 560)
        #expect(with.percentile(0.95) <= 620)
        // What the services take is hidden in the wait.
        #expect(without.percentile(0.5) - with.percentile(0.5) >= 300)
        #expect(with.engine.allSatisfy { $0 <= 20 })
    }

    @Test(arguments: [true, false]) func aCallerWhoPausesInsideASentenceIsNotCutOff(speculates: Bool) throws {
        var premature: [Int: [String]] = [:]
        var cases = 0
        for pause in stride(from: 100, through: 500, by: 100) {
            for sentence in try SpokenSentence.all().filter({ $0.end - $0.speech[0][0] >= 1_000 }) {
                cases += 1
                let paused = sentence.pausing(pause)
                var call = VirtualCall(Self.profile(speculates: speculates), words: Self.words)
                call.wait(paused.floor) { $0.hasPlayed }
                let end = call.now.advanced(by: .milliseconds(paused.end))
                call.say(paused.bytes)
                call.wait(paused.floor) { $0.audible.count > 1 }
                let first = try #require(call.audible.dropFirst().first, "\(paused.name) was not answered")
                if first.at < end { premature[pause, default: []].append(sentence.name) }
            }
        }
        let count = premature.values.reduce(0) { $0 + $1.count }
        print("premature answers, speculation \(speculates): \(count) of \(cases); by pause: \(premature)")
        #expect(Double(count) <= 0.02 * Double(cases))
    }
}
