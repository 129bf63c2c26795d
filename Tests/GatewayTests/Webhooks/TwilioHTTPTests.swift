import Actors
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    /// The vendor's recorded requests, sent to a whole engine.
    @Suite("Twilio over HTTP") struct TwilioHTTP {
        /// A proxy in front takes this off; the requests were signed with it.
        private static let prefix = "https://voice.example.net/api/v1/webhooks"

        private var settings: EngineSettings {
            var settings = EngineRig.production
            settings.publicURL = Self.prefix
            // Hundreds of requests from one address, one after the other.
            settings.edge.requestsPerSecond = 0
            return settings
        }

        private var tenant: TenantProfile {
            var tenant = EngineRig.patient
            tenant.numbers = ["+33184800000", "+15551112222"]
            tenant.menu = .init(say: "Press one.", choices: ["1": .init(say: "You pressed one.", way: .voicemail)])
            tenant.voicemail = .init(say: "Leave a message.", isTranscribed: true)
            return tenant
        }

        private func vectors() throws -> [[String: Any]] { try WireVectors.list("twilio-webhooks.json", "requests") }

        private func vector(_ id: String) throws -> [String: Any] {
            try #require(vectors().first { $0.text("id").hasPrefix(id) })
        }

        /// Sends a recorded request as it was signed; where its address is not one of ours, signed again for ours.
        private func send(
            _ vector: [String: Any],
            to rig: EngineRig,
            query: String = "",
            changing: (inout [UInt8], inout String) -> Void = { _, _ in }
        ) async throws -> EngineRig.Answer {
            let path = try TwilioEventsTests.endpoint(vector).path + query
            var signature = (vector["headers"] as? [String: String])?["X-Twilio-Signature"] ?? ""
            if Self.prefix + path != vector.text("url") {
                let pairs = vector.pairs("params").map { ($0[0], $0[1]) }
                signature = TwilioSigner(token: EngineRig.token).sign(Self.prefix + path, pairs)
            }
            var body = Array(vector.text("raw_body").utf8)
            changing(&body, &signature)
            return try await rig.request(
                .POST,
                path,
                headers: [("Content-Type", vector.text("content_type")), ("X-Twilio-Signature", signature)],
                body: body
            )
        }

        private func entry(_ id: String, _ rig: EngineRig) -> CallBook.Entry? {
            rig.book.entry(ProviderCallKey(provider: "twilio", id: id))
        }

        @Test func everyRecordedRequestIsAnsweredAndBooked() async throws {
            try await EngineRig.run(settings, profiles: [tenant]) { rig in
                var asTheyWere = 0
                for vector in try vectors() {
                    let id = vector.text("id")
                    let endpoint = try TwilioEventsTests.endpoint(vector)
                    if Self.prefix + endpoint.path == vector.text("url") { asTheyWere += 1 }
                    let answer = try await send(vector, to: rig)
                    #expect(answer.status == (endpoint.isCallback ? 204 : 200), "\(id)")
                    switch endpoint {
                    case .voice: #expect(answer.body.verbs.prefix(2) == ["Connect", "Gather"], "\(id)")
                    case .dtmf:
                        // `1*0#` is the menu's key one; words and silence are none.
                        let isKey = vector.object("expect")["digits"] as? String == "1*0#"
                        #expect(
                            answer.body.verbs == (isKey ? ["Say", "Say", "Record"] : ["Gather", "Say", "Dial"]),
                            "\(id)"
                        )
                    case .dialDone:
                        let wasTaken = ["completed", "answered", "canceled"].contains(
                            vector.object("expect").text("dial_status")
                        )
                        #expect(answer.body.verbs == (wasTaken ? ["Hangup"] : ["Say", "Record"]), "\(id)")
                    case .recordDone: #expect(answer.body.verbs == ["Say", "Hangup"], "\(id)")
                    default: break
                    }
                }
                #expect(asTheyWere == 28, "the rest were re-signed for another path")
                let inbound = try #require(entry(TwilioEventsTests.inbound, rig))
                #expect(inbound.lifecycle.phase == .voicemail && inbound.lifecycle.wasAnswered)
                #expect(inbound.recordings.map(\.id) == ["RE0123456789abcdef0123456789abcdef"])
                #expect(inbound.from == "+33612345678" && inbound.tenant == "test")
                // The vectors give this call several ends; the first one stays.
                let outbound = try #require(entry(TwilioEventsTests.outbound, rig))
                #expect(outbound.lifecycle.phase == .completed && outbound.durationSeconds != nil)
                #expect(rig.book.entries.count == 2)

                for vector in try vectors() {
                    let endpoint = try TwilioEventsTests.endpoint(vector)
                    let again = try await send(vector, to: rig)
                    #expect(again.status == (endpoint.isCallback ? 204 : 200))
                }
                #expect(entry(TwilioEventsTests.inbound, rig)?.lifecycle == inbound.lifecycle)
                #expect(entry(TwilioEventsTests.outbound, rig)?.lifecycle == outbound.lifecycle)
                #expect(entry(TwilioEventsTests.inbound, rig)?.recordings == inbound.recordings)
                #expect(rig.book.entries.count == 2)
            }
        }

        /// Each byte of a request's body and signature changed, one at a time: none is answered and none is booked.
        @Test func aTamperedRequestNeverPasses() async throws {
            try await EngineRig.run(settings, profiles: [tenant]) { rig in
                let status = try vector("hook-15")
                var random = SeededGenerator(seed: 8)
                var tried = 0.0
                for index in Array(status.text("raw_body").utf8.indices).indices {
                    let answer = try await send(status, to: rig) { body, _ in
                        // A letter for a letter, so that it stays a form that can be read.
                        // Not the same letter in the other case: `%2b` is `%2B`.
                        let other = Array("abcdefghijkxyz0123456789".utf8).filter { $0 != body[index] | 0x20 }
                        body[index] = other.randomElement(using: &random) ?? 0
                    }
                    // A byte of an escape may become no escape at all: that is refused before the signature.
                    #expect(answer.status == 403 || answer.status == 400, "byte \(index)")
                    tried += 1
                }
                for index in 0..<28 {
                    let answer = try await send(status, to: rig) { _, signature in
                        var bytes = Array(signature.utf8)
                        bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                        signature = String(decoding: bytes, as: UTF8.self)
                    }
                    #expect(answer.status == 403, "signature byte \(index)")
                }
                #expect(tried > 300 && rig.book.entries.isEmpty)
                #expect(try await send(status, to: rig).status == 204)
                #expect(entry(TwilioEventsTests.outbound, rig)?.lifecycle.phase == .busy)
            }
        }

        /// Ringing, answered, talk, transfer, the end, the recording: all over HTTP, and all of it twice.
        @Test func aWholeInboundLife() async throws {
            let legs = EngineRig.legs(script: ["a person please"]) { turn in
                guard case .speech = turn.cause else { return [.text("Yes.")] }
                return [.text("One moment."), .action(.transfer(to: "+15550177"))]
            }
            try await EngineRig.run(settings, profiles: [tenant], legs: legs) { rig in
                let id = TwilioEventsTests.inbound
                let numbers = [("From", "+33612345678"), ("To", "+33184800000"), ("Direction", "inbound")]
                func post(_ path: String, _ parameters: [(String, String)]) async throws -> EngineRig.Answer {
                    let form = [("CallSid", id)] + parameters
                    let signature = TwilioSigner(token: EngineRig.token).sign(Self.prefix + path, form)
                    return try await rig.request(
                        .POST,
                        path,
                        headers: [
                            ("Content-Type", "application/x-www-form-urlencoded"), ("X-Twilio-Signature", signature),
                        ],
                        body: Array(TwilioSigner.form(form).utf8)
                    )
                }
                /// The path and query of an address the engine gave, as the proxy in front passes it on.
                func path(_ url: String?) throws -> String {
                    let url = try #require(url)
                    #expect(url.hasPrefix(Self.prefix))
                    return String(url.dropFirst(Self.prefix.count))
                }

                let ringing = try await send(vector("hook-01"), to: rig)
                #expect(try await send(vector("hook-01"), to: rig).body == ringing.body)
                #expect(entry(id, rig)?.lifecycle.phase == .ringing)
                let connect = try #require(CanonicalXML.tree(ringing.body)?.first("Connect"))
                let stream = try #require(connect.first("Stream"))
                let started = [("StreamSid", "MZ1"), ("StreamEvent", "stream-started")]
                #expect(try await post(path(stream.attributes["statusCallback"]), started).status == 204)
                #expect(entry(id, rig)?.lifecycle.phase == .inProgress)

                let signature = TwilioSigner(token: EngineRig.token).sign(
                    "wss://voice.example.net/api/v1/webhooks/twilio/ws",
                    []
                )
                let socket = try await TestSocket.open(port: rig.port, headers: [("X-Twilio-Signature", signature)])
                try #require(socket.status == 101)
                socket.returnsMarks = true
                try await socket.start(call: id, tenant: "test")
                _ = try await socket.message("mark")
                try await socket.speak(TestSocket.utterance())
                #expect(try await socket.closeCode() == 1000)

                let next = try path(connect.attributes["action"])
                let transfer = try await post(next, numbers + [("CallStatus", "in-progress")])
                #expect(transfer.body.verbs == ["Dial"])
                let dial = try #require(CanonicalXML.tree(transfer.body)?.first("Dial"))
                #expect(dial.first("Number")?.text == "+15550177")

                let nobody = try await post(
                    path(dial.attributes["action"]),
                    numbers + [("CallStatus", "in-progress"), ("DialCallStatus", "no-answer"), ("DialCallSid", "CA9")]
                )
                let record = try #require(CanonicalXML.tree(nobody.body)?.first("Record"))
                #expect(nobody.body.verbs == ["Say", "Record"])
                let message = [("RecordingSid", "RE1"), ("RecordingDuration", "7"), ("Digits", "hangup")]
                let thanks = try await post(path(record.attributes["action"]), numbers + message)
                #expect(thanks.body.verbs == ["Say", "Hangup"])
                #expect(entry(id, rig)?.lifecycle.phase == .voicemail)

                for _ in 0..<2 {
                    let done = numbers + [("CallStatus", "completed"), ("CallDuration", "42"), ("SequenceNumber", "3")]
                    #expect(try await post("/twilio/status", done).status == 204)
                    let ready = message.dropLast() + [("RecordingStatus", "completed"), ("RecordingChannels", "1")]
                    #expect(
                        try await post(path(record.attributes["recordingStatusCallback"]), Array(ready)).status == 204
                    )
                }
                let kept = try #require(entry(id, rig))
                #expect(kept.lifecycle.phase == .voicemail && kept.lifecycle.wasAnswered)
                #expect(kept.recordings == [ProviderRecording(id: "RE1", durationSeconds: 7, channels: 1)])
                #expect(kept.durationSeconds == 42 && kept.direction == .inbound && kept.tenant == "test")
                #expect(rig.book.entries.count == 1)
                try await rig.waitUntilEmpty()
            }
        }
    }
}
