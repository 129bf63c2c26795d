import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    @Suite("Event stream route") struct EventStreamRoute {
        private func token(
            tenant: String = "*",
            secret: String = EngineRig.jwtSecret,
            lifetime: Duration = .seconds(60),
            now: Date = Date()
        ) async throws -> String {
            try await OperatorTokens(secret: secret).mint(
                subject: "s",
                tenant: tenant,
                role: .viewer,
                lifetime: lifetime,
                now: now
            )
        }

        @Test func withoutAGoodTokenThereIsNoStream() async throws {
            try await EngineRig.run { rig in
                let expired = try await token(now: Date(timeIntervalSinceNow: -3600))
                let foreign = try await token(secret: "another secret that is long enough!")
                for bad in [nil, "", "nonsense", "a.b.c", expired, foreign, try await token() + "x"] as [String?] {
                    let stream = try await EventStream.open(rig, token: bad)
                    #expect(stream.status == 401 && stream.contentType == "application/json", "\(bad ?? "none")")
                }
                let header = try await rig.get("/api/v1/events/stream", headers: [("Authorization", "Basic abc")])
                #expect(header.status == 401 && header.errorCode == "unauthorized")
            }
        }

        @Test func aCallIsToldAsItHappens() async throws {
            let legs = EngineRig.legs(script: ["are you open"]) { _ in
                [.intent("hours"), .text("Yes."), .action(.hangUp)]
            }
            let token = try await token()
            try await EngineRig.run(legs: legs) { rig in
                let stream = try await EventStream.open(rig, token: token, inHeader: true)
                #expect(stream.status == 200 && stream.contentType == "text/event-stream")
                #expect(try await stream.next() == .init(id: nil, name: "connected", data: "{}"))
                #expect(try await rig.metric("parley_events_clients") == 1)

                let socket = try await TestSocket.open(port: rig.port)
                socket.returnsMarks = true
                try await socket.start(call: "CA9")
                for _ in 0..<2 { _ = try await socket.message("mark") }
                try await socket.speak(TestSocket.utterance())
                #expect(try await socket.closeCode() == 1000)

                var names: [String] = []
                var ids: [Int] = []
                var texts: [String] = []
                while names.last != "call_ended", let event = try await stream.next() {
                    names.append(event.name)
                    ids.append(event.id ?? 0)
                    let fields = try WireVectors.parse(Data(event.data.utf8))
                    #expect(
                        fields.text("callSid") == "CA9" && fields.text("tenant") == "test"
                            && fields.number("atMs") != nil
                    )
                    if let text = fields["text"] as? String { texts.append(text) }
                    if event.name == "call_ended" { #expect(fields.text("outcome") == "agent_hung_up") }
                }
                #expect(names.first == "call_started")
                for name in ["call_agent_said", "call_caller_said", "call_intent", "call_turn", "call_action"] {
                    #expect(names.contains(name), "\(names)")
                }
                #expect(texts.contains("are you open") && texts.contains("Yes."))
                #expect(ids == Array(1...ids.count))

                // Who comes back hears what was missed, and nothing twice.
                let again = try await EventStream.open(rig, token: token, after: 2)
                #expect(try await again.next()?.name == "connected")
                #expect(try await again.next()?.id == 3)
            }
        }

        @Test func aListenerHearsItsOwnTenantOnly() async throws {
            var other = EngineRig.patient
            other.id = "other"
            other.numbers = ["+1"]
            let token = try await token(tenant: "other")
            try await EngineRig.run(profiles: [EngineRig.patient, other]) { rig in
                let stream = try await EventStream.open(rig, token: token)
                for tenant in ["test", "other"] {
                    let socket = try await TestSocket.open(port: rig.port)
                    try await socket.start(call: "CA-\(tenant)", tenant: tenant)
                    _ = try await socket.greeting()
                    try await socket.stop()
                    _ = try await socket.closeCode()
                    try await rig.waitUntilEmpty()
                }
                #expect(try await stream.next()?.name == "connected")
                let first = try #require(await stream.next())
                #expect(first.name == "call_started" && first.data.contains("CA-other"))
                #expect(try await stream.first("call_ended")?.data.contains("CA-other") == true)
            }
        }

        @Test func aQuietStreamIsKeptOpenWithComments() async throws {
            var settings = EngineRig.settings
            settings.eventKeepaliveSeconds = 1
            let token = try await token()
            try await EngineRig.run(settings) { rig in
                let stream = try await EventStream.open(rig, token: token)
                #expect(try await stream.comment() == ": keepalive")
            }
        }
    }
}
