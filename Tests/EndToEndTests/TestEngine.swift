import Actors
import AsyncHTTPClient
import Caller
import Engine
import Foundation
import Gateway
import Legs
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization
import TestSupport

/// An engine with the embedded legs on a free port, in this process.
final class TestEngine: Sendable {
    let port: Int
    let authToken = "0123456789abcdef0123456789abcdef"
    let jwtSecret = "a secret for tests that is long enough"
    private let services: ServiceGroup
    private let running: Task<Void, any Error>

    var url: String { "http://127.0.0.1:\(port)" }

    /// - Parameter change: adjusts the settings before the start.
    init(profiles: [TenantProfile], legs: LegSet, _ change: (inout EngineSettings) -> Void = { _ in }) async throws {
        var settings = EngineSettings()
        settings.port = try Self.freePort()
        settings.twilioAuthTokens = [authToken]
        settings.jwtSecret = jwtSecret
        settings.dataFolder = NSTemporaryDirectory() + "parley-" + UUID().uuidString
        settings.drainSeconds = 2
        settings.ringover.streamingPort = 0
        change(&settings)
        let (listening, told) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let engine = try await ParleyEngine(
            settings: settings,
            profiles: profiles,
            legs: legs,
            group: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        ) { told.yield($0) }
        let services = ServiceGroup(services: [engine], logger: logger)
        self.services = services
        let running = Task {
            defer { told.finish() }
            try await services.run()
        }
        self.running = running
        var bound: Int?
        for await port in listening {
            bound = port
            break
        }
        guard let bound else {
            try await running.value
            throw CancellationError()
        }
        port = bound
    }

    /// - Throws: what the engine threw; `Patience.Exhausted` when it did not end.
    func stop() async throws {
        await services.triggerGracefulShutdown()
        try await Patience.wait(for: "an engine that was told to stop") { [running] in try await running.value }
    }

    /// The settings name the port, because the addresses the engine hands out contain it.
    private static func freePort() throws -> Int {
        let channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0)
            .wait()
        defer { try? channel.close().wait() }
        return channel.localAddress?.port ?? 0
    }

    func metrics() async throws -> String {
        let response = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: url + "/metrics"),
            timeout: .seconds(10)
        )
        return String(buffer: try await response.body.collect(upTo: 1 << 20))
    }
}

/// The embedded legs, made once: a recogniser's model is large.
enum Embedded {
    static let profiles: [TenantProfile] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return ProfileDirectory.load(path: root.appendingPathComponent("profiles/tenants").path).profiles
    }()

    static let legs: LegSet = {
        var configuration = PocketSphinxConfiguration()
        configuration.warmDecoders = 1
        return LegSet(
            transcriber: PocketSphinxTranscriber(configuration: configuration),
            model: ReceptionistModel(),
            synthesizer: CachingSynthesizer(FliteSynthesizer())
        )
    }()
}
