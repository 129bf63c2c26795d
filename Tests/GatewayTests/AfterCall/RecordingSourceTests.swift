import Foundation
import Gateway
import NIOPosix
import TestSupport
import Testing

/// Recordings over real sockets, and what each refusal means for the job.
@Suite("Recording sources", .timeLimit(.minutes(5))) struct RecordingSourceTests {
    private let id = "RE0123456789abcdef0123456789abcdef"
    private let call = ProviderCallKey(provider: "twilio", id: "CA1")

    @Test func twiliosRecordingsAreHadByTheirIdWithTheAccountsCredentials() async throws {
        try await FakeTwilio.run { twilio, rest in
            twilio.state.withLock { $0.recordings[id] = 2 }
            // The address that a webhook names leads elsewhere, and is not followed.
            let recording = ProviderRecording(id: id, url: "http://169.254.169.254/latest")
            let bytes = try await TwilioRecordingSource(rest).fetch(recording, of: call)
            #expect(bytes == Array("RIFF2".utf8))
            #expect(twilio.asked.map(\.path) == ["/Recordings/\(id).wav"])
        }
    }

    static let refusals: [(FakeTwilio.Reply, AfterCallFault)] = [
        (.error(404, code: 20404), AfterCallFault(.notThere, isPassing: true, provider: "twilio")),
        (
            .error(429, code: 20429, [("Retry-After", "7")]),
            AfterCallFault(.busy, isPassing: true, retryAfter: .seconds(7), provider: "twilio")
        ),
        (.error(503, code: 20503), AfterCallFault(.unreachable, isPassing: true, provider: "twilio")),
        (.error(403, code: 20003), AfterCallFault(.refused, isPassing: false, provider: "twilio")),
    ]

    @Test(arguments: refusals) func twiliosRefusalsSayWhetherToAskAgain(
        _ reply: FakeTwilio.Reply,
        _ fault: AfterCallFault
    )
        async throws
    {
        try await FakeTwilio.run { twilio, rest in
            twilio.state.withLock { $0.faults = Array(repeating: .reply(reply), count: 3) }
            await #expect(throws: fault) {
                _ = try await TwilioRecordingSource(rest).fetch(ProviderRecording(id: id), of: call)
            }
        }
    }

    @Test func anIdThatIsNoneIsNotAskedFor() async throws {
        try await FakeTwilio.run { twilio, rest in
            await #expect(throws: AfterCallFault(.refused, isPassing: false, provider: "twilio")) {
                _ = try await TwilioRecordingSource(rest).fetch(ProviderRecording(id: "../Calls"), of: call)
            }
            #expect(twilio.asked.isEmpty)
        }
    }

    // MARK: Links

    private func linked(_ port: Int, key: String? = nil) -> LinkedRecordingSource {
        let base = "http://127.0.0.1:\(port)/v2"
        let group = MultiThreadedEventLoopGroup.singleton
        return LinkedRecordingSource(
            provider: "ringover",
            fetch: GuardedFetch(
                vendor: "ringover",
                rules: .ringover(baseURL: base),
                connections: VendorConnections(group: group),
                group: group
            ),
            maximumBytes: 20,
            base: base,
            key: key
        )
    }

    private func recording(_ url: String?) -> ProviderRecording { ProviderRecording(id: "1", url: url) }

    @Test func aLinkToTheApisOwnHostIsShownTheKey() async throws {
        let audio = VendorServer.response("200 OK", ["Content-Type: audio/mpeg"], body: "ID3 sound")
        try await VendorServer.run([.text(audio)]) { server, port in
            let source = linked(port, key: "the-key")
            let bytes = try await source.fetch(recording("http://127.0.0.1:\(port)/r/1.mp3"), of: call)
            #expect(bytes == Array("ID3 sound".utf8))
            #expect(server.requests.first?.lowercased().contains("authorization: the-key") == true)
        }
    }

    static let answers: [(String, AfterCallFault)] = [
        (VendorServer.response("404 Not Found"), AfterCallFault(.notThere, isPassing: true, provider: "ringover")),
        (VendorServer.response("410 Gone"), AfterCallFault(.notThere, isPassing: false, provider: "ringover")),
        (
            VendorServer.response("429 Too Many Requests", ["Retry-After: 30"]),
            AfterCallFault(.busy, isPassing: true, retryAfter: .seconds(30), provider: "ringover")
        ),
        (
            VendorServer.response("200 OK", ["Content-Type: text/html"], body: "<html>"),
            AfterCallFault(.wrongType, isPassing: false, provider: "ringover")
        ),
        (
            VendorServer.response("200 OK", ["Content-Type: audio/mpeg"], body: "ID3 more than 20 bytes of it"),
            AfterCallFault(.tooLarge, isPassing: false, provider: "ringover")
        ),
        (
            VendorServer.response("302 Found", ["Location: http://169.254.169.254/latest"]),
            AfterCallFault(.forbiddenAddress, isPassing: false, provider: "ringover")
        ),
    ]

    @Test(arguments: answers) func whatALinkAnswersSaysWhetherToAskAgain(_ answer: String, _ fault: AfterCallFault)
        async throws
    {
        try await VendorServer.run([.text(answer)]) { _, port in
            await #expect(throws: fault) {
                _ = try await linked(port).fetch(recording("http://127.0.0.1:\(port)/r/1.mp3"), of: call)
            }
        }
    }

    @Test(arguments: [
        "http://169.254.169.254/latest", "https://127.0.0.1/x", "https://example.com/x", "file:///etc/passwd",
        "https://ringover.com.example.net/x", "not an address",
    ])
    func aLinkThatLeadsElsewhereIsNotFollowed(_ url: String) async throws {
        await #expect(throws: AfterCallFault(.forbiddenAddress, isPassing: false, provider: "ringover")) {
            _ = try await linked(1, key: "the-key").fetch(recording(url), of: call)
        }
    }

    @Test func withoutALinkThereIsNothing() async throws {
        await #expect(throws: AfterCallFault(.notThere, isPassing: false, provider: "ringover")) {
            _ = try await linked(1).fetch(recording(nil), of: call)
        }
    }
}
