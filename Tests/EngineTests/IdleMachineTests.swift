import Engine
import Testing

@Suite("Idle machine")
struct IdleMachineTests {
    @Test func quietIsReportedAgainAndAgainUntilSomebodySpeaks() {
        var machine = IdleMachine(after: .seconds(2))
        var reports: [(Int64, Int32)] = []
        for tick in 1...500 {
            let now = MediaInstant(milliseconds: Int64(tick) * 20)
            let speaks = (250..<260).contains(tick)
            if let count = machine.handle(agentIsAudible: tick < 50, callerIsSpeaking: speaks, now: now) {
                reports.append((now.milliseconds, count))
            }
        }
        #expect(reports.map(\.0) == [2980, 4980, 7180, 9180])
        #expect(reports.map(\.1) == [1, 2, 1, 2])
    }

    @Test func theAgentsPromptDoesNotForgetHowOftenItWasIdle() {
        var machine = IdleMachine(after: .seconds(1))
        let answers = [(false, 1000), (true, 2000), (false, 3000)].map { audible, time in
            machine.handle(agentIsAudible: audible, callerIsSpeaking: false, now: .init(milliseconds: time))
        }
        #expect(answers == [1, nil, 2])
    }
}
