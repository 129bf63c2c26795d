import Actors
import Engine
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    @Suite("Ringover webhooks and lives") struct RingoverLives {
        @Test(arguments: ["/api/v1/webhooks/ringover/event", "/api/v1/webhooks/ringover"])
        func everyRecordedBodyIsAnsweredOnceAndOnce(_ path: String) async throws {
            try await EngineRig.run(EngineRig.ringover) { rig in
                for body in try RingoverBodies.all {
                    let bytes = Array(body.body.canonical.utf8)
                    let first = try await rig.ringoverHook(bytes, path: path)
                    #expect(first.status == 200, "\(body.id)")
                    let second = try await rig.ringoverHook(bytes, path: path)
                    #expect(second.status == 200)
                    switch body.id {
                    case "vendor_contact_lookup", "vendor_smart_routing": #expect(first.body == "{}")
                    case "vendor_contact_search_misspelt": #expect(first.body == "[]")
                    case "vendor_sms_received":
                        #expect(first.body == #"{"status":"accepted","call_id":null}"# && second.body == first.body)
                    // The same event as the vendor's one before it, with looser types; and the hang-up told the recording.
                    case "vendor_ringing_loose_types", "vendor_record_available":
                        #expect(first.body == #"{"status":"duplicate"}"#)
                    default:
                        let id = body.expect["call_id"]?.word ?? ""
                        #expect(first.body == #"{"status":"accepted","call_id":"\#(id)"}"#, "\(body.id)")
                        #expect(second.body == #"{"status":"duplicate"}"#, "\(body.id)")
                    }
                }
            }
        }

        @Test func whatIsNotRingoversIsRefused() async throws {
            try await EngineRig.run(EngineRig.ringover) { rig in
                let body = try RingoverBodies.bytes("vendor_ringing")
                for key in [nil, "wrong", ""] as [String?] {
                    let answer = try await rig.ringoverHook(body, key: key)
                    #expect(answer.status == 401 && answer.errorCode == "signature")
                }
                // Nothing was taken: the same event is new afterwards.
                #expect(try await rig.ringoverHook(body).body.contains("accepted"))
                for (bytes, type, status, code) in [
                    ("", "application/json", 400, "bad_json"), ("{", "application/json", 400, "bad_json"),
                    ("[]", "application/json", 400, "bad_event"), ("{}", "application/json", 400, "bad_event"),
                    (#"{"event":"ringing"}"#, "text/plain", 415, "not_json"),
                ] {
                    let answer = try await rig.ringoverHook(Array(bytes.utf8), type: type)
                    #expect(answer.status == status && answer.errorCode == code, "\(bytes)")
                }
                let long = try await rig.ringoverHook([UInt8](repeating: 0x20, count: 70_000))
                #expect(long.status == 413)
                #expect(
                    try await rig.metric(#"parley_webhook_rejected_total{provider="ringover",reason="signature"}"#) == 3
                )
            }
        }

        @Test func productionWithoutASecretAnswersFiveHundredThree() async throws {
            var settings = EngineRig.ringover
            settings.ringover.webhookSecrets = []
            try await EngineRig.run(settings) { rig in
                for key in [nil, "anything"] as [String?] {
                    let answer = try await rig.ringoverHook(Array("{}".utf8), key: key)
                    #expect(answer.status == 503 && answer.errorCode == "not_configured")
                }
            }
        }

        @Test func developmentTakesUnsignedEventsAndNoWrongOnes() async throws {
            var settings = EngineRig.settings
            settings.ringover.webhookSecrets = [EngineRig.ringoverKey]
            // Configured, so a port that another program has would stop the engine.
            settings.ringover.streamingPort = 0
            try await EngineRig.run(settings) { rig in
                let body = try RingoverBodies.bytes("spec_call_ringing")
                #expect(try await rig.ringoverHook(body, key: "wrong").status == 401)
                #expect(try await rig.ringoverHook(body, key: nil).status == 200)
            }
        }

        /// A whole life from the recorded bodies: ringing, answered, talk, transfer, ended, a recording.
        @Test func aCallLivesFromItsFirstRingToItsRecording() async throws {
            let legs = EngineRig.legs(script: ["a person please"]) { _ in
                [.text("One moment."), .action(.transfer(to: "+33184800001"))]
            }
            var clinic = EngineRig.patient
            clinic.id = "clinic"
            clinic.numbers = ["+33184800000"]
            clinic.greeting = "One."
            let token = try await OperatorTokens(secret: EngineRig.jwtSecret).mint(
                subject: "s",
                tenant: "clinic",
                role: .viewer,
                lifetime: .seconds(60)
            )
            try await EngineRig.run(EngineRig.ringover, profiles: [EngineRig.patient, clinic], legs: legs) { rig in
                let stream = try await EventStream.open(rig, token: token)
                func tell(_ id: String) async throws -> String {
                    try await rig.ringoverHook(RingoverBodies.bytes(id)).body
                }
                let accepted = #"{"status":"accepted","call_id":"1234567890987654400"}"#
                #expect(try await tell("vendor_ringing") == accepted)
                #expect(try await tell("vendor_answered") == accepted)
                let path = "/ringover/ws/\(EngineRig.streamingToken)"
                let socket = try await TestSocket.ringover(port: rig.port, path: path)
                // Whose call it is, only the webhook told.
                try await socket.send(#"{"call_id":"1234567890987654400"}"#)
                #expect(try await socket.hear(samples: 800).reduce(0) { $0 + $1.count } == 800, "the clinic's greeting")
                try await socket.speakPCMInTime([UInt8](repeating: 0xFF, count: 4000))
                try await socket.speakPCM(TestSocket.utterance())
                #expect(try await socket.event("transfer")?["data"]?.word == "33184800001")
                try await socket.hangUp()
                let ended = try #require(try await stream.first("call_ended"))
                let fields = try WireVectors.parse(Data(ended.data.utf8))
                #expect(fields.text("outcome") == "transferred" && fields.text("tenant") == "clinic")
                #expect(fields.text("callSid") == "1234567890987654400")
                #expect(try await tell("vendor_hangup") == accepted)
                // The recording was told with the hang-up already.
                #expect(try await tell("vendor_record_available") == #"{"status":"duplicate"}"#)
                #expect(try await tell("vendor_hangup") == #"{"status":"duplicate"}"#)
                try await rig.waitUntilEmpty()
            }
        }

        /// Two nodes' worth of the same event at once: exactly one of them is new.
        @Test func ofTheSameEventAtOnceOneIsTaken() async throws {
            try await EngineRig.run(EngineRig.ringover) { rig in
                let body = try RingoverBodies.bytes("vendor_answered")
                let answers = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<20 { group.addTask { try await rig.ringoverHook(body).body } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.filter { $0.contains("accepted") }.count == 1)
                #expect(answers.filter { $0.contains("duplicate") }.count == 19)
            }
        }
    }
}
