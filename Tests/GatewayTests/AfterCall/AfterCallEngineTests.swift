import Actors
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    /// A call through a real socket, and what an operator sees of it when it is over.
    @Suite("After-call work in an engine") struct AfterCallEngineTests {
        private func token(_ tenant: String) async throws -> String {
            try await OperatorTokens(secret: EngineRig.jwtSecret)
                .mint(subject: "s", tenant: tenant, role: .viewer, lifetime: .seconds(600))
        }

        @Test func theAgentsCallIsToldAndKeptWhenItIsOver() async throws {
            let legs = EngineRig.legs(script: ["my card is 4111 1111 1111 1111"])
            try await EngineRig.run(legs: legs) { rig in
                let stream = try await EventStream.open(rig, token: token("test"))
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.start()
                _ = try #require(await socket.greeting())
                try await socket.speak(try TestSocket.utterance())
                // The greeting was told too: the answer is what comes after the caller's words.
                _ = try #require(try await stream.first("call_caller_said"))
                _ = try #require(try await stream.first("call_agent_said"))
                try await socket.stop()
                let event = try #require(try await stream.first("call_ai_completed"))
                #expect(event.data.contains("my card is [card]") && !event.data.contains("4111"))
                let json = try WireVectors.parse(Data(event.data.utf8))
                #expect(json.text("id") == "twilio:CA1" && json.text("source") == "conversation")
                #expect(json.object("madeBy").text("transcript") == "fake")

                let authorization = ("Authorization", "Bearer \(try await token("test"))")
                let call = try await rig.get("/api/v1/calls/twilio:CA1", headers: [authorization])
                let done = try #require((call.json["after_call"] as? [[String: Any]])?.first)
                #expect(done.text("source") == "conversation" && done["summary"] is NSNull)
                let lines = try #require(done["transcript"] as? [[String: Any]])
                #expect(lines.contains { $0.text("speaker") == "caller" && $0.text("text") == "my card is [card]" })
                let list = try await rig.get("/api/v1/calls", headers: [authorization])
                #expect(!list.body.contains("after_call"), "words are on a call's own page")
                let other = ("Authorization", "Bearer \(try await token("other"))")
                #expect(try await rig.get("/api/v1/calls/twilio:CA1", headers: [other]).status == 404)
                try await rig.wait(for: #"parley_jobs{kind="conversation",state="completed"}"#, toBe: 1)
            }
        }

        @Test func everyStateOfAJobIsThereFromTheStart() async throws {
            try await EngineRig.run { rig in
                for kind in AfterCallJob.Kind.allCases {
                    for state in JobMeters.State.allCases {
                        let line = "parley_jobs{kind=\"\(kind.rawValue)\",state=\"\(state.rawValue)\"}"
                        let value = try await rig.metric(line)
                        #expect(value == 0, "\(line)")
                    }
                }
            }
        }
    }
}
