import Actors
import AsyncHTTPClient
import Foundation
import Gateway
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import TestSupport
import Testing

/// Everything that needs an engine on a real port. One after the other: each starts threads of its own.
@Suite("Engine on loopback", .serialized, .timeLimit(.minutes(5))) struct Loopback {}

/// A whole engine on a free port, with fake legs, for the time of one test.
struct EngineRig: Sendable {
    static let token = "b5a7f0c2d4e6981f3a5c7e9b1d2f4a6c"
    static let jwtSecret = "a secret of the tests, long enough"
    static let publicURL = "https://voice.example.net"

    let port: Int
    let group: ServiceGroup
    let book: CallBook

    /// Development, small limits, no grace.
    static var settings: EngineSettings {
        var settings = EngineSettings()
        settings.environment = .development
        settings.port = 0
        settings.ringover.streamingPort = 0
        settings.publicURL = publicURL
        settings.jwtSecret = jwtSecret
        settings.mediaWorkers = 1
        settings.legWorkers = 1
        settings.drainSeconds = 0
        return settings
    }

    /// Production with a token, so that signatures count.
    static var production: EngineSettings {
        var settings = settings
        settings.environment = .production
        settings.twilioAuthTokens = [token]
        return settings
    }

    /// A tenant that is never the first to hang up.
    static var patient: TenantProfile {
        var profile = TenantProfile.test
        profile.silence.afterMilliseconds = 600_000
        return profile
    }

    static func legs(
        script: [String] = [],
        answer: @escaping @Sendable (DialogueTurn) -> [DialogueDelta] = { _ in [.text("Yes.")] }
    ) -> LegSet {
        LegSet(transcriber: FakeTranscriber(script), model: FakeModel(answer), synthesizer: FakeSynthesizer())
    }

    /// Runs an engine until `body` returns, then shuts it down and waits for its end.
    static func run(
        _ settings: EngineSettings = settings,
        profiles: [TenantProfile] = [patient],
        legs: LegSet = legs(),
        body: (EngineRig) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let engine = try await ParleyEngine(
            settings: settings,
            profiles: profiles,
            legs: legs,
            group: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        ) { port.yield($0) }
        let group = ServiceGroup(services: [engine], logger: logger)
        let running = Task {
            defer { port.finish() }
            try await group.run()
        }
        do {
            for await number in ports {
                try await body(EngineRig(port: number, group: group, book: engine.book))
                break
            }
        } catch {
            await group.triggerGracefulShutdown()
            _ = await running.result
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }

    // MARK: HTTP

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: String

        /// `error.code` of an error's JSON.
        var errorCode: String? {
            (try? WireVectors.parse(Data(body.utf8)))?.object("error")["code"] as? String
        }
        var json: [String: Any] { (try? WireVectors.parse(Data(body.utf8))) ?? [:] }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    func get(_ path: String, headers: [(String, String)] = []) async throws -> Answer {
        try await request(.GET, path, headers: headers)
    }

    func request(
        _ method: HTTPMethod,
        _ path: String,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let text = String(buffer: try await response.body.collect(upTo: 1 << 22))
        let fields = response.headers.map { ($0.name.lowercased(), $0.value) }
        return Answer(
            status: Int(response.status.code),
            headers: Dictionary(fields, uniquingKeysWith: { first, _ in first }),
            body: text
        )
    }

    /// A form as Twilio sends it, signed unless told otherwise.
    func post(
        _ path: String,
        _ parameters: [(String, String)],
        signed: Bool = true,
        signedAs: [(String, String)]? = nil
    ) async throws -> Answer {
        var headers = [("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")]
        if signed {
            let signature = TwilioSigner(token: Self.token).sign(Self.publicURL + path, signedAs ?? parameters)
            headers.append(("X-Twilio-Signature", signature))
        }
        return try await request(.POST, path, headers: headers, body: Array(TwilioSigner.form(parameters).utf8))
    }

    static var upgradeSignature: [(String, String)] {
        [("X-Twilio-Signature", TwilioSigner(token: token).sign("wss://voice.example.net/twilio/ws", []))]
    }

    // MARK: What the engine says of itself

    func metric(_ line: String) async throws -> Double? {
        try await get("/metrics").body.split(separator: "\n").first { $0.hasPrefix(line + " ") }
            .flatMap { Double($0.dropFirst(line.count + 1)) }
    }

    /// Asks until a metric has a value; the test's time limit is the patience.
    func wait(for line: String, toBe value: Double) async throws {
        while try await metric(line) != value { try Task.checkCancellation() }
    }

    func waitUntilEmpty() async throws { try await wait(for: "parley_calls_active", toBe: 0) }

    /// One well-behaved call: it hears the greeting and hangs up, and the engine closes in order.
    func placeGoodCall(headers: [(String, String)] = []) async throws {
        let socket = try await TestSocket.open(port: port, headers: headers)
        try #require(socket.status == 101)
        try await socket.start()
        let media = try #require(await socket.greeting())
        #expect(try Received(media).audio().count == 160)
        try await socket.stop()
        #expect(try await socket.closeCode() == 1000)
    }
}
