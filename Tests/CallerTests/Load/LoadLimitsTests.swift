import Caller
import Foundation
import Testing

@Suite("Load generator: limits")
struct LoadLimitsTests {
    /// A run as `--json` writes it.
    private static let written = """
        {"bargeIns":{"clearMs":{"count":29,"max":900,"p50":199,"p95":246,"p99":800},"missed":0,"tried":29,"unprovoked":0},
        "calls":{"agentShare":0.5,"callSeconds":1000,"callerShare":0.2,"failed":0,"failures":{},"held":3,"most":3,"placed":3},
        "conditions":{"calls":3,"cores":2,"legs":{"llm":"timed"},"measuredSeconds":60,"profile":"typical","rampSeconds":1,
        "url":"http://127.0.0.1:8080","wasInterrupted":false},
        "engine":{"lateTicks":0,"ringOverflows":0,"tickMaxMs":5,"tickP50Ms":0.5,"tickP99Ms":1,"underruns":0},
        "generator":{"cpuMsPerCallSecond":1,"cpuSeconds":2,"framesHeldBack":0,"framesReceived":9,"framesSent":9,
        "lateTicks":0,"messagesOdd":0,"worstLateMs":3},
        "playout":{"gapMs":{"count":0,"max":0,"p50":0,"p95":0,"p99":0},"gapsOf60":0,"gapsOf60Per100Replies":0,
        "leadMs":{"count":9,"max":120,"p50":101,"p95":110,"p99":120},"replies":14},
        "server":{"cpuSeconds":5,"cpuSecondsPerCallSecond":0.002,"pid":1,"residentBytesBefore":1,
        "residentBytesPerCall":380000,"residentBytesSteady":2},
        "turns":{"answerMs":{"count":14,"max":780,"p50":650,"p95":680,"p99":700},"early":0,
        "greetingMs":{"count":3,"max":150,"p50":130,"p95":140,"p99":150},"unanswered":0}}
        """

    private func report() throws -> LoadReport {
        try JSONDecoder().decode(LoadReport.self, from: Data(Self.written.utf8))
    }

    private let all: LoadLimits = {
        var limits = LoadLimits()
        (limits.lateTicks, limits.tickP99Ms, limits.gapsOf60, limits.unprovoked) = (0, 10, 0, 0)
        (limits.cpuSecondsPerCallSecond, limits.bytesPerCall, limits.answerP95OverOneCallMs) = (0.0035, 1_000_000, 60)
        return limits
    }()

    private func failures(_ report: LoadReport, oneCall: LoadReport? = nil) throws -> [String] {
        let alone = try oneCall ?? self.report()
        return all.judge(report, oneCall: alone).filter { $0.outcome != .passed }.map(\.figure)
    }

    @Test func aRunWithinItsLimitsPasses() throws {
        #expect(try failures(report()).isEmpty)
        #expect(all.judge(try report(), oneCall: try report()).count == 8)
    }

    @Test func eachFigureIsJudged() throws {
        func failing(_ change: (inout LoadReport) -> Void) throws -> [String] {
            var report = try report()
            change(&report)
            return try failures(report)
        }
        #expect(try failing { $0.calls.failed = 1 } == ["calls failed"])
        #expect(try failing { $0.engine?.lateTicks = 1 } == ["late ticks"])
        #expect(try failing { $0.engine?.tickP99Ms = 10.5 } == ["tick p99, ms"])
        #expect(try failing { $0.playout.gapsOf60 = 1 } == ["gaps of 60 ms"])
        #expect(try failing { $0.server?.cpuSecondsPerCallSecond = 0.0036 } == ["CPU-s per call-s"])
        #expect(try failing { $0.server?.residentBytesPerCall = 1_000_001 } == ["bytes per call"])
        #expect(try failing { $0.turns.answerMs.p95 = 741 } == ["answer p95 beyond one call's, ms"])
        #expect(try failing { $0.bargeIns.unprovoked = 1 } == ["unprovoked clears"])
    }

