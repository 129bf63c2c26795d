import Actors
import Engine
import Testing

@Suite("Stages of a turn")
struct TurnStagesTests {
    private func at(_ milliseconds: Int64) -> MediaInstant { MediaInstant(milliseconds: milliseconds) }
    private func work(_ from: Int64, _ to: Int64) -> TurnTimeline.Work { .init(handed: at(from), done: at(to)) }

    @Test func withoutOverlapTheStagesAddUpToTheTotal() {
        var turn = TurnTimeline(lastSpeech: at(1000), decided: at(1520))
        turn.stt = work(1521, 1621)
        turn.llm = work(1622, 1832)
        turn.firstToken = at(1822)
        turn.tts = work(1833, 1933)
        let stages = turn.stages(firstFrame: at(1940))
        #expect(stages[.total] == .milliseconds(940) && stages[.endpoint] == .milliseconds(520))
        #expect(stages[.sttFinal] == .milliseconds(101) && stages[.llmFirstToken] == .milliseconds(200))
        #expect(stages[.llmFirstSentence] == .milliseconds(10) && stages[.ttsFirstAudio] == .milliseconds(100))
        #expect(stages[.firstFrame] == .milliseconds(7) && stages[.engine] == .milliseconds(10))
    }

    @Test func anAnswerBegunInThePauseCountsItsTimeOnce() {
        var turn = TurnTimeline(lastSpeech: at(1000), decided: at(1520))
        turn.stt = work(1100, 1200)
        turn.llm = work(1201, 1411)
        turn.firstToken = at(1401)
        turn.tts = work(1412, 1512)
        let stages = turn.stages(firstFrame: at(1520))
        #expect(stages[.total] == .milliseconds(520) && stages[.endpoint] == .milliseconds(520))
        #expect(stages[.sttFinal] == .zero && stages[.firstFrame] == .zero && stages[.engine] == .zero)
        #expect(stages[.llmFirstToken] == .milliseconds(200))
    }

    @Test func whatIsLeftOfALateAnswerIsTheProvidersAndNotTheEngines() {
        var turn = TurnTimeline(lastSpeech: at(1000), decided: at(1520))
        turn.stt = work(1100, 1500)
        turn.llm = work(1502, 1700)
        turn.tts = work(1705, 1800)
        let stages = turn.stages(firstFrame: at(1820))
        // 1700 to 1705, and 1800 to 1820.
        #expect(stages[.engine] == .milliseconds(25))
    }

    @Test(arguments: 0..<50) func noStageIsNegativeAndTheEnginesIsPartOfTheTotal(seed: UInt64) {
        var seed = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next() -> MediaInstant {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return at(1000 + Int64(seed >> 53) % 1000)
        }
        func some() -> TurnTimeline.Work {
            let (one, other) = (next(), next())
            return .init(handed: min(one, other), done: max(one, other))
        }
        var turn = TurnTimeline(lastSpeech: at(1000), decided: next())
        (turn.stt, turn.llm, turn.tts) = (some(), some(), some())
        turn.firstToken = turn.llm?.done
        let stages = turn.stages(firstFrame: at(2000))
        for stage in TurnStages.Stage.allCases { #expect(stages[stage].map { $0 >= .zero } ?? true, "\(stage)") }
        let (engine, total) = (stages[.engine] ?? .zero, stages[.total] ?? .zero)
        #expect(engine <= total - (stages[.endpoint] ?? .zero))
    }
}
