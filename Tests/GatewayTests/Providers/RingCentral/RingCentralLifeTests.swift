import Actors
import AsyncHTTPClient
import Foundation
import Gateway
import Hummingbird
import Logging
import NIOCore
import Synchronization
import TestSupport
import Testing

extension Loopback {
    /// The provider behind a real port, with RingCentral's API on another.
    @Suite("RingCentral over HTTP") struct RingCentralLifeTests {
        private struct Answer {
            var status: Int
            var headers: [String: String]
            var body: String
            var bytes: Int
            var errorCode: String? { (try? WireVectors.parse(Data(body.utf8)))?.object("error")["code"] as? String }
        }

        private final class Kept: Sendable {
            private let items = Mutex<[RingCentralRecording]>([])
            func add(_ item: RingCentralRecording) { items.withLock { $0.append(item) } }
            var all: [RingCentralRecording] { items.withLock { $0 } }
        }

        private struct Rig {
            let port: Int
            let book: CallBook
            let provider: RingCentralProvider

            func post(_ body: [UInt8], _ headers: [(String, String)] = []) async throws -> Answer {
                var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/v1/ringcentral/webhooks/events")
                request.method = .POST
                for (name, value) in headers { request.headers.add(name: name, value: value) }
                if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
                let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
                let fields = response.headers.map { ($0.name.lowercased(), $0.value) }
                return Answer(
                    status: Int(response.status.code),
                    headers: Dictionary(fields, uniquingKeysWith: { first, _ in first }),
                    body: text,
                    bytes: fields.reduce(text.utf8.count + 32) { $0 + $1.0.utf8.count + $1.1.utf8.count + 4 }
                )
            }

            func event(_ body: [UInt8], token: String? = "static") async throws -> Answer {
                var headers = [("Content-Type", "application/json; charset=UTF-8")]
                if let token { headers.append(("Verification-Token", token)) }
                return try await post(body, headers)
            }

            func entry(_ id: String) -> CallBook.Entry? { book.entry(.init(provider: "ringcentral", id: id)) }
        }

        private static var settings: EngineSettings {
            var settings = EngineSettings()
            settings.ringCentral.verificationTokens = ["static", "older"]
            return settings
        }

        private func run(
            _ settings: EngineSettings = Self.settings,
            transport: (any VendorTransport)? = nil,
            clock: SteppedTime? = nil,
            keep: (@Sendable (RingCentralRecording) async throws -> Void)? = nil,
            _ body: (Rig) async throws -> Void
        ) async throws {
            let book = CallBook()
            let tenants = TenantDirectory([.test])
            let provider = RingCentralProvider(
                settings: settings,
                publicURL: PublicURL("https://voice.example.net"),
                book: book,
                tenants: { tenants.profile(calledNumber: $0) },
                transport: transport,
                meters: WebhookMeters(),
                time: clock?.time ?? .real,
                keep: keep,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
            let router = Router(context: GatewayContext.self)
            provider.add(to: router)
            try await LoopbackServer.run(router.buildResponder()) { port in
                try await body(Rig(port: port, book: book, provider: provider))
            }
        }

        private let one = "s-718107795d564867a6f635fd81e89940"

        // MARK: The door

        @Test func aSubscriptionsHandshakeIsAnswered() async throws {
            try await run { rig in
                for token in ["a1b2c3d4-0000-4444-8888-e5f6a7b8c9d0", String(repeating: "x", count: 512)] {
                    let answer = try await rig.post([], [("validation-token", token)])
                    #expect(answer.status == 200 && answer.headers["validation-token"] == token)
                    #expect(answer.headers["content-type"] == "application/json")
                    #expect(answer.body.isEmpty && answer.bytes <= 1024)
                }
                let long = try await rig.post([], [("Validation-Token", String(repeating: "A", count: 2000))])
                #expect(long.status == 400 && long.errorCode == "bad_token" && long.headers["validation-token"] == nil)
                let twice = try await rig.post([], [("Validation-Token", "a"), ("Validation-Token", "b")])
                #expect(twice.status == 400 && twice.headers["validation-token"] == nil)
                let nothing = try await rig.post([])
                #expect(nothing.status == 400 && nothing.errorCode == "empty")
            }
        }

        @Test func onlyWhatIsProvenIsTaken() async throws {
            let body = try RingCentralVectors.sequence("rc-seq-1").bodies[0]
            try await run { rig in
                for token in [nil, "wrong", "stati", "STATIC"] {
                    let answer = try await rig.event(body, token: token)
                    #expect(answer.status == 401 && answer.errorCode == "signature")
                }
                #expect(rig.book.entries.isEmpty)
                let older = try await rig.event(body, token: "older")
                #expect(older.status == 200 && older.body == #"{"status":"accepted"}"#)
                let echoed = try await rig.post(body, [("Validation-Token", "static")])
                #expect(echoed.status == 200 && echoed.body == #"{"status":"duplicate"}"#)
                #expect(echoed.headers["validation-token"] == "static")
            }
        }

        @Test func theSignatureVectorsHoldOverHTTP() async throws {
            for vector in try WireVectors.list("ringcentral-signatures.json", "vectors") {
                var settings = EngineSettings()
                if vector.text("scheme") == "vendor-static-token" {
                    settings.ringCentral.verificationTokens = [vector.text("key")]
                } else {
                    settings.ringCentral.webhookSecrets = [vector.text("key")]
                }
                try await run(settings) { rig in
                    let headers = vector.object("headers").map { ($0.key, $0.value as? String ?? "") }
                    let answer = try await rig.post(Array(vector.text("raw_body").utf8), headers)
                    #expect(answer.status == (vector.flag("expected_valid") ? 200 : 401), "\(vector.text("id"))")
                }
            }
        }

        @Test func withoutASecretProductionIsNotServed() async throws {
            try await run(EngineSettings()) { rig in
                for answer in [
                    try await rig.event(Array("{}".utf8)), try await rig.post([], [("Validation-Token", "t")]),
                    try await rig.post([]),
                ] {
                    #expect(answer.status == 503 && answer.errorCode == "not_configured")
                    #expect(answer.headers["validation-token"] == nil)
                }
                try await rig.provider.run()
                #expect(rig.provider.control == nil, "and there was nothing to run")
            }
        }

        @Test func developmentTakesUnsignedButNotWrongOnes() async throws {
            var settings = EngineSettings()
            settings.environment = .development
            let body = try RingCentralVectors.sequence("rc-seq-1").bodies[0]
            try await run(settings) { rig async throws in
                #expect(try await rig.event(body, token: nil).status == 200)
                #expect(try await rig.event(body).status == 503, "there is no token to compare with")
            }
        }

        @Test func badBodiesGetAnErrorInJSON() async throws {
            try await run { rig in
                let proof = ("Verification-Token", "static")
                for text in ["{", "[]", "nul", "\u{1}"] {
                    let answer = try await rig.event(Array(text.utf8))
                    #expect(answer.status == 400 && answer.errorCode == "bad_json")
                }
                let form = try await rig.post(
                    Array("a=b".utf8),
                    [proof, ("Content-Type", "application/x-www-form-urlencoded")]
                )
                #expect(form.status == 415 && form.errorCode == "not_json")
                let zipped = try await rig.post([0x1F, 0x8B], [proof, ("Content-Encoding", "gzip")])
                #expect(zipped.status == 415 && zipped.errorCode == "encoded")
                let large = try await rig.event([UInt8](repeating: 0x20, count: 65_537))
                #expect(large.status == 413 && large.errorCode == "too_large")
                for unknown in ["{}", #"{"event":"/restapi/v1.0/new","body":{"x":[1,null]}}"#] {
                    let answer = try await rig.event(Array(unknown.utf8))
                    #expect(
                        answer.status == 200 && answer.body == #"{"status":"ignored"}"#,
                        "no reason to be blacklisted"
                    )
                }
            }
        }

