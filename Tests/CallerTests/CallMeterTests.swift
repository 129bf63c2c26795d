import Caller
import Testing

@Suite("Call meter")
struct CallMeterTests {
    /// One tick of a call: whether audio was there to play (`.` none, `a` audible, `q` quiet audio) and what the
    /// caller sends (`.` nothing, `[` first speech frame, `=` speech, `]` last speech frame).
    private func measure(agent: String, caller: String, clearAt: Int? = nil) -> (CallMeter, CallReport.Playout) {
        var meter = CallMeter()
        var buffer = PlayoutBuffer()
        var line: [UInt8] = []
        for (tick, (heard, said)) in zip(agent, caller).enumerated() {
            let now = Double(tick) * 20
            if heard != "." { buffer.media([UInt8](repeating: 0x10, count: 160), now: now - 5) }
            let frame = buffer.tick(now: now, into: &line)
            meter.played(frame, audible: heard == "a", waiting: false, now: now)
            if said == "[" { meter.began(utterance: "u", now: now) }
            if said != "." { meter.spoke(first: said == "[", last: said == "]", waiting: false, now: now) }
            if tick == clearAt { meter.received(clear: buffer.clear(now: now + 7), now: now + 7) }
        }
        return (meter, meter.finished())
    }

    private func dots(_ count: Int) -> String { String(repeating: ".", count: count) }
    private func audible(_ count: Int) -> String { String(repeating: "a", count: count) }

    @Test func theResponseIsTimedFromTheLastWordToTheFirstSound() {
        let (meter, _) = measure(
            agent: dots(5) + audible(5) + dots(20) + dots(27) + audible(10),
            caller: dots(27) + "[" + "==]" + dots(40)
        )
        #expect(meter.greetingMs == 100)
        let turn = meter.turns.first
        #expect(turn?.firstSpeechMs == 540)
        #expect(turn?.lastSpeechMs == 600)
        #expect(turn?.answerAudibleMs == 1140)
        #expect(turn?.answerArrivedMs == 1135)
        #expect(turn?.responseMs == 540)
        #expect(turn?.answeredEarly == false)
        #expect(turn?.interruption == nil)
    }

    @Test func anInterruptionIsTimedToTheClearAndToSilence() {
        let (meter, _) = measure(
            agent: audible(30) + dots(60),
            caller: dots(20) + "[" + String(repeating: "=", count: 20) + "]" + dots(50),
            clearAt: 29
        )
        let interruption = meter.turns.first?.interruption
        #expect(interruption?.agentHadSpokenMs == 400)
        #expect(interruption?.clearMs == 187)
        #expect(interruption?.silentMs == 200)
        #expect(meter.turns.first?.answeredEarly == false)
    }

    @Test func anAgentThatKeepsTalkingHasNoInterruptionTimes() {
        let (meter, _) = measure(agent: audible(60), caller: dots(20) + "[==]" + dots(40))
        #expect(meter.turns.first?.interruption?.clearMs == nil)
        #expect(meter.turns.first?.interruption?.silentMs == nil)
        #expect(meter.turns.first?.responseMs == nil)
    }

    @Test func anAgentThatStartsBeforeTheLastWordAnsweredEarly() {
        let (meter, _) = measure(
            agent: dots(20) + audible(20),
            caller: dots(10) + "[" + String(repeating: "=", count: 20) + "]........"
        )
        #expect(meter.turns.first?.answeredEarly == true)
        #expect(meter.turns.first?.responseMs == nil)
    }

    @Test(arguments: [
        ("aaaaa.aaaaa", 1, 0, 20.0),
        ("aaaaa...aaaaa", 1, 1, 60.0),
        ("aaaaaq..aaaaa", 1, 0, 40.0),
        ("aaaaaqqqqqqqqqqqqqq.......aaaaa", 0, 0, 0.0),
        ("aaaaa....................................................aaaaa", 0, 0, 0.0),
        ("aaaaa......", 0, 0, 0.0),
    ])
    func tornSpeechIsCountedAndEndingsAreNot(_ agent: String, _ over20: Int, _ over60: Int, _ longest: Double) {
        let (_, playout) = measure(agent: agent, caller: dots(agent.count))
        #expect(playout.gaps20 == over20)
        #expect(playout.gaps60 == over60)
        #expect(playout.longestGapMs == longest)
    }

    @Test func aClearIsNoGap() {
        let (_, playout) = measure(agent: "aaaaa...aaaaa", caller: dots(13), clearAt: 4)
        #expect(playout.gaps20 == 0)
        #expect(playout.clears == 1)
    }
}

@Suite("Distribution")
struct DistributionTests {
    @Test func percentilesAreNearestRanks() throws {
        let values = try #require(Distribution((1...100).map(Double.init).shuffled()))
        #expect([values.p50, values.p95, values.p99, values.max] == [50, 95, 99, 100])
        let one = try #require(Distribution([7]))
        #expect([one.p50, one.p95, one.p99, one.max] == [7, 7, 7, 7])
        #expect(Distribution([]) == nil)
    }
}