    /// A machine that stood still made both late; that says nothing about the engine.
    @Test func lateTicksAreNotJudgedWhenTheGeneratorWasLateToo() throws {
        var report = try report()
        report.engine?.lateTicks = 300
        report.generator.lateTicks = 11
        let verdict = all.judge(report, oneCall: report).first { $0.figure == "late ticks" }
        #expect(verdict?.outcome == .skipped("the generator was late as well"))
        #expect(verdict?.value == 300)
    }

    /// What the engine's processor did not run is not the engine's; what is left over is.
    @Test func whatAStandstillExplainsIsNotJudged() throws {
        var report = try report()
        var processor = LoadReport.Processor()
        (processor.lateTicksExplained, processor.gapsOf60Explained) = (1200, 2)
        report.processor = processor
        report.engine?.lateTicks = 1200
        report.playout.gapsOf60 = 2
        #expect(try failures(report).isEmpty)
        report.engine?.lateTicks = 1201
        report.playout.gapsOf60 = 3
        #expect(try failures(report) == ["late ticks", "gaps of 60 ms"])
    }

    /// The rest of the time is judged, if it is long enough to say anything.
    @Test func whatHappenedWhileTheProcessorWasSlowIsNotJudged() throws {
        var report = try report()
        report.conditions.measuredSeconds = 600
        report.turns.answerMs.p95 = 800
        report.engine?.lateTicks = 400
        report.playout.gapsOf60 = 31
        var processor = LoadReport.Processor()
        (processor.lateTicksWhenSlow, processor.gapsOf60WhenSlow, processor.slowSeconds) = (400, 31, 540)
        processor.answerMsOtherwise = report.turns.answerMs
        processor.answerMsOtherwise.p95 = 690
        report.processor = processor
        #expect(try failures(report).isEmpty)

        report.engine?.lateTicks = 401
        report.playout.gapsOf60 = 32
        report.processor?.answerMsOtherwise.p95 = 741
        let spoiled = ["late ticks", "gaps of 60 ms", "answer p95 beyond one call's, ms"]
        #expect(try failures(report) == spoiled)

        report.processor?.slowSeconds = 541
        let verdicts = all.judge(report, oneCall: try self.report()).filter { spoiled.contains($0.figure) }
        let reason = LoadVerdict.Outcome.skipped("the engine's processor was slow for 541 of 600 s")
        #expect(verdicts.map(\.outcome) == [reason, reason, reason])

        // What was good enough although the processor was slow has passed.
        report.playout.gapsOf60 = 0
        report.turns.answerMs.p95 = 740
        report.processor?.answerMsOtherwise = LoadFigures()
        let held = all.judge(report, oneCall: try self.report()).filter { spoiled.contains($0.figure) }
        #expect(held.map(\.outcome) == [reason, .passed, .passed])
        #expect(held.map(\.value) == [401 - 400, 0, 60])
    }

    /// A short run on a processor that was never slow is judged like any other.
    @Test func aShortRunAtFullSpeedIsJudged() throws {
        var report = try report()
        report.conditions.measuredSeconds = 20
        report.processor = LoadReport.Processor()
        report.playout.gapsOf60 = 1
        #expect(try failures(report) == ["gaps of 60 ms"])
    }

    @Test func whatWasNotMeasuredFails() throws {
        var report = try report()
        (report.server, report.engine) = (nil, nil)
        report.generator.lateTicks = 5
        let expected: Set = ["late ticks", "tick p99, ms", "CPU-s per call-s", "bytes per call"]
        #expect(Set(try failures(report)) == expected)
        let verdicts = all.judge(try self.report())
        #expect(verdicts.filter { $0.outcome == .failed }.map(\.figure) == ["answer p95 beyond one call's, ms"])
    }

    @Test func aFileThatHoldsNoLimitsIsNamed() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("limits-\(UUID()).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("{\"lateTicks\": \"none\"}".utf8).write(to: URL(fileURLWithPath: path))
        #expect {
            try LoadLimits.read(path)
        } throws: {
            "\($0)".contains(path)
        }
        try Data("{\"lateTicks\": 3}".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try LoadLimits.read(path).lateTicks == 3)
    }
}
