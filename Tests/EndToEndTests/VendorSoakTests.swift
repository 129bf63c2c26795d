import Caller
import Foundation
import TestSupport
import Testing
import VendorServers

/// Many calls at once through the real program, with faults of every kind on all legs.
@Suite("End to end: faults", .serialized, .timeLimit(.minutes(5)))
struct VendorSoakTests {
    private static let number = "+15550301"

    @Test func callsWithFaultsOnAllLegsAreCompletedAndLeaveNothingBehind() async throws {
        let park = try await VendorPark(words: ["opening", "hours"], answer: "Number # is open till six.")
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("soak-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let tenant = VendorTenant(
            "soak",
            number: Self.number,
            stt: ["deepgram", "embedded"],
            llm: ["openai", "anthropic", "embedded"],
            tts: ["elevenlabs", "deepgram", "embedded"]
        )
        let environment = park.environment.merging(
            ["PARLEY_PROFILES": try VendorTenant.write([tenant], under: folder)]
        ) { $1 }
        let engine = try await EngineProcess(environment)

        let ear = FaultSchedule(VendorFault.allCases.map(DeepgramFault.vendor), share: 0.3, seed: 1)
        let mind = FaultSchedule(VendorFault.allCases, share: 0.2, seed: 2)
        let voice = FaultSchedule(VendorFault.allCases, share: 0.2, seed: 3)
        park.hearing.faults { _ in ear.draw() }
        park.openAI.faults { _ in mind.draw() }
        park.anthropic.faults { _ in mind.draw() }
        park.voices { $0.faultOfPiece = { _ in voice.draw() } }
        let heard = try await hold(24, atOnce: 6, on: engine)
        #expect(heard.count == 24)
        #expect(heard.allSatisfy { $0 }, "\(heard)")
        for (name, counts) in [("ear", ear.counts), ("mind", mind.counts), ("voice", voice.counts)] {
            #expect(counts.given > 0, "\(name) never failed in \(counts.asked)")
        }
        // Nothing of a call outlives it, once deadlines have passed; connections that are kept are no call's.
        var metrics = ""
        for _ in 0..<120 {
            metrics = try await engine.metrics()
            if Self.remains(metrics).isEmpty { break }
            try await Task.sleep(for: .milliseconds(500))
        }
        #expect(Self.remains(metrics).isEmpty, "\(Self.remains(metrics))")
        try await engine.stop()
        await park.stop()
    }

    /// Gauges that are not zero.
    private static func remains(_ metrics: String) -> [Substring] {
        let names = ["parley_calls_active ", "parley_actors_alive{", "parley_leg_tasks "]
        return metrics.split(separator: "\n").filter { line in
            names.contains { line.hasPrefix($0) } && !line.hasSuffix(" 0")
        }
    }

    /// - Returns: of each call, whether the caller heard the agent after the first word.
    private func hold(_ calls: Int, atOnce: Int, on engine: EngineProcess) async throws -> [Bool] {
        let path = Fixtures.repository.appendingPathComponent("profiles/samples/3-yes.wav").path
        let utterance = Utterance(name: "yes", audio: try AudioFile.read(path))
        var configuration = TwilioCallConfiguration(engineURL: engine.url, utterances: [utterance])
        configuration.to = Self.number
        configuration.authToken = engine.authToken
        configuration.manner.maxWait = .seconds(30)
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            var heard: [Bool] = []
            for number in 0..<calls {
                if number >= atOnce, let one = try await group.next() { heard.append(one) }
                var call = configuration
                call.callSid = TwilioCallConfiguration(engineURL: engine.url, utterances: []).callSid
                let placed = call
                group.addTask {
                    let report = try await TwilioCall(configuration: placed).run { _ in }
                    return report.turns.contains { $0.responseMs != nil || $0.answeredEarly }
                }
            }
            for try await one in group { heard.append(one) }
            return heard
        }
    }
}
