import Foundation
import Gateway
import HTTPTypes
import NIOCore
import Testing

extension Loopback {
    @Suite("Twilio REST") struct TwilioRESTTests {
        private static let call = "CA0a1b2c3d4e5f60718293a4b5c6d7e8f9"

        private func error(_ body: () async throws -> Void) async throws -> TwilioRESTError {
            do {
                try await body()
            } catch let error as TwilioRESTError {
                return error
            }
            throw CocoaError(.featureUnsupported)
        }

        @Test func aLiveCallGetsNewInstructionsOrAnEnd() async throws {
            try await FakeTwilio.run { twilio, rest in
                twilio.state.withLock { $0.calls[Self.call] = "in-progress" }
                let document = TwiML([.say("One & two", language: "en-US"), .hangup])
                try await rest.update(Self.call, .document(document))
                try await rest.update(Self.call, .url("https://voice.example.net/twilio/voice?tenant=a&x=1"))
                let call = try await rest.fetch(Self.call)
                #expect(call.sid == Self.call && call.status == "in-progress")
                try await rest.update(Self.call, .complete)
                #expect(try await rest.fetch(Self.call).status == "completed")
                try await rest.update(Self.call, .cancel)

                let posts = twilio.asked.filter { $0.method == "POST" }
                #expect(posts.allSatisfy { $0.path == "/Calls/\(Self.call).json" })
                let forms = posts.map { $0.form.pairs.map { [$0.name, $0.value] } }
                #expect(
                    forms == [
                        [["Twiml", document.xml]],
                        [["Url", "https://voice.example.net/twilio/voice?tenant=a&x=1"], ["Method", "POST"]],
                        [["Status", "completed"]], [["Status", "canceled"]],
                    ]
                )
                let basic = "Basic " + Data("\(FakeTwilio.accountSID):\(FakeTwilio.token)".utf8).base64EncodedString()
                #expect(twilio.asked.allSatisfy { $0.authorization == basic })
            }
        }

