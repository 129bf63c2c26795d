import AudioQuality
import CAllocations
import Engine
import Testing

@Suite("Echo stage")
struct EchoStageTests {
    private func agent(_ seconds: Double, voice: String = "slt", seed: UInt64 = 3) throws -> [Int16] {
        try EchoMaterial(Corpus()).agent(voice: voice, seconds: seconds, seed: seed)
    }

    @Test(arguments: [0.0, 35, 90, 215, 380, 610])
    func findsHowLateTheEchoIs(delay: Double) throws {
        let run = EchoRun(EchoScenario(far: try agent(6), line: .init(delay: delay, loss: 12)))
        let found = try #require(run.reports.last?.delayMilliseconds)
        #expect(abs(Double(found) - delay) <= 20)
    }

    @Test(arguments: ["slt", "rms", "awb"])
    func followsADelayThatJumps(voice: String) throws {
        var line = EchoScenario.Line(delay: 120, loss: 12)
        line.jump = (8, 180)
        let run = EchoRun(EchoScenario(far: try agent(16, voice: voice), line: line))
        let found = try #require(run.reports.last?.delayMilliseconds)
        #expect(abs(Double(found) - 180) <= 20)
        #expect(run.erle(seconds: 12..<16) > 12)
    }

    @Test func leavesALineWithoutEchoAlone() throws {
        let scenario = EchoScenario(far: try agent(6), line: .init(delay: 0, loss: nil))
        let run = EchoRun(scenario)
        #expect(run.cleaned == scenario.near)
        #expect(run.reports.last?.phase == .absent)
        #expect(run.reports.allSatisfy { !$0.isCancelling && $0.erleDecibels == nil })
    }

    @Test func aSilentFarEndIsHarmless() throws {
        let voice = try agent(4)
        let scenario = EchoScenario(far: voice.map { _ in 0 }, near: voice)
        let run = EchoRun(scenario)
        #expect(run.cleaned == voice[..<run.cleaned.count].map { $0 })
        #expect(run.reports.allSatisfy { $0.mayBeCaller })
    }

    @Test func restsWhenNothingWasPlayedForAWhile() throws {
        let far = try agent(6) + [Int16](repeating: 0, count: 16_000)
        let run = EchoRun(EchoScenario(far: far, line: .init(delay: 200, loss: 12)))
        #expect(run.reports[250].isCancelling)
        #expect(run.reports.last?.isCancelling == false)
        #expect(run.reports.last?.mayBeCaller == true)
    }

    @Test func repeatsItselfToTheBit() throws {
        let scenario = EchoScenario(far: try agent(5), line: .init(delay: 200, loss: 9))
        let (first, second) = (EchoRun(scenario), EchoRun(scenario))
        #expect(first.cleaned == second.cleaned)
        #expect(first.reports == second.reports)
    }

    @Test func keepsTheDelayOverADiscontinuity() throws {
        let scenario = EchoScenario(far: try agent(6), line: .init(delay: 250, loss: 12))
        var stage = EchoStage()
        var report: EchoReport?
        for number in 0..<scenario.frames {
            var near = scenario.frame(scenario.near, number)
            report = stage.process(near: &near, far: scenario.frame(scenario.far, number))
        }
        let before = try #require(report)
        #expect(before.phase == .converged)
        stage.discontinuity()
        var near = scenario.frame(scenario.near, 0)
        let after = stage.process(near: &near, far: scenario.frame(scenario.far, 0))
        #expect(after.delayMilliseconds == before.delayMilliseconds)
        #expect(after.phase == .converging)
        #expect(stage.erleDecibels == nil)
    }

    @Test(arguments: [EchoConfiguration.Mode.always, .off])
    func theModeSaysWhetherItCancels(mode: EchoConfiguration.Mode) throws {
        var configuration = EchoConfiguration()
        configuration.mode = mode
        let scenario = EchoScenario(far: try agent(3), line: .init(delay: 100, loss: 12))
        let run = EchoRun(scenario, configuration: configuration)
        #expect(run.reports.allSatisfy { $0.isCancelling == (mode == .always) })
        #expect(run.stops.isEmpty)
    }

    @Test func extremeSamplesGiveFiniteFigures() throws {
        var far = try agent(4)
        for index in far.indices where index % 3 == 0 { far[index] = index % 2 == 0 ? .max : .min }
        let run = EchoRun(EchoScenario(far: far, near: far.reversed()))
        for report in run.reports { #expect((report.erleDecibels ?? 0).isFinite) }
    }

    @Test(.enabled(if: AllocationCounter.works && AllocationCounter.isOptimised))
    func aFrameAllocatesNothing() throws {
        let scenario = EchoScenario(far: try agent(8), line: .init(delay: 200, loss: 12))
        var stage = EchoStage()
        var reducer = NoiseReducer(after: stage)
        var cancelled = 0
        var count = 0
        for number in 0..<scenario.frames {
            var near = scenario.frame(scenario.near, number)
            let far = scenario.frame(scenario.far, number)
            allocations_begin()
            if stage.process(near: &near, far: far).isCancelling { cancelled += 1 }
            reducer.process(&near)
            reducer.learn(near)
            count += Int(allocations_end())
        }
        #expect(count == 0)
        #expect(cancelled > 200)
    }
}
