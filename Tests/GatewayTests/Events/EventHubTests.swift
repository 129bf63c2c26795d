import Actors
import Engine
import Foundation
import Gateway
import TestSupport
import Testing

@Suite("Event hub", .timeLimit(.minutes(5)))
struct EventHubTests {
    private func call(_ tenant: String = "a") -> CallIdentity {
        CallIdentity(id: "id-\(tenant)", provider: "twilio", providerCallID: "CA-\(tenant)", tenant: tenant)
    }

    /// What a listener gets once the hub is closed: everything that waited for it.
    private func rest(_ events: AsyncStream<EventHub.Event>) async -> [EventHub.Event] {
        var all: [EventHub.Event] = []
        for await event in events { all.append(event) }
        return all
    }

    @Test func aListenerHearsItsOwnTenantAndTheStarHearsAll() async {
        let hub = EventHub()
        let listeners = ["a", "b", "*", "c"].map { hub.listen(tenant: $0, after: nil).events }
        #expect(hub.listeners == 4)
        for tenant in ["a", "b", "a"] { hub.call(call(tenant), at: .zero, .started) }
        hub.close()
        #expect(hub.listeners == 0)
        #expect(await rest(listeners[0]).map(\.id) == [1, 3])
        #expect(await rest(listeners[1]).map(\.id) == [2])
        #expect(await rest(listeners[2]).map(\.id) == [1, 2, 3])
        #expect(await rest(listeners[3]).isEmpty)
    }

    /// A caller who is listened to must not pay for a listener that goes away.
    @Test func listenersThatLeaveWhileTheyAreToldHoldNobodyUp() async throws {
        let hub = EventHub()
        try await Crossfire.run {
            hub.publish("news", tenant: "a", [:])
        } reader: {
            let (_, events) = hub.listen(tenant: "a", after: nil)
            return Task { for await _ in events {} }
        }
        // A task that was cancelled before it began leaves when it begins; the suite's time limit is the patience.
        while hub.listeners > 0 { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test func aSlowListenerMissesEventsAndTheyAreCounted() async {
        let hub = EventHub(queued: 3)
        let (_, slow) = hub.listen(tenant: "*", after: nil)
        let (_, elsewhere) = hub.listen(tenant: "b", after: nil)
        for _ in 0..<10 { hub.call(call(), at: .zero, .started) }
        #expect(hub.dropped.value == 7)
        hub.close()
        #expect(await rest(slow).map(\.id) == [1, 2, 3])
        #expect(await rest(elsewhere).isEmpty)
    }

    @Test func whoComesBackGetsWhatWasMissedOfItsOwn() async {
        let hub = EventHub()
        for tenant in ["a", "b", "a", "b", "a"] { hub.call(call(tenant), at: .zero, .started) }
        let (_, own) = hub.listen(tenant: "a", after: 1)
        let (_, all) = hub.listen(tenant: "*", after: 0)
        let (_, none) = hub.listen(tenant: "*", after: 5)
        let (_, fresh) = hub.listen(tenant: "*", after: nil)
        hub.call(call("a"), at: .zero, .started)
        hub.close()
        #expect(await rest(own).map(\.id) == [3, 5, 6])
        #expect(await rest(all).map(\.id) == [1, 2, 3, 4, 5, 6])
        #expect(await rest(none).map(\.id) == [6])
        #expect(await rest(fresh).map(\.id) == [6])
    }

    /// What was missed may be more than what may queue up: nothing of it is lost, and live events still fit.
    @Test func moreThanTheQueueCanBeMissedAndIsReplayed() async {
        let hub = EventHub(remembered: 50, queued: 2)
        for _ in 0..<60 { hub.call(call(), at: .zero, .started) }
        let (_, events) = hub.listen(tenant: "*", after: 0)
        for _ in 0..<3 { hub.call(call(), at: .zero, .started) }
        hub.close()
        #expect(await rest(events).map(\.id) == Array(11...62))
        #expect(hub.dropped.value == 1)
    }

    @Test func aListenerThatLeavesIsForgotten() async {
        let hub = EventHub()
        let (_, events) = hub.listen(tenant: "*", after: nil)
        let task = Task {
            for await _ in events { return }
        }
        hub.call(call(), at: .zero, .started)
        await task.value
        withExtendedLifetime(events) {}
        let (_, second) = hub.listen(tenant: "*", after: nil)
        let reader = Task { await rest(second) }
        reader.cancel()
        _ = await reader.value
        #expect(hub.listeners <= 1)
    }

    @Test func afterTheEndNobodyIsKeptWaiting() async {
        let hub = EventHub()
        hub.call(call(), at: .zero, .started)
        hub.close()
        let (_, events) = hub.listen(tenant: "*", after: 0)
        #expect(await rest(events).map(\.id) == [1])
        #expect(hub.listeners == 0)
    }

    @Test func everyEventIsAnObjectWithItsCallAndTime() async throws {
        let hub = EventHub()
        let (_, events) = hub.listen(tenant: "*", after: nil)
        var stages = TurnStages()
        stages[.total] = .milliseconds(812)
        let happenings: [(CallHappening, String, [String: Any])] = [
            (.started, "call_started", [:]),
            (
                .callerSaid(turn: 1, text: "say \"hi\"\n", confidence: 0.75), "call_caller_said",
                ["text": "say \"hi\"\n", "confidence": 0.75]
            ),
            (.agentSaid(turn: 1, text: "Hi."), "call_agent_said", ["turn": 1, "text": "Hi."]),
            (
                .interrupted(turn: 2, heard: "I", detect: .milliseconds(240)), "call_interrupted",
                ["heard": "I", "detectMs": 240]
            ),
            (.resumed(turn: 2), "call_resumed", ["turn": 2]), (.intent("hours"), "call_intent", ["intent": "hours"]),
            (.turn(number: 3, stages: stages), "call_turn", ["turn": 3]),
            (.action(.transfer(to: "+15550100")), "call_action", ["action": "transfer"]),
            (
                .legFailed(
                    LegError(leg: .tts, provider: "fake", code: "busy", cause: "secret cause", isRetryable: true)
                ),
                "call_leg_failed", ["leg": "tts", "provider": "fake", "code": "busy"]
            ),
            (
                .ended(CallOutcome(reason: .silent, turns: 3, interruptions: 1, duration: .milliseconds(1500))),
                "call_ended",
                ["outcome": "silent", "turns": 3, "interruptions": 1, "durationMs": 1500]
            ),
        ]
        for (happening, _, _) in happenings { hub.call(call(), at: MediaInstant(milliseconds: 77), happening) }
        hub.close()
        let received = await rest(events)
        #expect(received.map(\.name) == happenings.map(\.1))
        for (event, (_, name, fields)) in zip(received, happenings) {
            let object = try WireVectors.parse(Data(event.json.utf8))
            let common: [String: Any] = ["callSid": "CA-a", "callId": "id-a", "tenant": "a", "atMs": 77]
            for (key, value) in common.merging(fields, uniquingKeysWith: { $1 }) {
                #expect("\(object[key] ?? "none")" == "\(value)", "\(name).\(key)")
            }
            #expect(!event.json.contains("+15550100") && !event.json.contains("secret cause"))
        }
        let turn = try #require(received.first { $0.name == "call_turn" })
        #expect(try WireVectors.parse(Data(turn.json.utf8)).object("stages").number("total") == 812)
    }
}
