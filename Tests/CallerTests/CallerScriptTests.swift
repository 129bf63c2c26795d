import Caller
import Testing

@Suite("Caller script")
struct CallerScriptTests {
    /// Runs the script against an agent that is audible in the given ranges of milliseconds; every utterance lasts
    /// `utteranceMs`.
    private func run(
        utterances: Int,
        manner: CallerScript.Manner = .init(),
        agent: [Range<Double>],
        utteranceMs: Double = 1000
    ) -> [String] {
        var script = CallerScript(utterances: utterances, manner: manner)
        var log: [String] = []
        var speechEnds: Double?
        for now in stride(from: 0.0, through: 60_000, by: 20) {
            if let end = speechEnds, now >= end {
                script.utteranceEnded(now: now)
                speechEnds = nil
            }
            switch script.tick(agentAudible: agent.contains { $0.contains(now) }, now: now) {
            case .nothing: continue
            case .speak(let index, let skipLead):
                log.append("\(Int(now)) speak \(index)\(skipLead ? " now" : "")")
                speechEnds = now + utteranceMs
            case .hangUp(let end):
                log.append("\(Int(now)) \(end)")
                return log
            }
        }
        return log + ["never ended"]
    }

    @Test func theCallerSpeaksAfterTheGreetingAndHangsUpAfterTheLastAnswer() {
        let log = run(utterances: 2, agent: [100..<1000, 3500..<4500, 7000..<8000])
        #expect(log == ["1800 speak 0", "5300 speak 1", "8800 answered"])
    }

    @Test func aPauseShorterThanTheWaitDoesNotGiveTheTurn() {
        #expect(run(utterances: 1, agent: [100..<1000, 1700..<2000, 4000..<5000]).first == "2800 speak 0")
    }

    @Test func anAgentThatNeverSpeaksIsNotWaitedForForEver() {
        #expect(run(utterances: 1, agent: []) == ["10000 speak 0", "21000 notAnswered"])
    }

    @Test func theLongestDurationEndsAnyCall() {
        var manner = CallerScript.Manner()
        manner.maxDuration = .seconds(3)
        #expect(run(utterances: 1, manner: manner, agent: [0..<60_000]) == ["3000 maxDuration"])
        manner.maxDuration = .milliseconds(2500)
        #expect(
            run(utterances: 1, manner: manner, agent: [0..<1000], utteranceMs: 5000) == [
                "1800 speak 0", "2500 maxDuration",
            ]
        )
    }

    @Test func aBargeInStartsWhileTheAgentSpeaks() {
        var manner = CallerScript.Manner()
        manner.bargeIns = [BargeIn(after: .milliseconds(1500))]
        let log = run(utterances: 2, manner: manner, agent: [100..<1000, 3000..<9000, 11_000..<12_000])
        #expect(log == ["1800 speak 0", "4500 speak 1 now", "9800 answered"])
    }

    @Test func theGreetingCanBeInterrupted() {
        var manner = CallerScript.Manner()
        manner.bargeIns = [BargeIn(after: .milliseconds(500), agentTurn: 0)]
        #expect(run(utterances: 1, manner: manner, agent: [100..<9000]).first == "600 speak 0 now")
    }

    @Test func anAgentThatIsDoneBeforeTheBargeInIsAnsweredInTurn() {
        var manner = CallerScript.Manner()
        manner.bargeIns = [BargeIn(after: .seconds(5))]
        let log = run(utterances: 2, manner: manner, agent: [100..<1000, 3000..<4000, 6500..<7000])
        #expect(log == ["1800 speak 0", "4800 speak 1", "7800 answered"])
    }

    @Test(arguments: [200, 800, 2000])
    func theWaitIsConfigurable(_ milliseconds: Int) {
        var manner = CallerScript.Manner()
        manner.waitSilence = .milliseconds(milliseconds)
        #expect(run(utterances: 1, manner: manner, agent: [0..<1000]).first == "\(1000 + milliseconds) speak 0")
    }
}
