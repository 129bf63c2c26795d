import Actors
import Engine
import Foundation
import Gateway
import Testing

@Suite("Live calls")
struct LiveCallsTests {
    private func call(_ id: String, _ tenant: String = "a") -> CallIdentity {
        CallIdentity(id: id, provider: "twilio", providerCallID: "CA\(id)", tenant: tenant)
    }

    private func items(_ live: LiveCalls, tenant: String = "*") throws -> [[String: Any]] {
        let list = try WireVectors.parse(Data(live.list(tenant: tenant).json.utf8))
        let items = try #require(list["items"] as? [[String: Any]])
        #expect(list.number("total") == items.count)
        return items
    }

    @Test func aCallIsListedFromItsStartToItsEnd() throws {
        let live = LiveCalls()
        #expect(try items(live).isEmpty)
        live.call(call("1"), at: .zero, .started)
        live.call(call("2", "b"), at: .zero, .started)
        #expect(try items(live).map { $0.text("callSid") } == ["CA1", "CA2"], "the oldest first")
        #expect(try items(live, tenant: "b").map { $0.text("callId") } == ["2"])
        #expect(try items(live, tenant: "c").isEmpty)
        let outcome = CallOutcome(reason: .agentHungUp, turns: 0, interruptions: 0, duration: .zero)
        live.call(call("1"), at: .zero, .ended(outcome))
        #expect(try items(live).map { $0.text("callId") } == ["2"])
        live.call(call("1"), at: .zero, .callerSaid(turn: 1, text: "late", confidence: 1))
        #expect(try items(live).count == 1)
    }

    @Test func aCallsStateFollowsWhatHappens() throws {
        let live = LiveCalls()
        var stages = TurnStages()
        stages[.total] = .milliseconds(640)
        let course: [(CallHappening, String)] = [
            (.started, "greeting"), (.callerSaid(turn: 1, text: "secret words", confidence: 1), "thinking"),
            (.turn(number: 1, stages: stages), "thinking"), (.agentSaid(turn: 1, text: "secret words"), "speaking"),
            (.interrupted(turn: 1, heard: "secret words", detect: .zero), "listening"),
            (.action(.transfer(to: "+15550100")), "transfer"), (.action(.hangUp), "hang_up"),
        ]
        for (happening, state) in course {
            live.call(call("1"), at: .zero, happening)
            #expect(try items(live).first?.text("state") == state)
        }
        let item = try #require(items(live).first)
        #expect(item.number("turn") == 1 && item.number("interruptions") == 1 && item.number("lastTurnMs") == 640)
        #expect((item.number("ageMs") ?? -1) >= 0)
        let text = live.list(tenant: "*").json
        #expect(!text.contains("secret") && !text.contains("+1555"), "no words, no numbers")
    }
}