        @Test func aNewCallAsksForEveryEventOfItsProgress() async throws {
            try await FakeTwilio.run { twilio, rest in
                let id = try await rest.create(
                    .init(
                        to: "+12025550142",
                        from: "+12025550100",
                        url: "https://voice.example.net/twilio/voice?tenant=a",
                        statusCallback: "https://voice.example.net/twilio/status?tenant=a",
                        timeout: 9999,
                        timeLimit: 600,
                        sendDigits: "ww12"
                    )
                )
                #expect(id.hasPrefix("CA") && id.count == 34)
                let form = try #require(twilio.asked.first?.form)
                #expect(form["To"] == "+12025550142" && form["From"] == "+12025550100")
                #expect(form["Timeout"] == "600" && form["TimeLimit"] == "600" && form["SendDigits"] == "ww12")
                #expect(
                    form.pairs.filter { $0.name == "StatusCallbackEvent" }.map(\.value)
                        == ["initiated", "ringing", "answered", "completed"]
                )
            }
        }

        @Test func anApiKeyStandsInForTheAuthToken() async throws {
            try await FakeTwilio.run { twilio, _ in
                var settings = TwilioSettings()
                settings.accountSID = FakeTwilio.accountSID
                settings.apiKey = "SK1"
                settings.apiKeySecret = "the secret of the key"
                settings.baseURL = twilio.baseURL
                twilio.state.withLock {
                    $0.user = "SK1"
                    $0.passwords = ["the secret of the key"]
                    $0.calls["CA1"] = "ringing"
                }
                let account = try #require(TwilioAccount(settings, tokens: []))
                let rest = TwilioREST(account: account, transport: LoopbackTransport())
                #expect(try await rest.fetch("CA1").status == "ringing")
                #expect(!"\(account)".contains("secret") && !"\(account.credentials)".contains("secret"))
            }
        }

        @Test func whileATokenIsRotatedTheValidOneIsFound() async throws {
            try await FakeTwilio.run { twilio, _ in
                var settings = TwilioSettings()
                settings.accountSID = FakeTwilio.accountSID
                settings.baseURL = twilio.baseURL
                twilio.state.withLock { $0.calls["CA1"] = "ringing" }
                let account = try #require(TwilioAccount(settings, tokens: ["not yet valid", FakeTwilio.token]))
                let rest = TwilioREST(account: account, transport: LoopbackTransport())
                try await rest.update("CA1", .complete)
                #expect(twilio.state.withLock { $0.calls["CA1"] } == "completed")
                let old = try #require(TwilioAccount(settings, tokens: ["a", "b"]))
                let refused = try await error {
                    _ = try await TwilioREST(account: old, transport: LoopbackTransport()).fetch("CA1")
                }
                #expect(refused == TwilioRESTError(cause: .status(401), code: 20003))
            }
        }

        @Test func recordingsAreStartedPausedFetchedAndDeleted() async throws {
            try await FakeTwilio.run { twilio, rest in
                twilio.state.withLock {
                    $0.calls["CA1"] = "in-progress"
                    $0.recordings = ["RE1": 2, "RE2": 1]
                }
                #expect(try await rest.startRecording(of: "CA1") == "RE1")
                try await rest.change(nil, of: "CA1", .pause(isSilent: true))
                try await rest.change("RE1", of: "CA1", .resume)
                try await rest.change("RE1", of: "CA1", .stop)
                #expect(
                    twilio.asked.map(\.path) == [
                        "/Calls/CA1/Recordings.json", "/Calls/CA1/Recordings/Twilio.CURRENT.json",
                        "/Calls/CA1/Recordings/RE1.json", "/Calls/CA1/Recordings/RE1.json",
                    ]
                )
                #expect(twilio.asked[0].form["RecordingChannels"] == "dual")
                #expect(
                    twilio.asked[1].form["PauseBehavior"] == "silence" && twilio.asked[1].form["Status"] == "paused"
                )
                #expect(twilio.asked.dropFirst(2).map { $0.form["Status"] } == ["in-progress", "stopped"])

                #expect(try await rest.fetch(recording: "RE1").status == "completed")
                #expect(try await rest.download(recording: "RE1") == Array("RIFF2".utf8))
                #expect(try await rest.download(recording: "RE2") == Array("RIFF1".utf8), "there is one channel only")
                try await rest.delete(recording: "RE1")
                try await rest.delete(recording: "RE1")
                #expect(twilio.state.withLock { $0.recordings } == ["RE2": 1])
                let gone = try await error { _ = try await rest.download(recording: "RE1") }
                #expect(gone.isGone)
            }
        }

        @Test(arguments: ["", "../Calls", "CA1/x", "CA 1", "CA1?x=1", "CA1#", "CAé", String(repeating: "A", count: 65)])
        func whatIsNoIdNeverBecomesPartOfAnAddress(_ id: String) async throws {
            try await FakeTwilio.run { twilio, rest async throws in
                let bad = TwilioRESTError(cause: .badID)
                #expect(try await error { _ = try await rest.fetch(id) } == bad)
                #expect(try await error { try await rest.update(id, .complete) } == bad)
                #expect(try await error { _ = try await rest.download(recording: id) } == bad)
                #expect(try await error { try await rest.delete(recording: id) } == bad)
                #expect(try await error { _ = try await rest.startRecording(of: id) } == bad)
                #expect(try await error { try await rest.change(id, of: "CA1", .stop) } == bad)
                #expect(twilio.asked.isEmpty)
            }
        }

        @Test func aDocumentTheVendorWouldNotTakeIsNotSent() async throws {
            try await FakeTwilio.run { twilio, rest async throws in
                let long = TwiML([.say(String(repeating: "word ", count: 800), language: "en-US")])
                #expect(try await error { try await rest.update("CA1", .document(long)) }.cause == .tooLong)
                #expect(twilio.asked.isEmpty)
            }
        }

        // MARK: Faults

        @Test func whoIsAskedTooOftenSaysWhenAgain() async throws {
            try await FakeTwilio.run { twilio, rest in
                twilio.state.withLock {
                    $0.calls["CA1"] = "ringing"
                    $0.faults = Array(repeating: .reply(.error(429, code: 20429, [("Retry-After", "7")])), count: 3)
                }
                let limited = try await error { try await rest.update("CA1", .url("https://a.example")) }
                #expect(limited == TwilioRESTError(cause: .status(429), code: 20429, retryAfter: .seconds(7)))
                // Nothing was done: then it may be tried again, whatever it is.
                try await rest.update("CA1", .url("https://a.example"))
                #expect(twilio.asked.count == 4)
            }
        }

        @Test(arguments: ["", "soon", "-1", "99999999999999999999", "7.5"])
        func anUnreadableRetryAfterIsNone(_ text: String) async throws {
            try await FakeTwilio.run { twilio, rest async throws in
                let reply = FakeTwilio.Fault.reply(.error(429, code: 20429, [("Retry-After", text)]))
                twilio.state.withLock { $0.faults = Array(repeating: reply, count: 3) }
                #expect(try await error { _ = try await rest.fetch("CA1") }.retryAfter == nil)
            }
        }

        @Test func aHarmlessRequestOutlivesAFaultAndANewCallIsNeverPlacedTwice() async throws {
            try await FakeTwilio.run { twilio, rest in
                twilio.state.withLock {
                    $0.calls["CA1"] = "in-progress"
                    $0.faults = [.cut, .reply(.json(500, "<html>"))]
                }
                try await rest.update("CA1", .complete)
                #expect(twilio.state.withLock { $0.calls["CA1"] } == "completed" && twilio.asked.count == 3)

                let new = TwilioREST.NewCall(to: "+12025550142", from: "+12025550100", url: "https://a.example")
                twilio.state.withLock { $0.faults = [.cut] }
                #expect(try await error { _ = try await rest.create(new) }.cause == .transport(.unreachable))
                #expect(twilio.state.withLock { $0.created } == 1, "it may have happened, so it is not repeated")
                twilio.state.withLock { $0.faults = [.reply(.error(500, code: 20500))] }
                #expect(try await error { _ = try await rest.create(new) } == .init(cause: .status(500), code: 20500))
                twilio.state.withLock { $0.faults = [.cut] }
                let moved = try await error { try await rest.update("CA1", .document(TwiML([.hangup]))) }
                #expect(moved.cause == .transport(.unreachable), "instructions given twice are heard twice")
                #expect(twilio.state.withLock { $0.created } == 1)
            }
        }

        @Test func silenceEndsAfterItsTime() async throws {
            try await FakeTwilio.run { twilio, _ in
                twilio.state.withLock { $0.faults = [.silence, .silence, .silence] }
                let rest = TwilioREST(
                    account: try twilio.account,
                    transport: LoopbackTransport(patience: .milliseconds(50))
                )
                #expect(try await error { _ = try await rest.fetch("CA1") }.cause == .transport(.timeout))
            }
        }

        @Test(arguments: [
            "", "{}", "null", "[]", "<html>", #"{"sid":null,"status":1}"#, #"{"sid":"../x","status":"a"}"#,
        ])
        func anAnswerThatIsNotTheVendorsIsAFault(_ body: String) async throws {
            try await FakeTwilio.run { twilio, rest in
                let reply = FakeTwilio.Fault.reply(.json(200, body))
                twilio.state.withLock { $0.faults = [reply, reply] }
                let new = TwilioREST.NewCall(to: "+12025550142", from: "+12025550100", url: "https://a.example")
                let fault = try await error { _ = try await rest.create(new) }
                #expect([.malformed, .badID].contains(fault.cause))
            }
        }
    }
}

