import Actors
import Codecs
import Foundation
import Gateway
import TestSupport
import Testing

/// One inbound call on a whole engine with Twilio's REST API on another port, up to a caller who asks for a person.
struct TwilioTransferRig {
    /// A proxy in front takes this off; the vendor's recorded requests were signed with it.
    static let prefix = "https://voice.example.net/api/v1/webhooks"
    static let call = TwilioEventsTests.inbound
    static let person = "+15550177"
    /// The first call that Twilio is asked for.
    static let leg = "CA" + String(repeating: "0", count: 31) + "1"
    static let numbers = [("From", "+33612345678"), ("To", "+33184800000"), ("Direction", "inbound")]
    static let brief = "A caller about a bill."

    let rig: EngineRig
    let twilio: FakeTwilio
    var call: String { Self.call }

    /// With hold music, a brief for the person, and voicemail when nobody answers.
    static var tenant: TenantProfile {
        var tenant = EngineRig.patient
        tenant.numbers = ["+33184800000"]
        tenant.transfer = .init(number: person, say: "", brief: brief)
        tenant.voicemail = .init(say: "Leave a message.")
        tenant.sound.holdMusic = Fixtures.repository.appendingPathComponent("profiles/sounds/hold.wav").path
        return tenant
    }

    static func run(
        _ tenant: TenantProfile = tenant,
        change: (inout EngineSettings) -> Void = { _ in },
        _ body: (TwilioTransferRig) async throws -> Void
    ) async throws {
        let legs = EngineRig.legs(script: ["a person please"]) { turn in
            guard case .speech = turn.cause else { return [.text("Yes.")] }
            return [.text("One moment."), .action(.transfer(to: person))]
        }
        try await FakeTwilio.run { twilio, _ in
            twilio.state.withLock { $0.calls[call] = "in-progress" }
            var settings = EngineRig.production
            settings.publicURL = prefix
            settings.edge.requestsPerSecond = 0
            settings.twilio.accountSID = FakeTwilio.accountSID
            settings.twilio.baseURL = twilio.baseURL
            change(&settings)
            try await EngineRig.run(settings, profiles: [tenant], legs: legs) { rig in
                try await body(TwilioTransferRig(rig: rig, twilio: twilio))
                try await rig.waitUntilEmpty()
            }
        }
    }

    var entry: CallBook.Entry? { rig.book.entry(ProviderCallKey(provider: "twilio", id: call)) }

    // MARK: Webhooks

    func vector(_ id: String) throws -> [String: Any] {
        try #require(WireVectors.list("twilio-webhooks.json", "requests").first { $0.text("id").hasPrefix(id) })
    }

    /// A recorded request; at an address of the engine's own it is signed again.
    func send(_ id: String, to path: String? = nil) async throws -> EngineRig.Answer {
        let vector = try vector(id)
        return try await post(
            path ?? TwilioEventsTests.endpoint(vector).path,
            vector.pairs("params").map { ($0[0], $0[1]) }
        )
    }

    func post(_ path: String, _ form: [(String, String)], signature: String? = nil) async throws -> EngineRig.Answer {
        let right = TwilioSigner(token: EngineRig.token).sign(Self.prefix + path, form)
        return try await rig.request(
            .POST,
            path,
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"), ("X-Twilio-Signature", signature ?? right),
            ],
            body: Array(TwilioSigner.form(form).utf8)
        )
    }

    /// As Twilio asks and tells about the call to the person.
    func person(_ leg: String, _ path: String, _ status: String, sequence: Int? = nil) async throws -> EngineRig.Answer
    {
        var form = [
            ("CallSid", leg), ("From", "+33184800000"), ("To", Self.person), ("Direction", "outbound-api"),
            ("CallStatus", status),
        ]
        if let sequence { form.append(("SequenceNumber", "\(sequence)")) }
        return try await post(path, form)
    }

    /// The path and query of an address the engine gave, as the proxy in front passes it on.
    func path(_ url: String?) throws -> String {
        let url = try #require(url)
        #expect(url.hasPrefix(Self.prefix) && !url.contains(Self.person.dropFirst()))
        return String(url.dropFirst(Self.prefix.count))
    }

    func continued() async throws -> EngineRig.Answer {
        try await post(
            "/twilio/continue?tenant=test",
            [("CallSid", call)] + Self.numbers + [("CallStatus", "in-progress")]
        )
    }

    // MARK: The caller

    /// The call rings, is connected, and its caller asks for a person.
    func connected() async throws -> TestSocket {
        let ringing = try await send("hook-01")
        #expect(entry?.lifecycle.phase == .ringing)
        let connect = try #require(CanonicalXML.tree(ringing.body)?.first("Connect"))
        let stream = try #require(connect.first("Stream"))
        #expect(connect.attributes["action"] == Self.prefix + "/twilio/continue?tenant=test")
        let started = [("CallSid", call), ("StreamSid", "MZ1"), ("StreamEvent", "stream-started")]
        #expect(try await post(path(stream.attributes["statusCallback"]), started).status == 204)
        #expect(entry?.lifecycle.phase == .inProgress)
        let signature = TwilioSigner(token: EngineRig.token).sign(
            "wss://voice.example.net/api/v1/webhooks/twilio/ws",
            []
        )
        let socket = try await TestSocket.open(port: rig.port, headers: [("X-Twilio-Signature", signature)])
        try #require(socket.status == 101)
        socket.returnsMarks = true
        try await socket.start(call: call, tenant: "test")
        _ = try await socket.message("mark")
        try await socket.speak(TestSocket.utterance())
        return socket
    }

    /// Until the engine has had somebody called.
    /// - Returns: what it asked, and the id of the person's call.
    func called(_ socket: TestSocket) async throws -> (asked: FakeTwilio.Asked, leg: String) {
        while twilio.asked.isEmpty { try #require(try await socket.next() != nil, "the caller was let go") }
        let asked = try #require(twilio.asked.first)
        return (asked, Self.leg)
    }

    /// Until this many requests have come.
    func asked(_ count: Int) async throws -> [FakeTwilio.Asked] {
        while twilio.asked.count < count { try await Task.sleep(for: .milliseconds(2)) }
        return twilio.asked
    }

    /// The loudest sample of the next frames.
    func loudness(_ socket: TestSocket, frames: Int) async throws -> Int {
        var loudest = 0
        for _ in 0..<frames {
            let media = try #require(try await socket.message("media"), "the caller was let go")
            for byte in try Received(media).audio() { loudest = max(loudest, abs(Int(MuLaw.linear(byte)))) }
        }
        return loudest
    }
}
