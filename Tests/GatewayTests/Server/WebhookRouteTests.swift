import Engine
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    @Suite("Twilio webhooks") struct WebhookRoutes {
        private let voice = [
            ("CallSid", "CA1"), ("From", "+33612345678"), ("To", "+33184800000"), ("CallStatus", "ringing"),
        ]

        private func rejected(_ reason: String) -> String {
            #"parley_webhook_rejected_total{provider="twilio",reason="\#(reason)"}"#
        }

        @Test func aSignedCallIsConnectedToTheSocket() async throws {
            try await EngineRig.run(EngineRig.production) { rig in
                let answer = try await rig.post("/twilio/voice", voice)
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == "text/xml; charset=utf-8")
                let answers = TwilioAnswers(publicURL: PublicURL(EngineRig.publicURL))
                #expect(answer.body == answers.voice(.test, at: Date()).xml)
                #expect(
                    try await rig.metric(#"parley_webhook_seconds_count{provider="twilio",event="voice"}"#) == 1
                )
            }
        }

        @Test func inProductionOnlySignedRequestsAreAnswered() async throws {
            try await EngineRig.run(EngineRig.production) { rig in
                let unsigned = try await rig.post("/twilio/voice", voice, signed: false)
                #expect(unsigned.status == 403 && unsigned.errorCode == "signature")
                #expect(unsigned.headers["content-type"] == "application/json")
                let tampered = try await rig.post("/twilio/voice", voice + [("Digits", "1")], signedAs: voice)
                #expect(tampered.status == 403 && tampered.errorCode == "signature")
                let elsewhere = try await rig.post("/twilio/continue?x=1", voice)
                #expect(elsewhere.status == 200, "the query is part of what is signed")
                #expect(try await rig.metric(rejected("signature")) == 2)
            }
        }

        @Test func aProviderWithoutItsSecretIsNotServed() async throws {
            var settings = EngineRig.production
            settings.twilioAuthTokens = []
            try await EngineRig.run(settings) { rig in
                for signed in [true, false] {
                    let answer = try await rig.post("/twilio/voice", voice, signed: signed)
                    #expect(answer.status == 503 && answer.errorCode == "not_configured")
                }
                #expect(try await rig.metric(rejected("not_configured")) == 2)
            }
        }

        @Test func developmentTakesUnsignedRequestsButNotWronglySignedOnes() async throws {
            try await EngineRig.run { rig async throws in
                #expect(try await rig.post("/twilio/voice", voice, signed: false).status == 200)
                #expect(
                    try await rig.post("/twilio/voice", voice, signed: true).status == 503,
                    "there is no token to check with"
                )
            }
        }

        @Test func badBodiesGetAnErrorInJSON() async throws {
            let form = ("Content-Type", "application/x-www-form-urlencoded")
            try await EngineRig.run { rig in
                let large = try await rig.request(
                    .POST,
                    "/twilio/voice",
                    headers: [form],
                    body: [UInt8](repeating: 0x61, count: 65_537)
                )
                #expect(large.status == 413 && large.errorCode == "too_large")
                let most = try await rig.request(
                    .POST,
                    "/twilio/voice",
                    headers: [form],
                    body: [UInt8](repeating: 0x61, count: 65_536)
                )
                #expect(most.status == 200)
                let json = try await rig.request(
                    .POST,
                    "/twilio/voice",
                    headers: [("Content-Type", "application/json")],
                    body: Array("{}".utf8)
                )
                #expect(json.status == 415 && json.errorCode == "not_a_form")
                let untyped = try await rig.request(.POST, "/twilio/voice", body: Array("To=1".utf8))
                #expect(untyped.status == 415)
                let shouted = try await rig.request(
                    .POST,
                    "/twilio/voice",
                    headers: [("Content-Type", "Application/X-WWW-Form-URLEncoded")],
                    body: Array("To=1".utf8)
                )
                #expect(shouted.status == 200, "media types are case-insensitive (RFC 9110 section 8.3.1)")
                for body in ["a=%", "a=%zz", "a=%FF", (0..<300).map { "a\($0)" }.joined(separator: "&")] {
                    let bad = try await rig.request(.POST, "/twilio/voice", headers: [form], body: Array(body.utf8))
                    #expect(bad.status == 400 && bad.errorCode == "bad_form", "\(body)")
                }
                #expect(try await rig.metric(rejected("bad_form")) == 4)
                #expect(try await rig.metric(rejected("too_large")) == 1)
                #expect(try await rig.metric(rejected("not_a_form")) == 2)
            }
        }

        @Test func aNumberNobodyClaimsIsRejected() async throws {
            var profile = EngineRig.patient
            profile.numbers = ["+33184800000"]
            try await EngineRig.run(profiles: [profile]) { rig in
                #expect(try await rig.post("/twilio/voice", voice, signed: false).body.contains("<Connect"))
                let other = try await rig.post("/twilio/voice", [("CallSid", "CA2"), ("To", "+1555")], signed: false)
                #expect(other.status == 200 && other.body == TwilioAnswers.unknownNumber.xml)
                #expect(try await rig.post("/twilio/voice", [], signed: false).body == TwilioAnswers.unknownNumber.xml)
            }
        }

        @Test func aGetIsSignedOverItsAddress() async throws {
            try await EngineRig.run(EngineRig.production) { rig in
                func get(_ path: String, signed: String? = nil) async throws -> EngineRig.Answer {
                    let signature = TwilioSigner(token: EngineRig.token).sign(
                        EngineRig.publicURL + (signed ?? path),
                        []
                    )
                    return try await rig.get(path, headers: [("X-Twilio-Signature", signature)])
                }
                let path = "/twilio/voice?CallSid=CA1&To=%2B33184800000&note=a%20b+c"
                let answer = try await get(path)
                #expect(answer.status == 200 && answer.body.verbs.first == "Connect")
                #expect(try await get(path + "&x=1", signed: path).status == 403)
                #expect(try await get(path.replacing("%20", with: "+"), signed: path).status == 403)
                #expect(try await get("/twilio/status?CallSid=CA1&CallStatus=completed").status == 204)
                #expect(try await get("/twilio/voice?a=%FF").errorCode == "bad_form")
                #expect(try await rig.get(path).status == 403)
            }
        }

        @Test func bothOfTwoTokensAndASharedKeyCount() async throws {
            var settings = EngineRig.production
            settings.twilioAuthTokens = ["the next token", EngineRig.token]
            settings.twilio.signingKeys = ["k1": "the shared key"]
            try await EngineRig.run(settings) { rig async throws in
                let form = [("CallSid", "CA1"), ("To", "+1")]
                let body = Array(TwilioSigner.form(form).utf8)
                let kind = ("Content-Type", "application/x-www-form-urlencoded")
                for (token, status) in [("the next token", 200), (EngineRig.token, 200), ("the old token", 403)] {
                    let signature = TwilioSigner(token: token).sign(EngineRig.publicURL + "/twilio/voice", form)
                    let headers = [kind, ("X-Twilio-Signature", signature)]
                    #expect(
                        try await rig.request(.POST, "/twilio/voice", headers: headers, body: body).status == status
                    )
                }
                let text = EngineRig.publicURL + "/twilio/voice" + "CallSidCA1To+1"
                let code = MessageAuthentication.code(
                    .sha256,
                    key: Array("the shared key".utf8),
                    message: Array(text.utf8)
                )
                for (key, status) in [("k1", 200), ("k2", 403)] {
                    let headers = [
                        kind, ("X-Twilio-Signature", Data(code).base64EncodedString()),
                        ("X-Twilio-Webhooks-Signature-Settings", "key=\(key),algorithm=HMAC_SHA256"),
                    ]
                    #expect(
                        try await rig.request(.POST, "/twilio/voice", headers: headers, body: body).status == status
                    )
                }
            }
        }

        @Test func callbacksAreAnsweredWithNothingAndCountedByTheirName() async throws {
            try await EngineRig.run(EngineRig.production) { rig in
                for endpoint in TwilioEndpoint.allCases {
                    let answer = try await rig.post(endpoint.path, [("CallSid", "CA1"), ("RecordingSid", "RE1")])
                    #expect(answer.status == (endpoint.isCallback ? 204 : 200), "\(endpoint)")
                    #expect(answer.body.isEmpty == endpoint.isCallback)
                    let unsigned = try await rig.post(endpoint.path, [("CallSid", "CA1")], signed: false)
                    #expect(unsigned.status == 403, "\(endpoint)")
                    let series = #"parley_webhook_seconds_count{provider="twilio",event="\#(endpoint.rawValue)"}"#
                    #expect(try await rig.metric(series) == 2)
                }
                let nameless = try await rig.post("/twilio/status", [("CallStatus", "completed")])
                #expect(nameless.status == 400 && nameless.errorCode == "missing_parameter")
                #expect(try await rig.metric(rejected("missing_parameter")) == 1)
            }
        }

        @Test func aSwitchedOffAgentSendsCallersToAPerson() async throws {
            var settings = EngineRig.settings
            settings.isVoiceEnabled = false
            try await EngineRig.run(settings) { rig in
                let answer = try await rig.post("/twilio/voice", voice, signed: false)
                #expect(answer.body.verbs == ["Say", "Dial"])
            }
        }

        @Test func whenEveryPlaceIsTakenTheCallerHearsSo() async throws {
            var settings = EngineRig.settings
            settings.maximumCalls = 1
            try await EngineRig.run(settings) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                #expect(socket.status == 101)
                #expect(try await rig.post("/twilio/voice", voice, signed: false).body == TwilioAnswers.busy.xml)
                try await socket.drop()
                try await rig.waitUntilEmpty()
                #expect(try await rig.post("/twilio/voice", voice, signed: false).body.contains("<Connect"))
            }
        }

        @Test func afterTheCallItsOutcomeDecidesWhatComesNext() async throws {
            let legs = EngineRig.legs(script: ["a person please", "goodbye"]) { turn in
                guard case .speech(let said) = turn.cause else { return [.text("Yes.")] }
                return said.text == "goodbye"
                    ? [.text("Goodbye."), .action(.hangUp)]
                    : [.text("One moment."), .action(.transfer(to: "+15550177"))]
            }
            try await EngineRig.run(legs: legs) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                socket.returnsMarks = true
                try await socket.start(call: "CA7")
                _ = try await socket.message("mark")
                try await socket.speak(TestSocket.utterance())
                #expect(try await socket.closeCode() == 1000)
                try await rig.waitUntilEmpty()
                let answer = try await rig.post("/twilio/continue", [("CallSid", "CA7"), ("To", "+1")], signed: false)
                let dial = try #require(CanonicalXML.tree(answer.body)?.first("Dial"))
                #expect(answer.body.verbs == ["Dial"] && dial.first("Number")?.text == "+15550177")
                #expect(try await rig.metric(#"parley_calls_total{provider="twilio",outcome="transferred"}"#) == 1)

                try await rig.placeGoodCall()
                try await rig.waitUntilEmpty()
                let ended = try await rig.post("/twilio/continue", [("CallSid", "CA1"), ("To", "+1")], signed: false)
                #expect(ended.body == TwiML([.hangup]).xml)

                let unknown = try await rig.post("/twilio/continue", [("CallSid", "CA0"), ("To", "+1")], signed: false)
                #expect(
                    unknown.body.contains("<Say") && unknown.body.contains("<Dial")
                        && unknown.body.contains("+15550100")
                )
            }
        }
    }
}
