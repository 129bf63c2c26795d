import Actors
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    /// RingCentral's recorded calls against a whole engine, with RingCentral's API on another port.
    @Suite("RingCentral lives") struct RingCentralEngineLives {
        private let id = "s-718107795d564867a6f635fd81e89940"

        private func tell(_ rig: EngineRig, _ body: [UInt8]) async throws -> EngineRig.Answer {
            try await rig.request(
                .POST,
                "/api/v1/ringcentral/webhooks/events",
                headers: [("Content-Type", "application/json"), ("Verification-Token", "static")],
                body: body
            )
        }

        /// The last notification of the sequence, with a recording.
        private func recorded(_ body: [UInt8]) throws -> [UInt8] {
            var event = try WireVectors.parse(Data(body))
            var inner = event.object("body")
            var party = try #require((inner["parties"] as? [[String: Any]])?.first)
            party["recordings"] = [["id": "1234567890", "active": false] as [String: Any]]
            inner["parties"] = [party]
            event["body"] = inner
            return try RingCentralVectors.bytes(event)
        }

        /// Ringing, forwarded to where the agent talks, answered, an operator's transfer, the end, the recording.
        @Test func aCallLivesFromItsFirstRingToItsRecording() async throws {
            let token = try await OperatorTokens(secret: EngineRig.jwtSecret).mint(
                subject: "s",
                tenant: "*",
                role: .operator,
                lifetime: .seconds(60)
            )
            let headers = [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")]
            try await RingCentralServer.run { server, url in
                var settings = EngineRig.production
                settings.ringCentral.verificationTokens = ["static"]
                settings.ringCentral.baseURL = url
                settings.ringCentral.clientID = "client"
                settings.ringCentral.clientSecret = "secret"
                settings.ringCentral.jwtToken = "the.jwt+1"
                settings.ringCentral.mode = .fullAuto
                settings.ringCentral.agentNumber = "+15550142"
                try await EngineRig.run(settings) { rig in
                    func entry() -> CallBook.Entry? {
                        rig.book.entry(ProviderCallKey(provider: "ringcentral", id: id))
                    }
                    func transfer(_ body: String) async throws -> EngineRig.Answer {
                        let path = "/api/v1/calls/ringcentral:\(id)/transfer"
                        return try await rig.request(.POST, path, headers: headers, body: Array(body.utf8))
                    }
                    let bodies = try RingCentralVectors.sequence("rc-seq-1").bodies
                    for body in bodies.prefix(6) { #expect(try await tell(rig, body).status == 200) }
                    #expect(entry()?.lifecycle.phase == .ringing)
                    while server.count("POST", "/forward") == 0 { try await Task.sleep(for: .milliseconds(2)) }
                    let forward = server.seen.last { $0.path.hasSuffix("/forward") }
                    #expect(forward?.body == #"{"phoneNumber":"+15550142"}"#)

                    #expect(try await tell(rig, bodies[6]).status == 200)
                    #expect(entry()?.lifecycle.phase == .inProgress)
                    let warm = try await transfer(#"{"number":"+15550100","kind":"warm","brief":"A caller."}"#)
                    #expect(warm.status == 501 && warm.errorCode == "not_supported")
                    #expect(server.count("POST", "/transfer") == 0)
                    #expect(try await transfer(#"{"number":"+15550100"}"#).status == 202)
                    let moved = try #require(server.seen.last { $0.path.hasSuffix("/transfer") })
                    #expect(moved.body == #"{"phoneNumber":"+15550100"}"#)

                    for body in bodies.dropFirst(7).dropLast() { #expect(try await tell(rig, body).status == 200) }
                    #expect(try await tell(rig, recorded(try #require(bodies.last))).status == 200)
                    let kept = try #require(entry())
                    #expect(kept.lifecycle.phase == .completed && kept.durationSeconds == 15)
                    #expect(kept.recordings == [ProviderRecording(id: "1234567890")])
                    for again in bodies { #expect(try await tell(rig, again).body == #"{"status":"duplicate"}"#) }
                    let late = try await transfer(#"{"number":"+15550100"}"#)
                    #expect(late.status == 409 && late.errorCode == "gone")
                }
            }
        }
    }
}
