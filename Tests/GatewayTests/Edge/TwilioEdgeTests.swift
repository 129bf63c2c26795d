import Actors
import Gateway
import TestSupport
import Testing

extension Loopback {
    /// What the edge knows, as Twilio's webhooks and sockets use it.
    @Suite("Twilio at the edge") struct TwilioEdge {
        private let voice = [("CallSid", "CA1"), ("From", "+33612345678"), ("To", "+33184800000")]

        private func tenant(_ change: (inout TenantProfile) -> Void) -> TenantProfile {
            var profile = EngineRig.patient
            change(&profile)
            return profile
        }

        @Test func aTenantsLimitOfCallsIsExactAndTheCallerOfOneMoreHearsSo() async throws {
            let limited = tenant { $0.limits.calls = 1 }
            try await EngineRig.run(profiles: [limited]) { rig in
                let first = try await TestSocket.open(port: rig.port)
                let second = try await TestSocket.open(port: rig.port)
                #expect(first.status == 101 && second.status == 101, "the tenant is known at the start only")
                #expect(try await rig.post("/twilio/voice", voice, signed: false).body.contains("<Connect"))
                try await first.start(call: "CA1")
                #expect(try await first.greeting() != nil)
                #expect(try await rig.post("/twilio/voice", voice, signed: false).body == TwilioAnswers.busy.xml)
                try await second.start(call: "CA2")
                #expect(try await second.closeCode() == 1013)
                try await rig.wait(for: "parley_calls_active", toBe: 1)
                #expect(try await rig.metric(#"parley_sockets_closed_total{reason="tenant_full"}"#) == 1)
                try await first.stop()
                #expect(try await first.closeCode() == 1000)
                try await rig.waitUntilEmpty()
                try await rig.placeGoodCall()
            }
        }

        @Test func aTenantThatIsCalledTooOftenHasAnApologyForItsCallers() async throws {
            let limited = tenant { $0.limits.requestsPerMinute = 2 }
            try await EngineRig.run(profiles: [limited]) { rig async throws in
                for _ in 0..<2 {
                    #expect(try await rig.post("/twilio/voice", voice, signed: false).body.contains("<Connect"))
                }
                #expect(try await rig.post("/twilio/voice", voice, signed: false).body == TwilioAnswers.busy.xml)
                let line = #"parley_webhook_rejected_total{provider="twilio",reason="tenant_rate_limited"}"#
                #expect(try await rig.metric(line) == 1)
            }
        }

        @Test func withoutAPublicURLSignaturesAreCheckedOverTheAddressATrustedProxyTells() async throws {
            var settings = EngineRig.production
            settings.publicURL = nil
            settings.edge.trustedProxies = ["127.0.0.1"]
            try await EngineRig.run(settings) { rig in
                let signer = TwilioSigner(token: EngineRig.token)
                let body = Array(TwilioSigner.form(voice).utf8)
                func post(_ headers: [(String, String)]) async throws -> EngineRig.Answer {
                    let all =
                        headers + [
                            ("Content-Type", "application/x-www-form-urlencoded"),
                            ("X-Twilio-Signature", signer.sign("https://v.example/twilio/voice", voice)),
                        ]
                    return try await rig.request(.POST, "/twilio/voice", headers: all, body: body)
                }
                let proxied = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "v.example")]
                let answer = try await post(proxied)
                #expect(answer.status == 200 && answer.body.contains("wss://v.example/twilio/ws"))
                #expect(try await post([]).status == 403)
                #expect(try await post([("parley-external", "https://v.example")]).status == 403)

                let signature = ("X-Twilio-Signature", signer.sign("wss://v.example/twilio/ws", []))
                let socket = try await TestSocket.open(port: rig.port, headers: proxied + [signature])
                #expect(socket.status == 101)
                try await socket.drop()
                #expect(try await TestSocket.open(port: rig.port, headers: [signature]).status == 403)
            }
        }

        @Test func aProxyNobodyTrustsIsNotBelieved() async throws {
            var settings = EngineRig.production
            settings.publicURL = nil
            try await EngineRig.run(settings) { rig in
                let signature = TwilioSigner(token: EngineRig.token).sign("https://v.example/twilio/voice", voice)
                let answer = try await rig.request(
                    .POST,
                    "/twilio/voice",
                    headers: [
                        ("Content-Type", "application/x-www-form-urlencoded"), ("X-Twilio-Signature", signature),
                        ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "v.example"),
                    ],
                    body: Array(TwilioSigner.form(voice).utf8)
                )
                #expect(answer.status == 403)
            }
        }
    }
}
