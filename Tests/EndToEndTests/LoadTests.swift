import Actors
import Caller
import Engine
import Foundation
import Gateway
import Legs
import TestSupport
import Testing

/// The load generator against a real engine on timed legs.
@Suite("End to end: load", .serialized, .timeLimit(.minutes(5)))
struct LoadTests {
    static let legs = LegSet(
        transcriber: TimedTranscriber(delay: .milliseconds(50)),
        model: TimedModel(delay: .milliseconds(50)),
        synthesizer: TimedSynthesizer(delay: .milliseconds(50))
    )

    private func profile(bargeIns share: Double, callLength: Duration? = nil) -> LoadProfile {
        let sample = Fixtures.repository.appendingPathComponent("profiles/samples/3-yes.wav").path
        var profile = LoadProfile(name: "test", utterances: [sample])
        profile.pause = .milliseconds(100)...(.milliseconds(200))
        profile.bargeInShare = share
        profile.bargeInAfter = .milliseconds(500)...(.seconds(1))
        profile.callLength = callLength
        return profile
    }

    @Test func everyCallIsHeldAndEveryFigureIsThere() async throws {
        let engine = try await TestEngine(profiles: [.test], legs: Self.legs)
        var load = LoadConfiguration(
            calls: 4,
            duration: .seconds(9),
            engineURL: engine.url,
            profile: profile(bargeIns: 1)
        )
        load.ramp = .milliseconds(400)
        load.authToken = engine.authToken
        load.serverPid = Int(ProcessInfo.processInfo.processIdentifier)
        let report = try await LoadRun(load).run()
        try await engine.stop()
        #expect(report.calls.held == 4 && report.calls.failed == 0, "\(report.calls.failures)")
        #expect(report.calls.placed == 4 && report.calls.most == 4)
        #expect(report.turns.answerMs.count > 0 && report.turns.unanswered == 0)
        #expect(report.turns.greetingMs.count == 4)
        #expect(report.turns.answerMs.p50 > 150, "the three waits alone are 150 ms")
        // On a machine that stands still for a moment the agent may have finished before it could be interrupted.
        #expect(report.bargeIns.clearMs.count > report.bargeIns.missed, "\(report.bargeIns)")
        #expect(report.playout.leadMs.count > 0 && report.playout.replies > 0)
        #expect(report.generator.framesSent > 4 * 50 * 7)
        #expect(report.conditions.legs == ["stt": "timed", "llm": "timed", "tts": "timed"])
        #expect(report.engine != nil && (report.server?.cpuSeconds ?? 0) > 0)

        let json = try #require(try JSONSerialization.jsonObject(with: report.json()) as? [String: Any])
        for (group, figure) in [
            ("turns", "answerMs"), ("bargeIns", "clearMs"), ("playout", "gapMs"), ("playout", "leadMs"),
        ] {
            let figures = try #require((json[group] as? [String: Any])?[figure] as? [String: Any], "\(figure)")
            #expect(Set(figures.keys) == ["count", "p50", "p95", "p99", "max"])
        }
        let server = try #require(json["server"] as? [String: Any])
        #expect(server["cpuSecondsPerCallSecond"] != nil && server["residentBytesPerCall"] != nil)
        let table = LoadTable.lines(report).joined(separator: "\n")
        #expect(table.contains("calls held 4, failed 0"))
    }

    @Test func callsThatEndAreReplaced() async throws {
        let engine = try await TestEngine(profiles: [.test], legs: Self.legs)
        var load = LoadConfiguration(
            calls: 2,
            duration: .seconds(5),
            engineURL: engine.url,
            profile: profile(bargeIns: 0, callLength: .seconds(1))
        )
        load.ramp = .zero
        load.authToken = engine.authToken
        let report = try await LoadRun(load).run()
        try await engine.stop()
        #expect(report.calls.placed > 4 && report.calls.held == report.calls.placed, "\(report.calls.failures)")
        #expect(report.calls.most == 2)
    }

    @Test func refusedCallsAreFailedWithTheirReason() async throws {
        let engine = try await TestEngine(profiles: [.test], legs: Self.legs) { $0.maximumCalls = 1 }
        var load = LoadConfiguration(
            calls: 3,
            duration: .seconds(1),
            engineURL: engine.url,
            profile: profile(bargeIns: 0)
        )
        load.ramp = .milliseconds(300)
        load.authToken = engine.authToken
        let full = try await LoadRun(load).run()
        #expect(full.calls.held == 1 && full.calls.failed == 2, "\(full.calls.failures)")
        load.authToken = "not the engine's"
        let unsigned = try await LoadRun(load).run()
        try await engine.stop()
        #expect(unsigned.calls.failed == 3 && unsigned.calls.held == 0)
        #expect(unsigned.calls.failures.keys.allSatisfy { $0.hasPrefix("voice webhook: ") })
    }
}