        // MARK: Whole calls

        @Test func aCallLivesFromRingingToItsRecording() async throws {
            try await RingCentralServer.run { server, url in
                let kept = Kept()
                let clock = SteppedTime()
                var settings = Self.settings
                settings.ringCentral.baseURL = url
                settings.ringCentral.clientID = "client"
                settings.ringCentral.clientSecret = "secret"
                settings.ringCentral.jwtToken = "the.jwt+1"
                settings.ringCentral.mode = .fullAuto
                settings.ringCentral.agentNumber = "+15550142"
                server.state.withLock { $0.recordings["1234567890"] = (2, "audio/mpeg", [0xFF, 0xFB]) }
                try await run(settings, transport: PlainTransport(), clock: clock, keep: { kept.add($0) }) { rig in
                    let running = Task { try await rig.provider.run() }
                    defer { running.cancel() }
                    while server.state.withLock({ $0.subscriptions.isEmpty }) { try await pause() }
                    #expect(
                        server.state.withLock { $0.subscriptions.values.map(\.address) }
                            == ["https://voice.example.net/api/v1/ringcentral/webhooks/events"]
                    )

                    let bodies = try RingCentralVectors.sequence("rc-seq-1").bodies
                    for body in bodies.prefix(6) { #expect(try await rig.event(body).status == 200) }
                    #expect(rig.entry(one)?.lifecycle.phase == .ringing)
                    // The agent's telephone rings: the call is forwarded to the number on which the engine can talk.
                    while server.count("POST", "/p-718107795d564867a6f635fd81e89940-3/forward") == 0 {
                        try await pause()
                    }
                    let forward = try #require(server.seen.last { $0.path.hasSuffix("/forward") })
                    #expect(forward.body == #"{"phoneNumber":"+15550142"}"#)

                    #expect(try await rig.event(bodies[6]).status == 200)
                    #expect(rig.entry(one)?.lifecycle.phase == .inProgress)
                    let control = try #require(rig.provider.control)
                    try await control.perform(
                        .transfer(to: "+15550100", .blind),
                        on: .init(provider: "ringcentral", id: one)
                    )
                    #expect(server.seen.last?.path.hasSuffix("-3/transfer") == true)
                    for body in bodies.dropFirst(7).dropLast() { #expect(try await rig.event(body).status == 200) }
                    #expect(rig.entry(one)?.lifecycle.phase == .inProgress)
                    // The last one tells of a recording too.
                    var last = try WireVectors.parse(Data(try #require(bodies.last)))
                    var body = last.object("body")
                    var party = try #require((body["parties"] as? [[String: Any]])?.first)
                    party["recordings"] = [["id": "1234567890", "active": false] as [String: Any]]
                    body["parties"] = [party]
                    last["body"] = body
                    #expect(try await rig.event(try RingCentralVectors.bytes(last)).status == 200)
                    let entry = try #require(rig.entry(one))
                    #expect(entry.lifecycle.phase == .completed && entry.durationSeconds == 15)
                    #expect(entry.recordings == [ProviderRecording(id: "1234567890")])
                    // It appears with delay: the third attempt has it.
                    while kept.all.isEmpty {
                        clock.advance(by: .seconds(1))
                        try await pause()
                    }
                    #expect(kept.all == [.init(session: one, id: "1234567890", format: .mp3, bytes: [0xFF, 0xFB])])
                    #expect(server.count("GET", "/recording/1234567890/content") == 3)
                    for again in bodies { #expect(try await rig.event(again).body == #"{"status":"duplicate"}"#) }
                    running.cancel()
                    try await running.value
                }
            }
        }

        @Test func whenTheDeviceIsOfflineTheCallIsForwarded() async throws {
            try await RingCentralServer.run { server, url in
                var settings = Self.settings
                settings.ringCentral = .account(url)
                settings.ringCentral.verificationTokens = ["static"]
                settings.ringCentral.mode = .fullAuto
                settings.ringCentral.answersAutomatically = true
                settings.ringCentral.deviceID = "801"
                settings.ringCentral.agentNumber = "+15550142"
                server.fail(.init(path: "/answer", status: 400, body: #"{"errorCode":"TAS-102"}"#))
                try await run(settings, transport: PlainTransport(), clock: SteppedTime()) { rig in
                    let running = Task { try await rig.provider.run() }
                    defer { running.cancel() }
                    for body in try RingCentralVectors.sequence("rc-seq-2").bodies.prefix(2) {
                        #expect(try await rig.event(body).status == 200)
                    }
                    while server.count("POST", "/forward") == 0 { try await pause() }
                    let verbs = server.seen.compactMap { $0.path.contains("/parties/") ? $0 : nil }
                    #expect(verbs.map { String($0.path.split(separator: "/").last ?? "") } == ["answer", "forward"])
                    #expect(verbs.first?.body == #"{"deviceId":"801"}"#)
                    running.cancel()
                    try await running.value
                }
            }
        }

        @Test func aCallTheVendorKnowsNoMoreIsEnded() async throws {
            try await RingCentralServer.run { server, url in
                var settings = Self.settings
                settings.ringCentral = .account(url)
                settings.ringCentral.verificationTokens = ["static"]
                settings.ringCentral.mode = .humanOnly
                server.fail(.init(path: "/telephony/sessions/", status: 503))
                server.fail(.init(path: "/telephony/sessions/", status: 404))
                let clock = SteppedTime()
                try await run(settings, transport: PlainTransport(), clock: clock) { rig in
                    let running = Task { try await rig.provider.run() }
                    defer { running.cancel() }
                    for body in try RingCentralVectors.sequence("rc-seq-1").bodies.prefix(7) {
                        #expect(try await rig.event(body).status == 200)
                    }
                    while rig.entry(one)?.lifecycle.phase == .inProgress {
                        clock.advance(by: .seconds(1))
                        try await pause()
                    }
                    #expect(rig.entry(one)?.lifecycle.phase == .completed)
                    #expect(server.count("GET", "/telephony/sessions/\(one)") == 2, "an error is no answer")
                    running.cancel()
                    try await running.value
                }
            }
        }

        @Test func theStatusSaysWhatIsThereAndWhatIsNot() async throws {
            try await run(EngineSettings()) { rig in
                let status = rig.provider.status.json
                #expect(status.contains(#""media":"none: RingEX"#))
                #expect(status.contains(#""signatures":"no secret: refused""#))
                #expect(status.contains(#""account":"none: set RC_CLIENT_ID"#))
            }
            var settings = Self.settings
            settings.ringCentral = .account("https://platform.ringcentral.com")
            settings.ringCentral.verificationTokens = ["static"]
            settings.ringCentral.webhookURL = "http://voice.example.net"
            settings.ringCentral.mode = .fullAuto
            settings.ringCentral.answersAutomatically = true
            try await run(settings, transport: PlainTransport()) { rig in
                let status = rig.provider.status.json
                #expect(status.contains("must be an https address"))
                #expect(status.contains("cannot answer: RC_AUTO_ANSWER needs RC_DEVICE_ID"))
                for secret in ["the.jwt", "secret\"", "static"] { #expect(!status.contains(secret)) }
            }
        }

        /// Lets the provider's tasks go on; the suite's time limit is the patience.
        private func pause() async throws {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
