import Actors
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    @Suite("RingCentral control") struct RingCentralControlTests {
        private let key = ProviderCallKey(provider: "ringcentral", id: "s=/1")
        private let root = "/restapi/v1.0/account/~/telephony/sessions/s%3D%2F1"

        private func sessions(_ statuses: [PartyChange.Status]) -> TelephonySessions {
            let sessions = TelephonySessions(
                served: [],
                policy: RingCentralPolicy(RingCentralSettings()),
                book: CallBook(),
                tenants: { _ in .test },
                work: { _ in }
            )
            for (index, status) in statuses.enumerated() {
                var change = PartyChange(session: key.id, party: "p-1-2", status: status)
                change.sequence = Int64(index + 2)
                change.direction = .inbound
                change.to = "+1"
                _ = sessions.take(notification([change]))
            }
            return sessions
        }

        private func notification(_ changes: [PartyChange]) -> RingCentralNotification {
            RingCentralNotification(kind: .parties(changes))
        }

        private func with(
            _ statuses: [PartyChange.Status],
            _ body: (RingCentralServer, RingCentralControl) async throws -> Void
        ) async throws {
            try await RingCentralServer.run { server, url in
                let client = RingCentralClient(.account(url), transport: PlainTransport(), time: SleptTime().time)
                try await body(server, RingCentralControl(client: client, sessions: sessions(statuses)))
            }
        }

        @Test(arguments: [
            ([PartyChange.Status.answered], "transfer"), ([.answered, .hold], "transfer"), ([.proceeding], "forward"),
            ([.setup], "forward"),
        ])
        func aTransferIsATransferOnceItIsAnswered(_ statuses: [PartyChange.Status], _ verb: String) async throws {
            try await with(statuses) { server, control in
                try await control.perform(.transfer(to: "+15550100", .blind), on: key)
                let seen = try #require(server.seen.last)
                #expect(seen.method == "POST" && seen.path == "\(root)/parties/p-1-2/\(verb)")
                #expect(seen.body == #"{"phoneNumber":"+15550100"}"#)
            }
        }

        @Test func hangingUpDropsTheWholeSession() async throws {
            try await with([.answered]) { server, control in
                try await control.perform(.hangUp, on: key)
                let seen = try #require(server.seen.last)
                #expect(seen.method == "DELETE" && seen.path == root && seen.body.isEmpty)
            }
        }

        @Test func aPartyIsHeldAndTakenBack() async throws {
            try await with([.answered]) { server, control in
                try await control.hold(true, on: key)
                try await control.hold(false, on: key)
                #expect(server.seen.suffix(2).map(\.path) == ["hold", "unhold"].map { "\(root)/parties/p-1-2/\($0)" })
            }
        }

        @Test func whatTheVendorCannotDoIsRefusedClearly() async throws {
            try await with([.answered]) { server, control in
                for request in [ControlRequest.transfer(to: "+1", .warm(brief: "hello")), .digits("12#")] {
                    let error = await #expect(throws: ControlError.self) { try await control.perform(request, on: key) }
                    #expect(error?.code == .notSupported)
                }
                let error = await #expect(throws: ControlError.self) {
                    try await control.call("+1", from: "+2", tenant: "test")
                }
                #expect(error?.code == .notSupported)
                #expect(server.seen.isEmpty)
            }
        }

        @Test func aCallThatIsOverOrUnknownIsGone() async throws {
            try await with([.answered, .disconnected]) { server, control in
                for id in [key, ProviderCallKey(provider: "ringcentral", id: "s-other")] {
                    let error = await #expect(throws: ControlError.self) { try await control.perform(.hangUp, on: id) }
                    #expect(error?.code == .gone)
                }
                #expect(server.seen.isEmpty)
            }
        }

        @Test(arguments: [
            (404, ControlError.Code.gone), (403, .failed), (500, .failed), (429, .rateLimited),
        ])
        func theVendorsRefusalsHaveTheirCodes(_ status: Int, _ code: ControlError.Code) async throws {
            try await with([.answered]) { server, control in
                server.fail(.init(path: "/telephony/", status: status, headers: ["Retry-After": "9"]))
                let error = await #expect(throws: ControlError.self) {
                    try await control.perform(.transfer(to: "+15550100", .blind), on: key)
                }
                #expect(error?.code == code && error?.retryAfter == (status == 429 ? .seconds(9) : nil))
                #expect(error?.message.contains("+1555") == false)
            }
        }

        @Test func withoutAnAccountItSaysWhatToSet() async throws {
            let control = RingCentralControl(client: nil, sessions: sessions([.answered]))
            let error = await #expect(throws: ControlError.self) { try await control.perform(.hangUp, on: key) }
            #expect(error?.code == .notConfigured && error?.message.contains("RC_CLIENT_ID") == true)
        }

        // MARK: Recordings

        @Test(arguments: [
            ("audio/mpeg", RingCentralRecording.Format.mp3), ("audio/wav", .wav), ("Audio/X-WAV; charset=x", .wav),
        ])
        func aRecordingIsFetched(_ type: String, _ format: RingCentralRecording.Format) async throws {
            try await RingCentralServer.run { server, url in
                server.state.withLock { $0.recordings["77"] = (0, type, [1, 2, 3]) }
                let client = try #require(RingCentralClient(.account(url), transport: PlainTransport()))
                let recording = try await RingCentralRecordings(client: client, baseURL: url).fetch("77", of: "s-1")
                #expect(recording == RingCentralRecording(session: "s-1", id: "77", format: format, bytes: [1, 2, 3]))
                #expect(server.seen.last?.path == "/restapi/v1.0/account/~/recording/77/content")
            }
        }

        @Test func whatIsNoSoundIsNoRecording() async throws {
            try await RingCentralServer.run { server, url in
                server.state.withLock { state in
                    state.recordings["1"] = (0, "text/html", [1])
                    state.recordings["2"] = (0, "audio/mpeg", [])
                }
                let client = try #require(RingCentralClient(.account(url), transport: PlainTransport()))
                let recordings = RingCentralRecordings(client: client, baseURL: url)
                for id in ["1", "2"] {
                    await #expect(throws: RingCentralError.badAnswer) { try await recordings.fetch(id, of: "s") }
                }
                await #expect(throws: RingCentralError.gone) { try await recordings.fetch("3", of: "s") }
            }
        }

        @Test(arguments: [
            ("https://platform.ringcentral.com", "https://media.ringcentral.com"),
            ("https://platform.devtest.ringcentral.com/", "https://media.devtest.ringcentral.com"),
            ("http://127.0.0.1:9", "http://127.0.0.1:9"), ("https://a.platform.b", "https://a.platform.b"),
        ])
        func soundHasItsOwnHost(_ api: String, _ media: String) {
            #expect(RingCentralRecordings.mediaBase(api) == media)
        }
    }
}