@Suite("Twilio account")
struct TwilioAccountTests {
    @Test func anAccountNeedsItsIdAndASecret() {
        var settings = TwilioSettings()
        #expect(TwilioAccount(settings, tokens: ["t"]) == nil)
        settings.accountSID = "AC1"
        #expect(TwilioAccount(settings, tokens: []) == nil && TwilioAccount(settings, tokens: [""]) == nil)
        #expect(TwilioAccount(settings, tokens: ["t"]) != nil)
        settings.apiKey = "SK1"
        #expect(TwilioAccount(settings, tokens: []) == nil, "a key without its secret is none")
        settings.apiKeySecret = "s"
        #expect(TwilioAccount(settings, tokens: []) != nil)
        settings.accountSID = "AC1/../AC2"
        #expect(TwilioAccount(settings, tokens: ["t"]) == nil)
    }

    /// Why there was no answer reaches whoever asked, and nothing else of the transport's does.
    @Test(arguments: [VendorError.Code.unreachable, .timeout, .tooLarge, .forbiddenAddress])
    func whatKeptTheTransportIsTold(_ code: VendorError.Code) async throws {
        struct Failing: VendorTransport {
            let code: VendorError.Code
            func send(_ request: VendorRequest) async throws(VendorError) -> VendorResponse {
                throw VendorError(code, "not to be repeated")
            }
        }
        var settings = TwilioSettings()
        settings.accountSID = "AC1"
        let account = try #require(TwilioAccount(settings, tokens: ["t"]))
        let rest = TwilioREST(account: account, transport: Failing(code: code))
        await #expect(throws: TwilioRESTError(cause: .transport(code))) { _ = try await rest.fetch("CA1") }
    }
}
